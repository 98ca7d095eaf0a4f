"""What all frames of an execution share: who it is, its time, its chance, and its history."""

from __future__ import annotations

import math
import random
from typing import Any

from asltool.engine.context import execution_context
from asltool.engine.identity import Identity
from asltool.engine.limits import MOST_EVENTS
from asltool.history.records import FIELDS, Records

__all__ = ["Shared"]


class Shared:
    """``now`` is the timestamp of the last call, in seconds since the epoch; ``draws`` counts chance.

    ``full_tape`` is how long the tape of the records is when only the event that ends the execution has room.
    """

    __slots__ = (
        "_context",
        "activities",
        "draws",
        "full_tape",
        "identity",
        "input",
        "limits",
        "now",
        "records",
        "redrive_count",
        "seed",
        "started_at",
    )

    def __init__(
        self, value: Any, identity: Identity, seed: int, *, limits: bool, activities: list[str] | None
    ) -> None:
        self.input = value
        self.identity = identity
        self.seed = seed
        self.limits = limits
        self.activities = activities
        self.draws = 0
        self.now = self.started_at = 0.0
        self.redrive_count = 0
        self.records = Records()
        self.full_tape = math.inf if identity.express else (MOST_EVENTS - 1 - self.records.before) * FIELDS
        self._context: dict[str, Any] | None = None

    def begin(self, now: float) -> None:
        """Set the timestamp of the beginning."""
        self.now = self.started_at = now

    def move(self, now: float) -> None:
        """Set the timestamp of a call; time does not go back."""
        self.now = max(self.now, now)

    def count_redrive(self) -> None:
        self.redrive_count += 1
        self._context = None

    @property
    def context(self) -> dict[str, Any]:
        """The part of the context object that is the same in every state."""
        if self._context is None:
            self._context = execution_context(self.identity, self.input, self.started_at, self.redrive_count)
        return self._context

    def uniform(self) -> float:
        """Draw the next number of the execution's own sequence, from 0 (inclusive) to 1 (exclusive).

        A generator for each number is slow, but its place in the sequence is one integer in a dump.
        """
        self.draws += 1
        return random.Random(f"{self.seed}/{self.draws}").random()

    def rewind(self, draws: int = 0) -> None:
        """Go back to where so many numbers were drawn."""
        self.draws = draws
