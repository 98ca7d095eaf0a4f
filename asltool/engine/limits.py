"""The service's limits on one execution.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

import marshal
from typing import Any

from asltool.engine.retry import Failure
from asltool.expr.values import dumps

__all__ = [
    "LARGEST",
    "MOST_EVENTS",
    "SURELY_FITS",
    "oversize",
    "oversize_input",
    "quick_form",
    "too_large",
    "too_many_events",
    "too_many_variables",
    "too_much_to_keep",
]

LARGEST = 262_144
"""The most bytes of JSON text, in UTF-8, for the input or output of a state or task."""

LARGEST_VARIABLES = 10 * 1024 * 1024
"""The most bytes for all variables of an execution; the variables of one Assign share `LARGEST`."""

MOST_EVENTS = 25_000
"""The most events in the history of a STANDARD execution."""


quick_form = marshal.dumps
"""With 2 as its second argument: bytes, of which JSON text takes at most six times as many."""

SURELY_FITS = LARGEST // 6
"""A value whose quick form is at most this long needs no check by `too_large`."""


def too_large(value: Any, largest: int = LARGEST) -> bool:
    """Return whether a JSON value exceeds the service's limit."""
    return (
        len(quick_form(value, 2)) * 6 > largest and len(dumps(value).encode(errors="surrogatepass")) > largest
    )


def too_much_to_keep(assigned: dict[str, Any], variables: dict[str, Any]) -> bool:
    """Return whether one Assign, or all variables together, exceed the service's limit."""
    return too_large(assigned) or too_large(variables, LARGEST_VARIABLES)


def oversize(name: str) -> Failure:
    """Return the failure of a state, or of a task named by its service or ARN, whose result is too large."""
    return _exceeded(f"The state/task '{name}' returned a result")


def oversize_input() -> Failure:
    """Return the failure of an execution whose input is too large. The message is ours: none is recorded."""
    return _exceeded("The execution was given an input")


def too_many_variables(name: str) -> Failure:
    """Return the failure of a state whose variables are too large. The message is ours: none is recorded."""
    return _exceeded(f"The state '{name}' assigned variables")


def _exceeded(what: str) -> Failure:
    cause = f"{what} with a size exceeding the maximum number of bytes service limit."
    return Failure("States.DataLimitExceeded", cause)


def too_many_events() -> Failure:
    cause = f"The execution reached the maximum number of history events ({MOST_EVENTS})."
    return Failure("States.Runtime", cause)
