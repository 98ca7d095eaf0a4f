"""The fields of a case file, and what each may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.history.timestamps import seconds_of

__all__ = [
    "EXPECTED",
    "FIELDS",
    "FILES",
    "KINDS",
    "OPTIONS",
    "STATUSES",
    "STEPS",
    "TEXT",
    "TIMESTAMP",
    "TRUE",
]

STATUSES = ("SUCCEEDED", "FAILED", "TIMED_OUT")

FIELDS = (
    "name",
    "definition",
    "input",
    "execution",
    "now",
    "tasks",
    "recording",
    "machines",
    "handlers",
    "s3",
    "expect",
    "$schema",
)
ANY, TEXT, TIMES, TRUE = "anything", "a string", "a whole number from 1", "true"
NAMES, SECONDS, OBJECT = "a list of names", "seconds", "an object"
FILES, TIMESTAMP = "a file or a list of at least one", "a timestamp such as 2026-01-01T12:00:00Z"


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_timestamp(text: str) -> bool:
    try:
        seconds_of(text)
    except ValueError:
        return False
    return True


KINDS: dict[str, Callable[[Any], bool]] = {
    ANY: lambda value: True,
    TEXT: lambda value: isinstance(value, str),
    TIMES: lambda value: type(value) is int and value >= 1,
    TRUE: lambda value: value is True,
    NAMES: _is_names,
    FILES: lambda value: isinstance(value, str) or (_is_names(value) and bool(value)),
    TIMESTAMP: lambda value: isinstance(value, str) and _is_timestamp(value),
    SECONDS: lambda value: type(value) in (int, float),
    OBJECT: lambda value: isinstance(value, dict),
}
"""Kinds of values, and the check for each."""


_TIMED = {"after": SECONDS, "heartbeats": SECONDS, "times": TIMES}

STEPS: dict[str, tuple[str, dict[str, str]]] = {
    "returns": (ANY, _TIMED),
    "raises": (TEXT, {"cause": TEXT, **_TIMED}),
    "throttles": (TIMES, {"error": TEXT}),
    "times_out": (TRUE, {"times": TIMES}),
    "sends": (ANY, {"response": ANY, **_TIMED}),
    "sends_failure": (TEXT, {"cause": TEXT, "response": ANY, **_TIMED}),
}
"""The steps: methods of `MockTask`, with the value that each takes and its options."""

OPTIONS = {name for _, options in STEPS.values() for name in options}

EXPECTED: dict[str, str] = {
    "status": TEXT,
    "output": ANY,
    "output_contains": ANY,
    "error": TEXT,
    "cause": TEXT,
    "path": NAMES,
    "waited": SECONDS,
    "calls": OBJECT,
    "calls_contain": OBJECT,
}
"""What can be expected of a run, and the kind of each."""
