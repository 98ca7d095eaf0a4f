"""Callers that wait for a commit of the asyncio driver."""

from __future__ import annotations

import asyncio

from asltool.driver.lane import Lane

__all__ = ["Marker"]


class Marker:
    """A place in the queue of lanes: ``done`` once those before it have had their turn and are committed.

    Of lanes in threads, it waits only for ``awaited``.
    """

    __slots__ = ("_awaited", "_turns", "done")

    def __init__(self, done: asyncio.Future[None], awaited: set[Lane]) -> None:
        self.done = done
        self._awaited = awaited
        self._turns: dict[Lane, int] | None = None

    def is_reached(self, away: set[Lane]) -> bool:
        """Return whether it waits for no lane in a thread; such a lane may need another turn."""
        if self._turns is None:
            self._turns = {lane: 1 + lane.is_ready for lane in away & self._awaited}
        return not self._turns

    def has_come(self, lane: Lane) -> bool:
        """Record a lane's turn; return whether no other turn is awaited."""
        assert self._turns is not None
        if lane in self._turns:
            self._turns[lane] -= 1
            if not self._turns[lane]:
                del self._turns[lane]
        return not self._turns

    def end(self, problem: Exception | None = None) -> None:
        """Wake the waiting callers, with an exception after a problem; they may have been cancelled."""
        if self.done.done():
            return
        if problem is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(problem)
