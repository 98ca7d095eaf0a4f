"""Fail: end the frame with an error from the definition or the data.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
"""

from __future__ import annotations

from collections.abc import Callable

from asltool.engine.dataflow import compile_jsonata
from asltool.engine.decisions import CompiledState, Decision, Stop
from asltool.engine.frame_view import FrameView
from asltool.engine.retry import Failure
from asltool.expr.payload import compile_value
from asltool.expr.values import shown
from asltool.syntax.expressions import JsonataText
from asltool.syntax.model import Fail

__all__ = ["FailState"]


class FailState(CompiledState):
    __slots__ = ("_cause", "_error")

    kind = "Fail"

    def __init__(self, state: Fail) -> None:
        super().__init__(state.name, None)
        self._error = _compile_text("Error", state.error, state.error_path)
        self._cause = _compile_text("Cause", state.cause, state.cause_path)

    def enter(self, frame: FrameView) -> Decision:
        return Stop(Failure(self._error(frame), self._cause(frame)))


def _compile_text(field: str, text: str | None, path: str | None) -> Callable[[FrameView], str | None]:
    if path is not None:
        read = compile_value(path, f"{field}Path")
        return lambda frame: shown(read(frame.input, frame))
    if isinstance(text, JsonataText):
        evaluate = compile_jsonata(text, field, "string")
        return lambda frame: shown(evaluate(frame))
    return lambda frame: text
