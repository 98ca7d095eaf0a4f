"""The common part of Task, Parallel and Map: arguments, a result, retriers and catchers."""

from __future__ import annotations

from collections.abc import Mapping

from asltool.engine.dataflow import compile_arguments, compile_leave
from asltool.engine.decisions import CompiledState, Decision, HoldingState, Retry, Stop
from asltool.engine.frame_view import FrameView
from asltool.engine.retry import Failure, first_match, retry_delay
from asltool.syntax.model import Working

__all__ = ["WorkingState"]


class WorkingState(HoldingState):
    """Retriers are tried first, then Catchers; then the failure propagates.

    Every retrier counts its own attempts since the state was entered.
    """

    __slots__ = ("_arguments", "_catch", "_leave_caught", "_retry", "_targets")

    retries = True

    def __init__(self, state: Working) -> None:
        super().__init__(state.name, state.next)
        self._arguments = compile_arguments(state)
        self.leave = compile_leave(state)
        self._retry = state.retry
        self._catch = state.catch
        self._leave_caught = [compile_leave(state, catcher) for catcher in state.catch]
        self._targets: list[CompiledState] = []

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._targets = [states[catcher.next] for catcher in self._catch]

    def recover(self, frame: FrameView, failure: Failure) -> Decision:
        if (found := first_match(self._retry, failure)) is not None:
            index, retrier = found
            attempt = frame.retries.get(index, 0) + 1
            if attempt <= retrier.max_attempts:
                return Retry(retry_delay(retrier, attempt, frame.uniform), index, attempt)
        if (caught := first_match(self._catch, failure)) is not None:
            index, _ = caught
            return self._leave_caught[index](frame, failure.output, self._targets[index])
        return Stop(failure)
