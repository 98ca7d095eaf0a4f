"""Fail: end this line of states with an error, of its own words or of the data's.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
"""

from __future__ import annotations

from asltool.engine.frame import Frame
from asltool.engine.retry import Failure
from asltool.engine.steps import CompiledState, Step, Stop
from asltool.expr.environment import Evaluate
from asltool.expr.payload import compile_value
from asltool.syntax.model import Fail

__all__ = ["compile_fail"]


class _Fail(CompiledState):
    __slots__ = ("_cause", "_error")

    def __init__(self, state: Fail) -> None:
        super().__init__("Fail", state.name, None)
        self._error = _compile_text(state.error, state.error_path)
        self._cause = _compile_text(state.cause, state.cause_path)

    def enter(self, frame: Frame) -> Step:
        return Stop(Failure(self._error(frame.input, frame), self._cause(frame.input, frame)))


def _compile_text(text: str | None, path: str | None) -> Evaluate:
    return (lambda document, environment: text) if path is None else compile_value(path)


compile_fail = _Fail
