"""Find and load the table of fields, ``schemas/asl.schema.json``, and narrow it to one query language.

The ``$comment`` of the file explains its annotations.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, get_args

from asltool.syntax.model import QueryLanguage

__all__ = ["VISITED", "declared_language", "definition", "schema_file", "table"]

VISITED = ("Branch", "ItemProcessor", "NestedRule", "State")
"""Definitions that contain themselves. `definition` leaves them out; who walks a document visits them."""

_APPLICATORS = ("additionalProperties", "allOf", "if", "items", "not", "oneOf", "propertyNames", "then")
_LANGUAGES = get_args(QueryLanguage)
_PACKAGE = Path(__file__).parent.parent


def schema_file() -> Path:
    """Return the path of the schema: inside the installed package, or beside it in a checkout.

    Raises:
        FileNotFoundError: the schema is in neither place.
    """
    places = [folder / "schemas" / "asl.schema.json" for folder in (_PACKAGE, _PACKAGE.parent)]
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"the schema is missing. expected it at {' or '.join(map(str, places))}")


@cache
def table() -> dict[str, Any]:
    """Return the whole schema."""
    loaded: dict[str, Any] = json.loads(schema_file().read_text(encoding="utf-8"))
    return loaded


def declared_language(value: Any, inherited: QueryLanguage | None) -> QueryLanguage | None:
    """Return the query language that a machine or state declares or inherits; None if it is unknown."""
    declared: QueryLanguage | None = (
        value.get("QueryLanguage", inherited) if isinstance(value, dict) else inherited
    )
    return declared if declared in _LANGUAGES else None


@cache
def definition(name: str, language: QueryLanguage | None) -> dict[str, Any]:
    """Return one definition for one query language, with every reference followed.

    A field of the other language becomes a schema that no value fits, ``{"not": {}, ...annotations}``; an
    alternative of the other language is removed. ``None`` keeps both languages. A `VISITED` definition is
    replaced by an object with its name as ``x-visit``.
    """
    narrowed: dict[str, Any] = _narrow(table()["$defs"][name], language)
    return narrowed


def _narrow(schema: Any, language: QueryLanguage | None) -> Any:
    if isinstance(schema, list):
        return [_narrow(part, language) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = _followed(schema)
    narrowed: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            narrowed[keyword] = {name: _narrow_field(field, language) for name, field in value.items()}
        elif keyword == "anyOf":
            kept = [_narrow(part, language) for part in value if _exists(_followed(part), language)]
            # A single alternative replaces the list, so that its errors are reported as the schema's own.
            narrowed["anyOf" if len(kept) > 1 else "allOf"] = kept
        else:
            narrowed[keyword] = _narrow(value, language) if keyword in _APPLICATORS else value
    return narrowed


def _narrow_field(field: dict[str, Any], language: QueryLanguage | None) -> Any:
    field = _followed(field)
    if _exists(field, language):
        return _narrow(field, language)
    return {**{keyword: value for keyword, value in field.items() if keyword.startswith("x-")}, "not": {}}


def _exists(schema: dict[str, Any], language: QueryLanguage | None) -> bool:
    return language is None or schema.get("x-language", "both") in ("both", language)


def _followed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its reference replaced by what it refers to."""
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].removeprefix("#/$defs/")
    target = table()["$defs"][name]
    if name in VISITED:
        codes = {"x-codes": target["x-codes"]} if "x-codes" in target else {}
        target = {"type": "object", "x-visit": name, **codes}
    return {**_followed(target), **{keyword: value for keyword, value in schema.items() if keyword != "$ref"}}
