"""Read and write values by their paths, even through computed values.

A step is a name, an index, or a `Lens`, which stands for a computation that can be inverted:
``("body", AS_JSON, "valid")`` is the member ``valid`` of the JSON text at ``body``.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.expr.values import dumps, json_equal, loads
from asltool.syntax.model import ABSENT

__all__ = [
    "AS_BASE64",
    "AS_JSON",
    "AS_NUMBER",
    "AS_TEXT",
    "AS_VALUE",
    "COUNT",
    "LENGTH",
    "LISTED",
    "LOWER",
    "NEGATED",
    "ONLY",
    "SUM",
    "TEXT_LENGTH",
    "UPPER",
    "Lens",
    "Name",
    "NotSolved",
    "PathStep",
    "affix",
    "contains",
    "get",
    "joined",
    "plus",
    "put",
]


class NotSolved(Exception):
    """No input value produces the wanted value."""


@dataclass(frozen=True, slots=True)
class Lens:
    """``there`` computes a value, and ``back`` returns the input for a wanted result, given the old input.

    Lenses with the same name are equal. ``inside`` is the place in each item that a lens of an array reads.
    """

    name: str
    there: Callable[[Any], Any] = field(compare=False)
    back: Callable[[Any, Any], Any] = field(compare=False)
    inside: tuple[str | int | Lens, ...] = field(default=(), compare=False)


class Name(str):
    """A name in JSONata, which is read of every item of an array."""

    def of(self, items: list[Any]) -> Any:
        """Return what the name is in the items; ABSENT if none of them has it."""
        found: list[Any] = []
        for item in items:
            value = get(item, [self])
            found += value if isinstance(value, list) else [] if value is ABSENT else [value]
        return ABSENT if not found else found[0] if len(found) == 1 else found


PathStep = str | int | Lens


def get(value: Any, steps: Sequence[PathStep]) -> Any:
    """Return the value that the steps lead to; ABSENT if there is none."""
    for step in steps:
        if isinstance(step, Lens):
            try:
                value = step.there(value)
            except (TypeError, ValueError):
                return ABSENT
        elif isinstance(step, Name) and isinstance(value, list):
            value = step.of(value)
        elif isinstance(step, str):
            value = value.get(step, ABSENT) if isinstance(value, dict) else ABSENT
        else:
            there = isinstance(value, list) and -len(value) <= step < len(value)
            value = value[step] if there else ABSENT
        if value is ABSENT:
            return ABSENT
    return value


def put(value: Any, steps: Sequence[PathStep], new: Any) -> Any:
    """Return the value changed so that the steps lead to ``new``; ABSENT removes the old value.

    Missing objects and arrays along the steps are created.

    Raises:
        NotSolved: that is not possible.
    """
    if not steps:
        return new
    step, *rest = steps
    if isinstance(step, Lens):
        inside = put(get(value, [step]), rest, new)
        if inside is ABSENT:
            return ABSENT
        try:
            return step.back(value, inside)
        except (TypeError, ValueError) as problem:
            raise NotSolved from problem
    if isinstance(step, Name) and isinstance(value, list) and value:
        return [put(value[0], steps, new), *value[1:]]
    inside = put(get(value, [step]), rest, new)
    return (
        _with_member(value, str(step), inside) if isinstance(step, str) else _with_item(value, step, inside)
    )


def _with_member(value: Any, name: str, new: Any) -> Any:
    members = value if isinstance(value, dict) else {}
    if new is ABSENT:
        return {key: part for key, part in members.items() if key != name}
    return {**members, name: new}


def _with_item(value: Any, index: int, new: Any) -> Any:
    """An index beyond the end is reached by repeating the last element."""
    items = list(value) if isinstance(value, list) else []
    if new is ABSENT:
        return items[:index]
    wanted = index + 1 if index >= 0 else -index
    while len(items) < wanted:
        items.append(items[-1] if items else new)
    items[index] = new
    return items


def _resized(old: Any, length: Any) -> Any:
    if type(length) is not int or not 0 <= length <= 1000:
        raise ValueError
    if isinstance(old, str):
        return "x" * length
    items = old if isinstance(old, list) else []
    return [*items, *[items[-1] if items else {}] * length][:length]


def _repeated(old: Any, count: Any) -> Any:
    return _resized(old if isinstance(old, list) or old is ABSENT else [old], count)


def _last(value: Any) -> Any:
    if value == []:
        raise ValueError
    return value[-1] if isinstance(value, list) else value


def _length(value: Any) -> int:
    if not isinstance(value, str | list):
        raise TypeError
    return len(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _is(kind: type | tuple[type, ...]) -> Callable[[Any, Any], Any]:
    def back(old: Any, new: Any) -> Any:
        if not isinstance(new, kind):
            raise TypeError
        return new

    return back


def _same(text: Any, change: Callable[[str], str]) -> Any:
    if change(_text(text)) != text:
        raise ValueError
    return text


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return not value


def _parsed(_: Any, text: Any) -> Any:
    """A value that is not JSON is tried as part of a string."""
    try:
        return loads(_text(text))
    except ValueError:
        return text


AS_JSON = Lens("parsed", lambda text: loads(_text(text)), lambda _, value: dumps(value))
AS_TEXT = Lens("as JSON", dumps, _parsed)
AS_NUMBER = Lens("as a number", lambda text: loads(_text(text)), lambda _, number: dumps(number))
AS_VALUE = Lens("as text", lambda value: value if isinstance(value, str) else dumps(value), _is(str))
AS_BASE64 = Lens(
    "decoded",
    lambda text: b64decode(_text(text)).decode(),
    lambda _, text: b64encode(_text(text).encode()).decode(),
)
COUNT = Lens("count", lambda value: len(value) if isinstance(value, list) else 1, _repeated)
TEXT_LENGTH = Lens("length of a text", lambda text: len(_text(text)), lambda _, length: _resized("", length))
LENGTH = Lens("length", _length, _resized)
LOWER = Lens("in lower case", lambda text: _text(text).lower(), lambda _, text: _same(text, str.lower))
UPPER = Lens("in upper case", lambda text: _text(text).upper(), lambda _, text: _same(text, str.upper))
SUM = Lens("sum", lambda value: sum(value) if isinstance(value, list) else value, lambda _, number: [number])
LISTED = Lens("in a list", lambda item: [item], lambda _, new: _last(new))
ONLY = Lens("of only one", lambda value: value, lambda _, only: [only])
NEGATED = Lens("negated", _flag, lambda _, wanted: _flag(wanted))


def plus(number: int | float) -> Lens:
    """Return the lens of ``x + number``, for integers only, because the service rounds other numbers."""
    return Lens(f"+ {number}", lambda value: _whole(value) + number, lambda _, sum_: sum_ - number)


def affix(before: str, after: str) -> Lens:
    """Return the lens of a string between a prefix and a suffix."""

    def back(_: Any, text: Any) -> str:
        if not (_text(text).startswith(before) and text.endswith(after)):
            raise ValueError
        return str(text[len(before) : len(text) - len(after)])

    return Lens(f"{before}…{after}", lambda value: f"{before}{AS_VALUE.there(value)}{after}", back)


def contains(item: Any) -> Lens:
    """Return the lens for whether an array contains this item."""

    def there(items: Any) -> bool:
        return any(json_equal(each, item) for each in items)

    return Lens(f"has {item}", there, lambda _, wanted: [item] if wanted else [])


def joined(separator: str) -> Lens:
    """Return the lens of a string split at a separator."""
    return Lens(
        f"split at {separator}",
        lambda text: _text(text).split(separator),
        lambda _, parts: separator.join(map(_text, parts)),
    )
