"""Parallel: run branches side by side; the result is the list of their outputs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asltool.engine.dataflow import compile_flow
from asltool.engine.recovery import Recovery
from asltool.engine.steps import CompiledMachine, CompiledState, Fork, Step
from asltool.syntax.model import Parallel

if TYPE_CHECKING:
    from asltool.engine.frame import Frame
    from asltool.engine.retry import Failure

__all__ = ["compile_parallel"]


class _Parallel(CompiledState):
    __slots__ = ("_branches", "_flow", "_recovery")

    kind = "Parallel"
    forks = True
    retries = True

    def __init__(self, state: Parallel, branches: list[CompiledMachine]) -> None:
        super().__init__(state.name, state.next)
        self._branches = branches
        self._flow = compile_flow(state)
        self._recovery = Recovery(state)

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._recovery.link(states)

    def enter(self, frame: Frame) -> Step:
        count = len(self._branches)
        return Fork(count, count, self._flow.arguments(frame))

    def child(self, frame: Frame) -> tuple[CompiledState, Any]:
        assert frame.parent is not None
        assert frame.parent.fork is not None
        return self._branches[frame.index].start, frame.parent.fork.document

    def states_of(self, index: int) -> Mapping[str, CompiledState]:
        return self._branches[index].states

    def resume(self, frame: Frame, result: Any) -> Step:
        return self._flow.leave(frame, result, self.next)

    def recover(self, frame: Frame, failure: Failure) -> Step:
        return self._recovery.decide(frame, failure)


compile_parallel = _Parallel
