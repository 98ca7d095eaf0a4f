"""One execution in the asyncio driver: its fleet, which also has its nested executions, and its time."""

from __future__ import annotations

from asyncio import TimerHandle
from typing import NamedTuple, Protocol

from asltool.driver.fleet import Fleet
from asltool.driver.live import Asked, MapShow, Reaching
from asltool.driver.log import Note
from asltool.driver.map_outside import Maps
from asltool.driver.ports import Answer, Broken
from asltool.driver.reaching import Reached, Reacher
from asltool.engine.effects import Failed
from asltool.engine.execution import Execution
from asltool.engine.map_effects import MapAnswer, Refused
from asltool.errors import TaskFailed

__all__ = ["Lane", "Occasion", "ServerClock"]

_TICKETS = 32
"""Bits of a ticket that count within a lane; those above are the lane's number."""


class ServerClock(Protocol):
    """Returns the time in seconds since the epoch.

    ``skips``: if no work of an execution is running, its time jumps to its next timer.
    """

    @property
    def skips(self) -> bool: ...

    def now(self) -> float: ...


Abort = tuple[Execution, str | None, str | None]
"""An execution to abort, with error and cause."""


class Occasion(NamedTuple):
    """The input of a lane's turn: the timestamp, the answers, and the executions to abort."""

    now: float
    answers: list[Reached]
    aborts: list[Abort]


class Lane:
    """``shift`` is how many seconds its time is ahead, ``at`` the timestamp of its next turn if it is fixed.

    ``is_ready``: its next turn can start at once. ``effects`` are what its last turn asked for, ``over``
    whether all has ended, and ``wake_at`` when its next turn is due.
    """

    __slots__ = (
        *("aborts", "answers", "at", "effects", "execution", "fleet", "is_ready", "maps", "number", "over"),
        *("reaches", "shift", "threaded", "wake_at", "_reacher", "_timer"),
    )

    def __init__(
        self, number: int, execution: Execution, maps: Maps, note: Note, *, threaded: bool = False
    ) -> None:
        self.number = number
        self.execution = execution
        self.maps = maps
        self.threaded = threaded
        self.fleet = Fleet(maps.elsewhere, note, number << _TICKETS)
        self.fleet.register = maps.register
        self.shift = 0.0
        self.at: float | None = None
        self.answers: list[Reached] = []
        self.aborts: list[Abort] = []
        self.is_ready = self.over = False
        self.reaches: list[Reaching] = []
        self.effects: list[Asked] = []
        self.wake_at: float | None = None
        self._reacher = Reacher(maps)
        self._timer: TimerHandle | None = None

    @staticmethod
    def number_of(ticket: int) -> int:
        """Return the number of a ticket's lane."""
        return ticket >> _TICKETS

    def now(self, clock: ServerClock) -> float:
        """Return the timestamp by the lane's own time."""
        return clock.now() + self.shift

    def occasion(self, clock: ServerClock) -> Occasion:
        """Take the input of the next turn."""
        now = self.now(clock) if self.at is None else self.at
        occasion = Occasion(now, [self._heard(*answer) for answer in self.answers], self.aborts)
        self.at, self.answers, self.aborts = None, [], []
        return occasion

    def _heard(self, ticket: int, answer: Answer | MapAnswer) -> Reached:
        """Fail the task or map run whose work, or children's process, raised an unexpected exception."""
        if isinstance(answer, Broken):
            cause = str(answer.problem) or type(answer.problem).__name__
            if self.fleet.calls(ticket):
                return ticket, Failed("States.Runtime", cause)
            return ticket, Refused(TaskFailed("States.Runtime", cause))
        return ticket, answer

    @property
    def reaches_outside(self) -> bool:
        """Whether the last turn left reads or writes."""
        return any(type(reach) is not MapShow for reach in self.reaches)

    def turn(self, occasion: Occasion) -> None:
        """Run a turn."""
        for abort in occasion.aborts:
            self.fleet.abort(*abort)
        turn = self.fleet.turn(occasion.now, occasion.answers)
        self.reaches, self.effects = turn.reaches, turn.effects
        self.wake_at, self.over = turn.wake_at, turn.over

    def reach(self) -> list[Reached]:
        """Carry out the reads and writes of the last turn; return the answers."""
        reaches, self.reaches = self.reaches, []
        return self._reacher.reach(reaches)

    def turn_and_reach(self, occasion: Occasion) -> list[Reached]:
        """Do both."""
        self.turn(occasion)
        return self.reach()

    def take_effects(self) -> list[Asked]:
        """Return the effects to carry out after the commit."""
        effects, self.effects = self.effects, []
        return effects

    def arm(self, timer: TimerHandle | None) -> None:
        """Schedule the next turn by this timer only."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = timer
