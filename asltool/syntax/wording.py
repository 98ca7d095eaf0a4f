"""Parts of messages: names in double quotes, lists, near misses, and types of values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any

__all__ = [
    "Choices",
    "described",
    "expected",
    "listed",
    "loose_ends",
    "near",
    "only_near",
    "quoted",
    "spelled",
]

_LONGEST_NAME = 80
_LONGEST_LIST = 12
_NEAR = 0.65
_SURELY_NEAR = 0.8
_APART = 0.1
_MOST_COMPARED = 100_000
_FEWEST_SEARCHES = 10


def quoted(value: Any) -> str:
    """Return a value as JSON, on one line and shortened if it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_NAME + 2 else f"{text[:_LONGEST_NAME]}…{text[-1]}"


def spelled(place: Iterable[str | int]) -> str:
    """Write the path to a field as the service does: ``Choices[0]/Next``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in place).removeprefix("/")


def listed(names: Iterable[str], conjunction: str) -> str:
    """Return ``"A", "B" or "C"``; for many names, the first ones and the number of the others."""
    *first, last = map(quoted, names)
    if len(first) >= _LONGEST_LIST:
        first, last = first[:_LONGEST_LIST], f"{len(first) - _LONGEST_LIST + 1} more"
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def near(name: str, names: Iterable[str]) -> str | None:
    """Return the one of ``names`` that ``name`` probably means: equal but for case, else similar."""
    return _near(name, tuple(names))


@lru_cache(maxsize=1024)
def _near(name: str, names: tuple[str, ...]) -> str | None:
    import difflib

    by_folded = {_folded(known): known for known in reversed(names)}
    matches = difflib.get_close_matches(_folded(name), by_folded, n=1, cutoff=_NEAR)
    return by_folded[matches[0]] if matches else None


def only_near(name: str, names: Iterable[str]) -> str | None:
    """Return what `near` returns, if it is so close that nothing else can be meant.

    Names that differ in a number, such as ``Step1`` and ``Step2``, are different names.
    """
    meant = near(name, names := tuple(names))
    if meant is None or _digits(name) != _digits(meant):
        return None
    if _folded(name) == _folded(meant):
        return meant
    likeness = _likeness(name, meant)
    swapped = sorted(_folded(name)) == sorted(_folded(meant))
    apart = all(likeness - _likeness(name, other) >= _APART for other in names if other != meant)
    return meant if apart and (swapped or likeness >= _SURELY_NEAR) else None


class Choices:
    """Names to choose from, such as those of all states.

    A definition may have thousands of names, and as many wrong ones. Similar names are searched for only for
    a short time; after that, only names that differ in case are found.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._left = max(_FEWEST_SEARCHES, _MOST_COMPARED // (len(self._names) or 1))
        self._near: dict[str, str | None] = {}

    def near(self, name: str) -> str | None:
        """Return what `near` returns."""
        if name not in self._near:
            self._left -= 1
            self._near[name] = near(name, self._names) if self._left >= 0 else self._folded.get(_folded(name))
        return self._near[name]

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {_folded(name): name for name in reversed(self._names)}

    def only_near(self, name: str) -> str | None:
        """Return what `only_near` returns."""
        meant = self.near(name)
        if meant is None or self._left < 0:
            return None
        return only_near(name, self._names)

    def expected(self, name: str) -> str:
        """Return what `expected` returns."""
        meant = self.near(name)
        return f"did you mean {quoted(meant)}?" if meant is not None else _offered(self._names)


def _likeness(name: str, other: str) -> float:
    import difflib

    return difflib.SequenceMatcher(None, _folded(name), _folded(other)).ratio()


def _digits(name: str) -> list[str]:
    return [character for character in name if character.isdigit()]


def _folded(name: str) -> str:
    return name.strip().casefold()


def expected(name: str, names: Iterable[str]) -> str:
    """Return a sentence with what would be right: the near miss, else the possible names."""
    names = tuple(names)
    meant = near(name, names)
    return f"did you mean {quoted(meant)}?" if meant is not None else _offered(names)


def _offered(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"expected {quoted(names[0])}"
    more = ["…"] if len(names) > _LONGEST_LIST else []
    return f"expected one of {', '.join([*map(quoted, names[:_LONGEST_LIST]), *more])}"


def described(value: Any) -> str:
    """Return the type of a JSON value in words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return f"the number {quoted(value)}"
    kinds: dict[type, str] = {str: "a string", list: "an array", dict: "an object"}
    return kinds[type(value)]


def loose_ends(value: Any) -> str:
    """Return a sentence about the characters around ``{% ... %}`` in a string; empty if there are none."""
    inner = value.strip() if isinstance(value, str) else ""
    if inner == value or not (inner.startswith("{%") and inner.endswith("%}")):
        return ""
    if value == f"{inner}\n":
        return '. a line feed follows "%}"; in YAML write "|-" or ">-" instead of "|" or ">"'
    return '. remove the spaces and line feeds before "{%" and after "%}"'
