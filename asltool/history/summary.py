"""A short description of an event, for lists of events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.history.shape import details_of
from asltool.syntax.causes import first_line

__all__ = ["failure", "summary"]

_SAID = ("name", "index", "resourceType", "resource", "mapRunArn")


def summary(event: Mapping[str, Any]) -> str:
    """Return the subject of an event: a state, a task's Resource, or an error with its cause."""
    details = details_of(event)
    found = failure(details.get("error"), details.get("cause"))
    return found or " ".join(str(details[name]) for name in _SAID if details.get(name) is not None)


def failure(error: str | None, cause: str | None) -> str:
    """Return an error and the first line of its cause."""
    return ": ".join(filter(None, (error, first_line(cause or ""))))
