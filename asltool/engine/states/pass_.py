"""Pass: pass the input on, or a fixed result in its place.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html
"""

from __future__ import annotations

from asltool.engine.dataflow import compile_arguments, compile_leave
from asltool.engine.decisions import CompiledState, Decision
from asltool.engine.frame_view import FrameView
from asltool.syntax.model import ABSENT, Pass

__all__ = ["PassState"]


class PassState(CompiledState):
    __slots__ = ("_arguments", "_leave", "_result")

    kind = "Pass"

    def __init__(self, state: Pass) -> None:
        super().__init__(state.name, state.next)
        self._arguments = compile_arguments(state)
        self._leave = compile_leave(state)
        self._result = state.result

    def enter(self, frame: FrameView) -> Decision:
        result = self._arguments(frame)
        return self._leave(frame, result if self._result is ABSENT else self._result, self.next)
