"""JSON Lines: one item per line. Empty lines are skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from asltool.expr.values import loads
from asltool.integrations.item_readers.decoding import as_text

__all__ = ["read_jsonl"]


def read_jsonl(stream: BinaryIO, config: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the items.

    Raises:
        ValueError: a line is not JSON; the message counts the lines from 1.
    """
    with as_text(stream) as lines:
        for number, line in enumerate(lines, 1):
            if not line.isspace():
                yield _item(line, number)


def _item(line: str, number: int) -> Any:
    try:
        return loads(line)
    except ValueError as problem:
        raise ValueError(f"line {number}: {problem}") from problem
