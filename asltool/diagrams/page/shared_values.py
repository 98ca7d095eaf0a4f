"""A compact form of JSON values: equal values are stored once, at any depth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

__all__ = ["Values"]

_LIST: Final = -1
_EXACT: Final = 2**53
"""Up to here JavaScript's numbers are exact."""


class Values:
    """A table of numbered values.

    A row is a string, a number, a boolean or null as it is; a list is ``[-1, number …]``, an object is
    ``[keys, number …]`` with ``keys`` an index into ``self.keys``, and a number that JavaScript would change
    is ``["digits"]``. ``size`` is the approximate size of all rows in characters.

    Args:
        most: the longest string or list; longer ones are truncated. None: no limit.
    """

    def __init__(self, most: int | None = None) -> None:
        self.rows: list[Any] = []
        self.keys: list[Sequence[str]] = []
        self.size = 0
        self.cut = False
        self.most = most
        self._numbers: dict[Any, int] = {}
        self._shapes: dict[tuple[str, ...], int] = {}
        self._texts: dict[str, int] = {}

    def read(self, text: str) -> int:
        """Return the number of the value of a JSON text; text that is not JSON counts as a string."""
        number = self._texts.get(text)
        if number is None:
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                value = text
            number = self._texts[text] = self.add(value)
        return number

    def add(self, value: Any) -> int:
        """Return the number of a value."""
        if isinstance(value, Mapping):
            return self.object(value, map(self.add, value.values()))
        if isinstance(value, list):
            kept, rest = self._shortened(value)
            return self._row((_LIST, *map(self.add, kept), *([self._scalar(rest)] if rest else [])))
        if isinstance(value, str):
            kept, rest = self._shortened(value)
            return self._scalar(kept + rest)
        if type(value) in (int, float) and (abs(value) > _EXACT or json.dumps(value).endswith(".0")):
            return self._row((json.dumps(value),))
        return self._scalar(value)

    def object(self, keys: Iterable[str], numbers: Iterable[int]) -> int:
        """Return the number of an object whose values are already numbered."""
        shape = tuple(keys)
        if shape not in self._shapes:
            self._shapes[shape] = len(self.keys)
            self.keys.append(shape)
            self.size += sum(len(key) + 3 for key in shape)
        return self._row((self._shapes[shape], *numbers))

    def _shortened(self, value: Any) -> tuple[Any, str]:
        """Return a string or list, truncated with a note if it is too long."""
        if self.most is None or len(value) <= self.most:
            return value, ""
        self.cut = True
        return value[: self.most], f"… {len(value) - self.most:,} more left out"

    def _scalar(self, value: Any) -> int:
        # True is 1 to a dict, but not to JSON.
        return self._keep((type(value), value), value, len(value) + 3 if isinstance(value, str) else 6)

    def _row(self, row: tuple[Any, ...]) -> int:
        return self._keep(row, row, 6 * len(row) + 3)

    def _keep(self, key: Any, row: Any, size: int) -> int:
        number = self._numbers.setdefault(key, len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
            self.size += size
        return number
