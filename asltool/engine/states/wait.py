"""Wait: wait until a timestamp, then pass the input on.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.engine.dataflow import compile_arguments, compile_jsonata, compile_leave
from asltool.engine.decisions import Decision, HoldingState, LeaveWith, WaitUntil
from asltool.engine.frame_view import FrameView
from asltool.engine.numbers import compile_number, is_long
from asltool.errors import EvaluationError
from asltool.expr.environment import Environment, Evaluate
from asltool.expr.jsonpath import compile_path
from asltool.expr.timestamps import nanoseconds
from asltool.expr.values import shown
from asltool.syntax.model import Wait

__all__ = ["WaitState"]

_LONGEST = 2**31 - 1
"""The longest wait that the service accepts, in seconds."""

_WANTED = "ISO-8601 extended offset date-time format string"

_Moment = Callable[[Any, FrameView], float]


class WaitState(HoldingState):
    __slots__ = ("_arguments", "_moment")

    kind = "Wait"
    evaluates_inside = True

    def __init__(self, state: Wait) -> None:
        super().__init__(state.name, state.next)
        self._arguments = compile_arguments(state)
        self._moment = _compile_moment(state)
        self.leave = _compile_leave(state)

    def enter(self, frame: FrameView) -> Decision:
        moment = self._moment(self._arguments(frame), frame)
        if moment - frame.now > _LONGEST:
            raise EvaluationError("States.Runtime", "Wait state delay is too long.")
        return WaitUntil(moment)


def _compile_leave(state: Wait) -> LeaveWith:
    """Compile the state's exit: its result is its effective input."""
    arguments, leave = compile_arguments(state), compile_leave(state)
    return lambda frame, result, target: leave(frame, arguments(frame), target)


def _compile_moment(state: Wait) -> _Moment:
    """Compile the field that sets the duration, one of four."""
    if state.seconds_path is not None:
        return _seconds_at(state.seconds_path)
    if state.timestamp_path is not None:
        return _timestamp_at(state.timestamp_path)
    if state.timestamp is not None:
        return _timestamp(state)
    seconds = compile_number("Seconds", state.seconds, None)
    return lambda document, frame: _after(frame, seconds(frame) or 0)


def _timestamp(state: Wait) -> _Moment:
    evaluate = compile_jsonata(state.timestamp, "Timestamp", "string")

    def moment(document: Any, frame: FrameView) -> float:
        text = evaluate(frame)
        found = _moment(text)
        if found is None:
            cause = f"The Timestamp field cannot be parsed as an {_WANTED}: {text}"
            raise EvaluationError("States.QueryEvaluationError", cause, location="Timestamp")
        return found

    return moment


def _seconds_at(path: str) -> _Moment:
    read = _reader("SecondsPath", path)

    def moment(document: Any, frame: FrameView) -> float:
        seconds = read(document, frame)
        if not is_long(seconds):
            cause = f"The SecondsPath parameter cannot be parsed as a long value: {path} == {shown(seconds)}"
            raise EvaluationError("States.Runtime", cause)
        if seconds < 0:
            cause = f"The SecondsPath parameter references a negative value: {path} == {seconds}"
            raise EvaluationError("States.Runtime", cause)
        return _after(frame, seconds)

    return moment


def _after(frame: FrameView, seconds: int) -> float:
    """Return the time after this many seconds; a number too large for a double is far too long in any
    case."""
    return frame.now + min(seconds, _LONGEST + 1)


def _timestamp_at(path: str) -> _Moment:
    read = _reader("TimestampPath", path)

    def moment(document: Any, frame: FrameView) -> float:
        text = read(document, frame)
        found = _moment(text) if isinstance(text, str) else None
        if found is None:
            cause = (
                f"The TimestampPath parameter does not reference a valid {_WANTED}: {path} == {shown(text)}"
            )
            raise EvaluationError("States.Runtime", cause)
        return found

    return moment


def _reader(field: str, path: str) -> Evaluate:
    read = compile_path(path).read

    def value(document: Any, environment: Environment) -> Any:
        try:
            return read(document, environment)
        except EvaluationError:
            cause = f"The {field} parameter does not reference an input value: {path}"
            raise EvaluationError("States.Runtime", cause) from None

    return value


def _moment(timestamp: str) -> float | None:
    """Return seconds since the epoch, without the fraction of a second, which the service drops."""
    found = nanoseconds(timestamp)
    return None if found is None else float(found // 1_000_000_000)
