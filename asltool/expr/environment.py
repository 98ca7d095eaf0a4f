"""What an expression may see beside the document it is evaluated on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

__all__ = ["Environment", "Evaluate", "Json"]

Json = Any
"""A JSON value: dict with str keys, list, str, int, float, bool or None. Never changed in place."""


class Environment(Protocol):
    """The world of one evaluation. The engine implements it; nothing in it reads a clock or draws chance."""

    @property
    def context(self) -> dict[str, Json]:
        """The context object, ``$$`` (``$states.context`` in JSONata)."""

    @property
    def variables(self) -> Mapping[str, Json]:
        """Every variable that is in scope, inner scopes over outer ones."""

    @property
    def now(self) -> float:
        """The moment of this evaluation, in seconds since 1970-01-01T00:00:00Z."""

    def uniform(self) -> float:
        """The next number of the execution's own sequence, from 0 (inclusive) to 1 (exclusive)."""


Evaluate = Callable[[Json, Environment], Json]
"""A compiled expression: ``evaluate(document, environment)``, raising `EvaluationError`.

The document is what ``$`` stands for (``$states`` in JSONata). It is never changed, and parts of it may be
shared with the result.
"""
