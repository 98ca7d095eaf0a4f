"""Who waits for a commit of the asyncio driver."""

from __future__ import annotations

import asyncio

from asltool.driver.lane import Lane

__all__ = ["Marker"]


class Marker:
    """Stands in the row of lanes: ``done`` once those before it have had their turn, and it was committed."""

    __slots__ = ("_turns", "done")

    def __init__(self, done: asyncio.Future[None]) -> None:
        self.done = done
        self._turns: dict[Lane, int] | None = None

    def is_reached(self, away: set[Lane]) -> bool:
        """Return whether it waits for none of the lanes that are away; one may have to have another turn."""
        if self._turns is None:
            self._turns = {lane: 1 + lane.is_ready for lane in away}
        return not self._turns

    def has_come(self, lane: Lane) -> bool:
        """Note that a lane has had a turn; return whether it waits for no other."""
        assert self._turns is not None
        if lane in self._turns:
            self._turns[lane] -= 1
            if not self._turns[lane]:
                del self._turns[lane]
        return not self._turns
