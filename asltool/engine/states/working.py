"""What Task, Parallel and Map share: arguments in, a result out, retries and catchers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asltool.engine.dataflow import compile_flow
from asltool.engine.recovery import Recovery
from asltool.engine.steps import CompiledState, Step
from asltool.syntax.model import Working

if TYPE_CHECKING:
    from asltool.engine.frame import Frame
    from asltool.engine.retry import Failure

__all__ = ["WorkingState"]


class WorkingState(CompiledState):
    __slots__ = ("_flow", "_recovery")

    retries = True

    def __init__(self, state: Working) -> None:
        super().__init__(state.name, state.next)
        self._flow = compile_flow(state)
        self._recovery = Recovery(state)

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._recovery.link(states)

    def resume(self, frame: Frame, result: Any) -> Step:
        return self._flow.leave(frame, result, self.next)

    def recover(self, frame: Frame, failure: Failure) -> Step:
        return self._recovery.decide(frame, failure)
