"""JSON values and what differs between two of them, on lines of a given width."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from asltool.expr.values import json_equal
from asltool.integrations.differences import Difference, differences
from asltool.syntax.model import ABSENT

__all__ = ["changes", "cut", "folded", "have_something_in_common", "one_line"]

_MOST_LINES = 12
"""How many members or changes are shown of a value that does not fit on a line."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "))


def cut(text: str, width: int) -> str:
    """Return a text shortened to fit, with … in place of its end."""
    return text if len(text) <= width else text[: max(width, 1) - 1] + "…"


def one_line(value: Any, width: int) -> str:
    """Return a value's JSON as far as it fits on a line; large values are not encoded completely."""
    parts, length = [], 0
    for part in _ENCODE.iterencode(value):
        parts.append(part)
        length += len(part)
        if length > width:
            break
    return cut("".join(parts), width)


def folded(value: Any, width: int) -> list[str]:
    """Return a value's JSON on one line, or with a line for each of its first members."""
    line = one_line(value, width)
    if not line.endswith("…") or not value or not isinstance(value, dict | list):
        return [line]
    if isinstance(value, dict):
        labelled = ((f"  {_ENCODE.encode(name)}: ", each) for name, each in value.items())
    else:
        labelled = (("  ", each) for each in value)
    begin, end = "{}" if isinstance(value, dict) else "[]"
    lines = (_labelled(label, each, width) for label, each in labelled)
    return [begin, *_first(lines, len(value)), end]


def _labelled(label: str, value: Any, width: int) -> str:
    return cut(label + one_line(value, max(1, width - len(label))), width)


def changes(before: Any, after: Any, width: int, prefix: str = "") -> list[str]:
    """Return what has changed, a line for each place; ``=`` and the whole value where all of it has changed.

    No lines: the values are equal as JSON. ``prefix`` stands before each place.
    """
    if json_equal(before, after):
        return []
    if not prefix and not have_something_in_common(before, after):
        first, *rest = folded(after, width - 2)
        return [f"= {first}", *(f"  {line}" for line in rest)]
    found = list(differences(before, after))
    return list(_first((_change(each, prefix, width) for each in found), len(found)))


def _change(difference: Difference, prefix: str, width: int) -> str:
    path, was, now = difference
    place = prefix + path.removeprefix("$").removeprefix(".")
    if was is ABSENT or now is ABSENT:
        sign, value = ("+", now) if was is ABSENT else ("-", was)
        return _labelled(f"{sign} {place}: ", value, width)
    start = f"~ {place}: "
    room = max(8, (width - len(start) - 4) // 2)
    return cut(f"{start}{one_line(was, room)} -> {one_line(now, room)}", width)


def have_something_in_common(before: Any, after: Any) -> bool:
    """Whether both are objects or both are arrays, with a member that is at least partly the same in both."""
    if isinstance(before, dict) and isinstance(after, dict):
        pairs: Iterable[tuple[Any, Any]] = ((before[key], after[key]) for key in before.keys() & after.keys())
    elif isinstance(before, list) and isinstance(after, list):
        pairs = zip(before, after, strict=False)
    else:
        return False
    return any(json_equal(old, new) or have_something_in_common(old, new) for old, new in pairs)


def _first(lines: Iterator[str], count: int) -> Iterator[str]:
    shown = count if count <= _MOST_LINES else _MOST_LINES - 1
    yield from islice(lines, shown)
    if count > shown:
        yield f"  … {count - shown:,} more"
