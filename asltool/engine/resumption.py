"""Why a frame goes on: what has happened, and thereby what its state is asked next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.decisions import Distribute
from asltool.engine.retry import Failure

__all__ = ["AGAIN", "BEGIN", "Enter", "Plan", "Recover", "Resume", "Resumption", "Settle"]


@dataclass(frozen=True, slots=True)
class Enter:
    """A line of states begins, or the delay of a retry is over: the state is entered.

    ``again``: it was entered before, so no event tells of it.
    """

    again: bool = False


BEGIN, AGAIN = Enter(), Enter(again=True)


@dataclass(slots=True)
class Resume:
    """What the state waited for is there."""

    result: Any = None


@dataclass(frozen=True, slots=True)
class Recover:
    """A task has failed."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Settle:
    """Children or a map run have failed; the history tells of that, unless the state tries again."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Plan:
    """A distributed Map has begun, and is asked how its children are to run."""

    begun: Distribute


Resumption = Enter | Resume | Recover | Settle | Plan
