"""What Task, Parallel and Map share: arguments in, a result out, retries and catchers."""

from __future__ import annotations

from collections.abc import Mapping

from asltool.engine.dataflow import compile_arguments, compile_leave
from asltool.engine.recovery import Recovery
from asltool.engine.retry import Failure
from asltool.engine.scope import Scope
from asltool.engine.steps import CompiledState, HoldingState, Step
from asltool.syntax.model import Working

__all__ = ["WorkingState"]


class WorkingState(HoldingState):
    __slots__ = ("_arguments", "_recovery")

    retries = True

    def __init__(self, state: Working) -> None:
        super().__init__(state.name, state.next)
        self._arguments = compile_arguments(state)
        self.leave = compile_leave(state)
        self._recovery = Recovery(state)

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._recovery.link(states)

    def recover(self, frame: Scope, failure: Failure) -> Step:
        return self._recovery.decide(frame, failure)
