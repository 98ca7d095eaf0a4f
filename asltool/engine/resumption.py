"""Why a frame continues: what has happened, and so which method of its state is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.decisions import Distribute
from asltool.engine.retry import Failure

__all__ = ["AGAIN", "BEGIN", "Enter", "Plan", "Recover", "Resume", "Resumption", "Settle"]


@dataclass(frozen=True, slots=True)
class Enter:
    """A frame starts, or the delay of a retry is over: the state is entered.

    ``again``: it was entered before, so there is no new event.
    """

    again: bool = False


BEGIN, AGAIN = Enter(), Enter(again=True)


@dataclass(slots=True)
class Resume:
    """The state's wait has ended with a result."""

    result: Any = None


@dataclass(frozen=True, slots=True)
class Recover:
    """A task has failed."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Settle:
    """Children or a map run have failed; this is recorded in the history unless the state is retried."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Plan:
    """A distributed Map has started, and its plan is needed."""

    begun: Distribute


Resumption = Enter | Resume | Recover | Settle | Plan
