"""Letters: events for one target, stored until they are delivered, unless they start an execution at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from asltool.triggers.buses import Retries

__all__ = ["Letter", "letter_name"]


@dataclass(frozen=True)
class Letter:
    """An event, or a firing of a schedule, for one target.

    ``name`` identifies it, and is the name of the execution that it starts. ``source`` is the ARN of the rule
    or the schedule, ``target`` the target as in PutTargets or CreateSchedule, ``input`` its input, usually
    JSON text. ``sent`` is the time in seconds since 1970, and ``attempts`` the number of failed attempts.
    """

    name: str
    source: str
    target: Mapping[str, Any] = field(repr=False)
    input: str = field(repr=False)
    sent: float
    attempts: int = 0

    @property
    def body(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)

    @property
    def retries(self) -> Retries:
        given = self.target.get("RetryPolicy", {})
        return Retries(
            given.get("MaximumRetryAttempts", Retries.attempts),
            given.get("MaximumEventAgeInSeconds", Retries.seconds),
        )


def letter_name(first: str, *about: str) -> str:
    """Return a name for an execution that is always the same for the same event and target."""
    digest = hashlib.sha256("\n".join(about).encode(errors="replace")).hexdigest()
    return f"{first}_{digest[:16]}"
