"""Pass: hand the input on, or a result put in its place.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html
"""

from __future__ import annotations

from asltool.engine.dataflow import compile_arguments, compile_leave
from asltool.engine.frame import Frame
from asltool.engine.steps import CompiledState, Step
from asltool.syntax.model import ABSENT, Pass

__all__ = ["compile_pass"]


class _Pass(CompiledState):
    __slots__ = ("_arguments", "_leave", "_result")

    def __init__(self, state: Pass) -> None:
        super().__init__("Pass", state.name, state.next)
        self._arguments = compile_arguments(state, state.parameters)
        self._result = state.result
        self._leave = compile_leave(state, state.result_path)

    def enter(self, frame: Frame) -> Step:
        result = frame.input if self._arguments is None else self._arguments(frame.input, frame)
        return self._leave(frame, result if self._result is ABSENT else self._result, self.next)


compile_pass = _Pass
