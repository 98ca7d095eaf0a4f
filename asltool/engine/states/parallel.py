"""Parallel: run branches side by side; the result is the list of their outputs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from asltool.engine.decisions import CompiledMachine, CompiledState, Decision, Fork
from asltool.engine.frame_view import FrameView
from asltool.engine.states.forking import ForkingState
from asltool.syntax.model import Parallel

__all__ = ["ParallelState"]


class ParallelState(ForkingState):
    __slots__ = ("_branches",)

    kind = "Parallel"

    def __init__(self, state: Parallel, branches: list[CompiledMachine]) -> None:
        super().__init__(state)
        self._branches = branches

    def enter(self, frame: FrameView) -> Decision:
        count = len(self._branches)
        return Fork(count, count, self._arguments(frame))

    def child(self, frame: FrameView) -> tuple[CompiledState, Any]:
        return self._branches[frame.index].start, frame.document

    @property
    def machines(self) -> Sequence[CompiledMachine]:
        return self._branches

    def states_of(self, index: int) -> Mapping[str, CompiledState]:
        return self._branches[index].states
