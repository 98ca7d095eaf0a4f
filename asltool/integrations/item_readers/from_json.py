"""JSON: the elements of an array, or the members of an object as ``{"Key", "Value"}``.

``ItemsPointer`` (RFC 6901) names the array or object inside the document. The file is read as a stream: one
item is in memory at a time, and everything before the items is skipped value by value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from asltool.engine.map_io import Member
from asltool.integrations.item_readers.decoding import as_text
from asltool.integrations.item_readers.failure import reader_failed
from asltool.integrations.item_readers.json_cursor import JsonCursor
from asltool.integrations.map_fields import text
from asltool.syntax.wording import quoted

__all__ = ["read_json"]

_LONGEST_POINTER = 2000


def read_json(stream: BinaryIO, config: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the items.

    Raises:
        TaskFailed: the value with the items is neither an array nor an object.
        ValueError: the text is not JSON, or the pointer leads nowhere.
    """
    pointer = text(config, "ItemsPointer", "")
    with as_text(stream) as characters:
        cursor = JsonCursor(characters)
        for token in _tokens(pointer):
            _go_to(cursor, token, pointer)
        yield from _items(cursor)
        if not pointer:
            cursor.end()


def _items(cursor: JsonCursor) -> Iterator[Any]:
    match cursor.peek():
        case "[":
            for _ in cursor.members():
                yield cursor.value()
        case "{":
            for name in cursor.members():
                yield Member(Key=name, Value=cursor.value())
        case _:
            cursor.value()
            raise reader_failed("Attempting to map over non-iterable node.")


def _go_to(cursor: JsonCursor, token: str, pointer: str) -> None:
    if cursor.peek() in ("[", "{"):
        for name in cursor.members():
            if str(name) == token:
                return
            cursor.value()
    raise ValueError(f'"ItemsPointer" {quoted(pointer)} leads nowhere: {quoted(token)} does not exist')


def _tokens(pointer: str) -> list[str]:
    if len(pointer) >= _LONGEST_POINTER:
        raise ValueError(f'"ItemsPointer" must be shorter than {_LONGEST_POINTER} characters')
    if pointer and not pointer.startswith("/"):
        raise ValueError(f'"ItemsPointer" must begin with "/", not {quoted(pointer)}')
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
