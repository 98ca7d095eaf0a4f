"""Who waits for a commit of the asyncio driver."""

from __future__ import annotations

import asyncio

from asltool.driver.lane import Lane

__all__ = ["Marker"]


class Marker:
    """Stands in the row of lanes: ``done`` once those before it have had their turn, and it was committed.

    Of lanes that are away it waits for ``awaited`` only; None: for all.
    """

    __slots__ = ("_awaited", "_turns", "done")

    def __init__(self, done: asyncio.Future[None], awaited: set[Lane] | None) -> None:
        self.done = done
        self._awaited = awaited
        self._turns: dict[Lane, int] | None = None

    def is_reached(self, away: set[Lane]) -> bool:
        """Return whether it waits for none of the lanes that are away; one may have to have another turn."""
        if self._turns is None:
            lanes = away if self._awaited is None else away & self._awaited
            self._turns = {lane: 1 + lane.is_ready for lane in lanes}
        return not self._turns

    def has_come(self, lane: Lane) -> bool:
        """Note that a lane has had a turn; return whether it waits for no other."""
        assert self._turns is not None
        if lane in self._turns:
            self._turns[lane] -= 1
            if not self._turns[lane]:
                del self._turns[lane]
        return not self._turns

    def end(self, problem: Exception | None = None) -> None:
        """Let those who wait go on, or hear of a problem; they may have gone."""
        if self.done.done():
            return
        if problem is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(problem)
