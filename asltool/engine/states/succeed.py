"""Succeed: end the frame successfully.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html
"""

from __future__ import annotations

from asltool.engine.dataflow import compile_arguments, compile_leave
from asltool.engine.decisions import CompiledState, Decision
from asltool.engine.frame_view import FrameView
from asltool.syntax.model import Succeed

__all__ = ["SucceedState"]


class SucceedState(CompiledState):
    __slots__ = ("_arguments", "_leave")

    kind = "Succeed"

    def __init__(self, state: Succeed) -> None:
        super().__init__(state.name, None)
        self._arguments = compile_arguments(state)
        self._leave = compile_leave(state)

    def enter(self, frame: FrameView) -> Decision:
        return self._leave(frame, self._arguments(frame), None)
