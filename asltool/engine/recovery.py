"""Recovery: what a state's Retry and Catch make of a failure."""

from __future__ import annotations

from collections.abc import Mapping

from asltool.engine.dataflow import compile_leave
from asltool.engine.retry import Failure, first_match, retry_delay
from asltool.engine.scope import Scope
from asltool.engine.steps import CompiledState, Retry, Step, Stop
from asltool.syntax.model import Working

__all__ = ["Recovery"]


class Recovery:
    """Retriers are asked first, then Catchers, then the failure goes on outwards.

    Every retrier counts its own attempts, from the moment the state was entered.
    """

    __slots__ = ("_catch", "_leave", "_retry", "_targets")

    def __init__(self, state: Working) -> None:
        self._retry = state.retry
        self._catch = state.catch
        self._leave = [compile_leave(state, catcher) for catcher in state.catch]
        self._targets: list[CompiledState] = []

    def link(self, states: Mapping[str, CompiledState]) -> None:
        self._targets = [states[catcher.next] for catcher in self._catch]

    def decide(self, frame: Scope, failure: Failure) -> Step:
        if (found := first_match(self._retry, failure)) is not None:
            index, retrier = found
            attempt = frame.retries.get(index, 0) + 1
            if attempt <= retrier.max_attempts:
                return Retry(retry_delay(retrier, attempt, frame.uniform), index, attempt)
        if (caught := first_match(self._catch, failure)) is not None:
            index, _ = caught
            return self._leave[index](frame, failure.output, self._targets[index])
        return Stop(failure)
