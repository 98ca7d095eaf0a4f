"""Schema violations with their context in the schema and the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from asltool.syntax.model import Pointer, QueryLanguage
from asltool.syntax.schema import definition
from asltool.syntax.wording import quoted

__all__ = ["USUAL_CODES", "Fault", "JudgedObject", "Violation", "failure_of"]

USUAL_CODES = {
    "additionalProperties": "unknown-field",
    "language": "field-wrong-query-language",
    "maximum": "value-out-of-range",
    "minimum": "value-out-of-range",
    "null": "null-not-allowed",
    "together": "mutually-exclusive-fields",
}
"""The codes of failing keywords where the schema gives none; all others are ``wrong-type``."""


class JudgedObject(NamedTuple):
    """An object with a definition of its own. ``state`` is the object itself, or the state around it."""

    kind: str
    value: Any
    pointer: Pointer
    language: QueryLanguage | None
    state: str | None = None


class Fault(NamedTuple):
    """A value that violates a keyword of its schema.

    ``pointer`` leads from the judged object to the value, ``schema_path`` through the object's definition to
    the keyword. For a keyword with alternatives, ``alternatives`` are the faults of each one.
    """

    value: Any
    pointer: Pointer
    schema_path: Pointer
    alternatives: tuple[tuple[Fault, ...], ...] = ()

    @property
    def keyword(self) -> str:
        return str(self.schema_path[-1])


class Violation(NamedTuple):
    """A fault with its context in the schema.

    ``owner`` is the nearest object definition with fields. ``trail`` leads from the failing keyword's schema
    out to the schema of the field that it belongs to.
    """

    fault: Fault
    place: JudgedObject
    owner: dict[str, Any]
    trail: list[dict[str, Any]]

    @property
    def value(self) -> Any:
        return self.fault.value

    @property
    def wanted(self) -> Any:
        return self.trail[0][self.fault.keyword]

    @property
    def pointer(self) -> Pointer:
        return (*self.place.pointer, *self.fault.pointer)

    def code(self, keyword: str) -> str:
        """Return the code that the schema gives a keyword, or the keyword's default code."""
        given = (schema["x-codes"][keyword] for schema in self.trail if keyword in schema.get("x-codes", ()))
        return next(given, USUAL_CODES.get(keyword, "wrong-type"))

    def annotation(self, keyword: str) -> Any:
        return next((schema[keyword] for schema in self.trail if keyword in schema), None)

    @property
    def name(self) -> str:
        """How a message names the value: a field, an item of an array, or a state."""
        if not self.pointer:
            return "the definition"
        last = self.pointer[-1]
        if isinstance(last, int):
            return f"item {last + 1} of {quoted(self.pointer[-2])}"
        return f"state {quoted(last)}" if self.annotation("x-visit") == "State" else quoted(last)

    @property
    def where(self) -> str:
        """How a message names the object: ``Task state "Charge"``, ``the Retrier of state "Charge"``."""
        title = self.owner["title"]
        if self.place.state is None:
            return f"the {title}"
        if title.endswith("state"):
            return f"{title} {quoted(self.place.state)}"
        article = "a" if self.pointer and isinstance(self.pointer[-1], int) else "the"
        return f"{article} {title} of state {quoted(self.place.state)}"

    def fields(self) -> list[str]:
        """The names of the fields that the object may have in this query language."""
        return [name for name, field in self.owner["properties"].items() if field.get("not") != {}]


def failure_of(fault: Fault, place: JudgedObject) -> Violation:
    """Return a fault of an object with its context."""
    return Violation(fault, place, *_around(definition(place.kind, place.language), fault.schema_path[:-1]))


def _around(schema: Any, path: Sequence[str | int]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the owner and the trail of a `Violation` by going down the schema."""
    owner, trail = schema, [schema]
    for before, step in zip((None, *path), path, strict=False):
        schema = schema[step]
        if not isinstance(schema, dict) or step == "properties":
            continue
        if before == "properties" or step in ("additionalProperties", "items", "propertyNames"):
            trail = []
        trail.insert(0, schema)
        if "properties" in schema:
            owner = schema
    return owner, trail
