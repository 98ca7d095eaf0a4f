"""Types of task inputs, from the inputs that runs have shown."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Sequence
from typing import Any

from asltool.testing.scaffold.python_text import PythonNames

__all__ = ["InputTypes"]

_SCALARS = {bool: "bool", int: "int", float: "float", str: "str", type(None): "None"}


class InputTypes:
    """Python types of inputs; ``definitions`` has the source of each TypedDict, inner ones first."""

    def __init__(self, names: PythonNames) -> None:
        self._names = names
        self.definitions: list[str] = []

    def of(self, name: str, inputs: Sequence[Any]) -> str:
        """Return the type of the inputs of a task; ``name`` is the name for it."""
        return self._type(name, "Input", inputs, "")

    def _type(self, name: str, ending: str, values: Sequence[Any], field: str) -> str:
        if not values:
            return "Any"
        if all(isinstance(value, dict) for value in values):
            return self._object(name, ending, values)
        if all(isinstance(value, list) for value in values):
            items = [item for value in values for item in value]
            return f"list[{self._type(name, 'Item', items, field)}]"
        if any(isinstance(value, dict | list) or value == field for value in values):
            return "Any"  # exploring fills a field with its own name if any value will do
        return " | ".join(dict.fromkeys(_SCALARS[type(value)] for value in values))

    def _object(self, name: str, ending: str, values: Sequence[dict[str, Any]]) -> str:
        fields = dict.fromkeys(field for value in values for field in value)
        if not fields or not all(map(_is_field, fields)):
            return "dict[str, Any]"
        lines = list(self._fields(name, fields, values))
        found = self._names.type(name, ending)
        self.definitions.append(f"class {found}(TypedDict):\n" + "\n".join(lines))
        return found

    def _fields(self, name: str, fields: dict[str, None], values: Sequence[dict[str, Any]]) -> Iterator[str]:
        for field in fields:
            there = [value[field] for value in values if field in value]
            kind = self._type(f"{name} {field}", "", there, field)
            yield f"    {field}: " + (kind if len(there) == len(values) else f"NotRequired[{kind}]")


def _is_field(name: str) -> bool:
    """Return whether a class can have a field of this name; Python changes names such as ``__name``."""
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")
