"""One evaluation as plain data, for every engine and for the separate process, and its failure."""

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
    """The limits of an evaluation: milliseconds of processor time, nested levels, items of one sequence.

    The service was observed to evaluate 100 levels and ``[1..873782]``, and to reject one more of either. Its
    time limit is not known; no expression within the other limits needs a second, and an expression that
    exceeds another limit does so long before this one, even on a slow machine.
    """

    time_ms: int = 5000
    depth: int = 100
    sequence: int = 873_782


LIMITS: Final = Limits()

CLOCK: Final = 20
"""How many times longer an engine may take by the clock, all it knows; so load never decides."""


class ExpressionPlan(NamedTuple):
    """The part of a job that does not depend on data; equal plans share the compiled program.

    ``engine`` is the module to evaluate with, ``native`` or ``fallback``. ``names`` are the variables to
    bind, ``service`` the functions to define as on the service, ``signed`` those of them whose number of
    arguments must be checked. With ``context``, the expression reads the context item, so the values must not
    be in it.
    """

    engine: str
    text: str
    names: tuple[str, ...]
    service: tuple[str, ...]
    context: bool
    signed: tuple[str, ...] = ()


class EvaluationJob(NamedTuple):
    """A plan with its data. ``values`` are the existing variables; marshal can write the whole job.

    ``input`` is the JSON text of the context item, None if there is no such item (always, on the service).
    ``now`` is in milliseconds since 1970, ``seed`` is the start of this evaluation's random numbers.
    ``stand_ins`` are the doubles that replace integers, see `exact`.
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
    """The reason why an evaluation has no value.

    ``code`` is JSONata's; ``sentence`` is the part of the service's message after the expression and its
    field.
    """

    code: str
    sentence: str

    @classmethod
    def of(cls, code: str, message: str) -> EvaluationFailure:
        """Return the failure for an engine's error; its code is ``""`` if the error has none."""
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
