"""Visits: one for each time that a state was entered, with everything that happened in it.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from asltool.syntax.model import Map, State

__all__ = ["Attempt", "Fate", "Iterations", "NamedTransition", "Visit", "is_distributed"]

Fate = Literal["succeeded", "failed", "caught", "unfinished"]
"""How a visit to a state ended.

``caught``: the state failed and a Catcher took over.
``unfinished``: it was never left, because the run continues, or because it was stopped.
"""


class NamedTransition(NamedTuple):
    """A transition by the names of its states; None is the start or the end of a machine or branch."""

    source: str | None
    target: str | None
    caught: bool = False


@dataclass(slots=True)
class Attempt:
    """One attempt of a state: its positions in the history, and its error."""

    began: int
    ended: int | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(slots=True)
class Iterations:
    """The indexes of a Map's iterations that have ended."""

    succeeded: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Visit:
    """One stay in a state.

    ``entered`` and ``left`` are positions in the history, ``around`` is the stay in the Parallel or Map that
    contains this one, and ``iteration`` the index in it. ``before`` is the stay that led here, None at the
    start of a machine or branch. ``input``, ``output`` and the values of ``variables`` (those at the end) are
    JSON texts; a history may leave them out.
    """

    state: State
    entered: int
    around: Visit | None = None
    iteration: int | None = None
    before: Visit | None = None
    input: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    fate: Fate = "unfinished"
    left: int | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    attempts: list[Attempt] = field(default_factory=list)
    iterations: Iterations = field(default_factory=Iterations)


def is_distributed(state: State) -> bool:
    """Return whether a state is a distributed Map."""
    return isinstance(state, Map) and state.processor.mode == "DISTRIBUTED"
