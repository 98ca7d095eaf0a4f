"""The common part of inline Map and Parallel: they run child frames in the same execution."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from asltool.engine.decisions import CompiledState
from asltool.engine.frame_view import FrameView
from asltool.engine.states.working import WorkingState

__all__ = ["ForkingState"]


class ForkingState(WorkingState):
    __slots__ = ()

    forks = True

    @abstractmethod
    def child(self, frame: FrameView) -> tuple[CompiledState, Any]:
        """Return this child's first state and input.

        Raises:
            EvaluationError: an expression of the state has no value here.
        """

    @abstractmethod
    def states_of(self, index: int) -> Mapping[str, CompiledState]:
        """Return the states that a child runs through."""
