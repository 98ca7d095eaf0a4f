"""A quick check that a value fits its definition in the schema, tried before the judges.

It knows only the keywords that the schema uses, and gives no reasons. It gives no answer where it might
disagree with the judges, such as for strings that the regular expressions of Python and of JSON Schema match
differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["fits"]


class _Doubt(Exception):
    """Only a judge can decide about this value."""


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Return whether a value certainly fits a schema without references; False if this is not certain."""
    try:
        return _fits(schema, value)
    except _Doubt:
        return False


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    for keyword, wanted in schema.items():
        check = _CHECKS.get(keyword)
        if check is not None:
            if not check(wanted, value, schema):
                return False
        elif keyword not in _SAYS_NOTHING and not keyword.startswith("x-"):
            raise _Doubt
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == value // 1,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def _type(wanted: str | list[str], value: Any, schema: Mapping[str, Any]) -> bool:
    if isinstance(wanted, str):
        return _TYPES[wanted](value)
    return any(_TYPES[name](value) for name in wanted)


def _const(wanted: Any, value: Any, schema: Mapping[str, Any]) -> bool:
    return type(wanted) is type(value) and bool(wanted == value)


def _pattern(wanted: str, value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, str):
        return True
    if not value.isascii() or "\n" in value:
        raise _Doubt
    return re.search(wanted, value) is not None


def _properties(wanted: Mapping[str, Any], value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, dict):
        return True
    return all(_fits(wanted[name], part) for name, part in value.items() if name in wanted)


def _others(wanted: Any, value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, dict):
        return True
    known = schema.get("properties", {})
    others = [part for name, part in value.items() if name not in known]
    return not others if wanted is False else all(_fits(wanted, part) for part in others)


def _then(wanted: Any, value: Any, schema: Mapping[str, Any]) -> bool:
    return not _fits(schema["if"], value) or _fits(wanted, value)


_CHECKS: dict[str, Callable[[Any, Any, Mapping[str, Any]], bool]] = {
    "additionalProperties": _others,
    "allOf": lambda wanted, value, schema: all(_fits(part, value) for part in wanted),
    "anyOf": lambda wanted, value, schema: any(_fits(part, value) for part in wanted),
    "const": _const,
    "dependentRequired": lambda wanted, value, schema: (
        not isinstance(value, dict)
        or all(value.keys() >= set(wanted[name]) for name in wanted if name in value)
    ),
    "enum": lambda wanted, value, schema: any(_const(each, value, schema) for each in wanted),
    "items": lambda wanted, value, schema: (
        not isinstance(value, list) or all(_fits(wanted, item) for item in value)
    ),
    "maxLength": lambda wanted, value, schema: not isinstance(value, str) or len(value) <= wanted,
    "maximum": lambda wanted, value, schema: not _is_number(value) or value <= wanted,
    "minItems": lambda wanted, value, schema: not isinstance(value, list) or len(value) >= wanted,
    "minLength": lambda wanted, value, schema: not isinstance(value, str) or len(value) >= wanted,
    "minProperties": lambda wanted, value, schema: not isinstance(value, dict) or len(value) >= wanted,
    "minimum": lambda wanted, value, schema: not _is_number(value) or value >= wanted,
    "not": lambda wanted, value, schema: not _fits(wanted, value),
    "oneOf": lambda wanted, value, schema: sum(_fits(part, value) for part in wanted) == 1,
    "pattern": _pattern,
    "properties": _properties,
    "propertyNames": lambda wanted, value, schema: (
        not isinstance(value, dict) or all(_fits(wanted, name) for name in value)
    ),
    "required": lambda wanted, value, schema: (
        not isinstance(value, dict) or all(name in value for name in wanted)
    ),
    "then": _then,
    "type": _type,
}
_SAYS_NOTHING = ("$comment", "description", "if", "title")
