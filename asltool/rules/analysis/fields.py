"""The fields of a state as the schema describes them, and the expressions in them.

Rules about a kind of field (all paths, all payload templates, all JSONata) use this module and name no
fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from asltool.expr.jsonata import is_expression
from asltool.syntax.expressions import SUFFIX, Expressions
from asltool.syntax.model import Pointer, State
from asltool.syntax.schema import definition

__all__ = ["TEXTUAL", "ExpressionText", "Field", "fields", "strings", "texts"]

_PATHS = ("path", "path-or-intrinsic", "reference-path")
_TEMPLATES = ("assignments", "credentials", "payload-template")
_MAY_BE_JSONATA = (
    *_TEMPLATES,
    *("arguments", "bytes", "cause", "condition", "count", "error-name", "jsonata", "percentage", "seconds"),
    "timestamp",
)

TEXTUAL = frozenset((*_PATHS, *_MAY_BE_JSONATA))
"""The kinds of fields in which expressions may stand."""


class Field(NamedTuple):
    """A field of a state, or of an object inside it that is not a machine, such as a Retrier.

    ``schema`` is the field's definition for the state's query language, with its annotations; ``beside`` are
    the definitions of all fields that its object may have.
    """

    name: str
    value: Any
    pointer: Pointer
    schema: Mapping[str, Any]
    beside: Mapping[str, Any]
    state: State

    @property
    def kind(self) -> str:
        """One of the schema's ``x-kinds``."""
        kind: str = self.schema["x-kind"]
        return kind

    @property
    def place(self) -> Pointer:
        """The path to the field from its state: ``("Catch", 0, "ResultPath")``."""
        return self.pointer[len(self.state.pointer) :]


class ExpressionText(NamedTuple):
    """The value of a field that may be an expression.

    ``kind`` gives the expected kind: a path, a reference path, a path or an intrinsic function (then
    ``value`` may also be another type than a string), JSONata in ``{% %}``, or ``plain``, a string used as it
    is.
    """

    kind: Literal["path", "path-or-intrinsic", "reference-path", "jsonata", "plain"]
    value: Any
    pointer: Pointer
    field: Field

    @property
    def key(self) -> str:
        """The nearest key: that of the value or of the array around it."""
        return str(next(step for step in reversed(self.pointer) if isinstance(step, str)))


def fields(state: State, value: Any) -> Iterator[Field]:
    """Yield the fields of a state that exist in its query language, outer ones first.

    Args:
        value: the state as it is in the document.
    """
    if state.type:
        yield from _walk(definition(state.type, state.query_language), value, state.pointer, state)


def _walk(schema: Mapping[str, Any], value: Any, pointer: Pointer, state: State) -> Iterator[Field]:
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _walk(schema["items"], item, (*pointer, index), state)
    if not isinstance(value, dict):
        return
    if schema.get("x-visit") == "NestedRule":
        schema = definition("NestedRule", state.query_language)
    known = schema.get("properties")
    if not known:
        return
    for name, part in value.items():
        below = known.get(name)
        if below is not None and below.get("not") != {}:
            inside = (*pointer, name)
            yield Field(name, part, inside, below, known, state)
            if isinstance(part, dict | list):
                yield from _walk(below, part, inside, state)


def texts(field: Field, expressions: Expressions) -> Iterator[ExpressionText]:
    """Yield the texts in a field at any depth; ``expressions`` are those of the definition."""
    kind = field.kind
    if field.state.query_language == "JSONata":
        if kind in _MAY_BE_JSONATA:
            yield from _jsonata(field.value, field.pointer, field, expressions)
    elif kind in _TEMPLATES:
        yield from _template(field.value, field.pointer, field, expressions)
    elif kind in _PATHS and isinstance(field.value, str):
        is_path = kind != "path-or-intrinsic"
        value = (expressions.path if is_path else expressions.path_or_call)(field.value)
        # The schema uses the same names as the kinds of ExpressionText.
        yield ExpressionText(kind, value, field.pointer, field)  # type: ignore[arg-type]


def _jsonata(
    value: Any, pointer: Pointer, field: Field, expressions: Expressions
) -> Iterator[ExpressionText]:
    for place, text in strings(value, pointer):
        if is_expression(text):
            yield ExpressionText("jsonata", expressions.jsonata(text), place, field)
        else:
            yield ExpressionText("plain", text, place, field)


def _template(
    value: Any, pointer: Pointer, field: Field, expressions: Expressions
) -> Iterator[ExpressionText]:
    if isinstance(value, str):
        yield ExpressionText("plain", value, pointer, field)
        return
    for key, part in _parts(value):
        if isinstance(key, str) and key.endswith(SUFFIX):
            held = expressions.path_or_call(part) if isinstance(part, str) else part
            yield ExpressionText("path-or-intrinsic", held, (*pointer, key), field)
        elif isinstance(part, str):
            yield ExpressionText("plain", part, (*pointer, key), field)
        else:
            yield from _template(part, (*pointer, key), field, expressions)


def strings(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Yield the strings of a JSON value except its keys, each with its path."""
    if isinstance(value, str):
        yield pointer, value
    for key, part in _parts(value):
        yield from strings(part, (*pointer, key))


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
