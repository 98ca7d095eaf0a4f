"""Hand-written JSON and YAML files: their values, and errors with their places."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from asltool.errors import AslToolError, DefinitionError
from asltool.expr.encodings import bytes_of, text_in
from asltool.syntax.model import Pointer
from asltool.syntax.reader import read
from asltool.syntax.wording import described, expected, quoted

__all__ = ["DataFile", "text_of"]


class DataFile:
    """A value that was read from text, with the places of its parts.

    Args:
        path: the file's name for messages; its extension decides the format.
        error: the exception for invalid values.
    """

    def __init__(self, text: str, path: str, error: type[AslToolError]) -> None:
        self.path = path
        self._error = error
        try:
            self._document = read(text, path)
        except DefinitionError as problem:
            raise error(str(problem)) from None
        for found in self._document.problems:
            if found.severity == "error":
                raise error(str(found))

    def value(self, pointer: Pointer) -> Any:
        value = self._document.value
        for step in pointer:
            value = value[step]
        return value

    def object(self, pointer: Pointer) -> dict[str, Any]:
        """Return the object at a pointer; the error says what is there instead, or that it is missing."""
        field = pointer[-1] if pointer else 0
        if isinstance(field, str) and field not in self.object(pointer[:-1]):
            raise self.wrong(pointer[:-1], f"expected the field {quoted(field)}")
        value = self.value(pointer)
        if not isinstance(value, dict):
            raise self.wrong(pointer, f"expected an object, not {described(value)}")
        return value

    def only(self, pointer: Pointer, fields: Collection[str]) -> dict[str, Any]:
        """Return the object at a pointer, which may have only these fields."""
        value = self.object(pointer)
        for field in value:
            if field not in fields:
                hint = expected(field, fields)
                raise self.wrong((*pointer, field), f"unexpected field {quoted(field)}. {hint}", key=True)
        return value

    def wrong(self, pointer: Pointer, message: str, *, key: bool = False) -> AslToolError:
        """Return the error for a value, or with ``key`` for the key before it, with its place."""
        span = self._document.locate(pointer, key)
        way = ".".join(str(step) for step in pointer)
        return self._error(f"{self.path}:{span.line}:{span.column}: {f'{way}: ' if way else ''}{message}")


def text_of(path: Path, error: type[AslToolError]) -> str:
    """Return the contents of a file.

    Raises:
        OSError: it cannot be read.
    """
    try:
        return text_in(bytes_of(path), str(path))
    except ValueError as problem:
        raise error(str(problem)) from None
