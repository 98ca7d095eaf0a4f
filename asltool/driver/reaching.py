"""I/O for the map runs of a driver."""

from __future__ import annotations

from asltool.driver.live import MapEnd, MapReach, Reaching
from asltool.driver.map_outside import MapOutside, Maps
from asltool.driver.ports import Answer, Broken
from asltool.engine.map_effects import MapAnswer

__all__ = ["Reached", "Reacher"]

Reached = tuple[int, Answer | MapAnswer]
"""The answer under a ticket."""


class Reacher:
    """Carries out the reads and writes of a fleet's turns, and reports the progress of map runs."""

    def __init__(self, maps: Maps) -> None:
        self._maps = maps
        self._outsides: dict[int, MapOutside] = {}

    def reach(self, reaches: list[Reaching]) -> list[Reached]:
        """Return the answers to reads and writes."""
        answers: list[Reached] = []
        for reach in reaches:
            if isinstance(reach, MapReach):
                try:
                    answer: Answer | MapAnswer | None = self._outside(reach).carry_out(reach.effect)
                except Exception as problem:
                    answer = Broken(problem)
                if answer is not None:
                    answers.append((reach.ticket, answer))
                continue
            if isinstance(reach, MapEnd) and reach.ticket in self._outsides:
                self._outsides.pop(reach.ticket).end()
            if self._maps.watch is not None:
                self._maps.watch(reach.run)
        return answers

    def _outside(self, reach: MapReach) -> MapOutside:
        outside = self._outsides.get(reach.ticket)
        if outside is None:
            outside = self._outsides[reach.ticket] = MapOutside(self._maps, reach.state)
        return outside
