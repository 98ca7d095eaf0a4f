"""One evaluation as plain data, the same for every engine and for a process of its own, and its failure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from asltool.expr.environment import Json

__all__ = [
    "CLOCK",
    "FUNCTION",
    "INTERNAL",
    "LIMITS",
    "TOO_DEEP",
    "TOO_LARGE",
    "TOO_SLOW",
    "UNDEFINED",
    "EvaluationFailure",
    "EvaluationJob",
    "ExpressionPlan",
    "Limits",
]


class Limits(NamedTuple):
    """What an evaluation may use: milliseconds of processor time, nested levels, items of one sequence.

    The service was seen to evaluate 100 levels and ``[1..873782]``, and to refuse one more of either. How
    long it lets an expression run is not known; nothing that fits its other limits needs a second, and what
    runs into another limit does so long before this one, on a slow machine too.
    """

    time_ms: int = 5000
    depth: int = 100
    sequence: int = 873_782


LIMITS: Final = Limits()

CLOCK: Final = 20
"""How many times longer an engine may take by the clock, all it knows; so load never decides."""


class ExpressionPlan(NamedTuple):
    """What is known before there is data; equal plans share what an engine compiles.

    ``engine`` is the module to evaluate with, ``native`` or ``fallback``. ``names`` are the variables to
    bind, ``service`` the functions to define as the service has them, ``signed`` those of them whose number
    of arguments has to be looked at. With ``context`` the expression reads the context item, so it must not
    meet the values there.
    """

    engine: str
    text: str
    names: tuple[str, ...]
    service: tuple[str, ...]
    context: bool
    signed: tuple[str, ...] = ()


class EvaluationJob(NamedTuple):
    """A plan with its data. ``values`` are the variables that exist; marshal can write all of it.

    ``input`` is the JSON text of the context item, None where there is no such item (always, on the service).
    ``now`` is milliseconds since 1970, ``seed`` where this evaluation's chance begins. ``stand_ins`` are the
    doubles that stand for whole numbers that are none, see `exact`.
    """

    plan: ExpressionPlan
    values: dict[str, Json]
    input: str | None
    now: int
    seed: float
    limits: Limits
    stand_ins: dict[float, float] = {}  # noqa: RUF012  Never changed.


INTERNAL: Final = "U9001"
"""Our code for what the service calls an internal error, without a code of JSONata's."""


@dataclass(frozen=True, slots=True)
class EvaluationFailure:
    """Why there is no value.

    ``code`` is JSONata's; ``sentence`` goes on where the service has named the expression and its field.
    """

    code: str
    sentence: str

    @classmethod
    def of(cls, code: str, message: str) -> EvaluationFailure:
        """Return the failure for an error that an engine reports; one without a code has code ``""``."""
        said = f". {code}: {message}" if code else f": {message}"
        return cls(code, f"threw an error during evaluation{said}")


UNDEFINED: Final = EvaluationFailure("undefined", "returned nothing (undefined).")
FUNCTION: Final = EvaluationFailure("function", "returned an unsupported result type.")


def _exceeded(code: str, message: str) -> EvaluationFailure:
    return EvaluationFailure(code, f"threw an error during evaluation: {message}")


TOO_SLOW: Final = _exceeded("U1001", "Expression evaluation timeout: Check for infinite loop")
TOO_DEEP: Final = _exceeded(
    "U1001",
    "Stack overflow error: Check for non-terminating recursive function. "
    "Consider rewriting as tail-recursive.",
)
TOO_LARGE: Final = _exceeded(
    "D2014", "Expression evaluation memory limit exceeded: Check for excessive memory usage"
)
