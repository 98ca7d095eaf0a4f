"""The data that an expression can use besides the document it is evaluated on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["Environment", "Evaluate", "Json", "Outside"]

Json = Any
"""A JSON value: dict with str keys, list, str, int, float, bool or None. Never changed in place."""


class Environment(Protocol):
    """The environment of one evaluation. The engine implements it, without a clock or random numbers."""

    @property
    def context(self) -> dict[str, Json]:
        """The context object, ``$$`` (``$states.context`` in JSONata)."""

    @property
    def variables(self) -> Mapping[str, Json]:
        """All variables in scope; those of inner scopes hide outer ones."""

    @property
    def now(self) -> float:
        """The time of this evaluation, in seconds since 1970-01-01T00:00:00Z."""

    def uniform(self) -> float:
        """The next random number of the execution, from 0 (inclusive) to 1 (exclusive)."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The `Environment` of an expression that is evaluated outside any execution."""

    context: dict[str, Json] = field(default_factory=dict)
    variables: Mapping[str, Json] = field(default_factory=dict)
    now: float = 0.0

    def uniform(self) -> float:
        return 0.0


Evaluate = Callable[[Json, Environment], Json]
"""A compiled expression: ``evaluate(document, environment)``, raising `EvaluationError`.

The document is what ``$`` stands for (``$states`` in JSONata). It is never changed, and parts of it may be
shared with the result.
"""
