"""What Task, Parallel and Map share: arguments in, a result out, retries and catchers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.engine.dataflow import compile_flow
from asltool.engine.recovery import Recovery
from asltool.engine.retry import Failure
from asltool.engine.scope import Scope
from asltool.engine.steps import CompiledState, HoldingState, Step
from asltool.syntax.model import Working

__all__ = ["WorkingState"]


class WorkingState(HoldingState):
    __slots__ = ("_flow", "_recovery")

    retries = True

    def __init__(self, state: Working) -> None:
        super().__init__(state.name, state.next)
        self._flow = compile_flow(state)
        self._recovery = Recovery(state)

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._recovery.link(states)

    def resume(self, frame: Scope, result: Any) -> Step:
        return self._flow.leave(frame, result, self.next)

    def recover(self, frame: Scope, failure: Failure) -> Step:
        return self._recovery.decide(frame, failure)
