"""The surroundings of an evaluation in these tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from asltool.errors import ExpressionError

__all__ = ["World", "outcome"]

T = TypeVar("T")


def outcome(run: Callable[[], T]) -> T | ExpressionError:
    """Return what a function returns, or the error of ours that it raises; any other error goes on."""
    try:
        return run()
    except ExpressionError as error:
        return error


@dataclass
class World:
    """An `Environment` whose chance repeats itself."""

    context: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    now: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def uniform(self) -> float:
        return self.chance.random()
