"""Where two JSON values differ, as JSONPaths."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from asltool.expr.values import json_equal
from asltool.syntax.model import ABSENT
from asltool.syntax.wording import quoted

__all__ = ["Difference", "differences"]


class Difference(NamedTuple):
    """A JSONPath with its old and new value; `ABSENT` if there is none."""

    path: str
    was: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.path} was {_shown(self.was)} and is {_shown(self.now)}"


def differences(was: Any, now: Any, varying: Collection[str] = (), path: str = "$") -> Iterator[Difference]:
    """Yield every place where two JSON values differ, depth first, with sorted keys.

    ``varying`` are strings that differ in every run: a new string that contains one equals any string.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            step = f".{key}" if key.isidentifier() else f"[{quoted(key)}]"
            yield from differences(was.get(key, ABSENT), now.get(key, ABSENT), varying, path + step)
    elif isinstance(was, list) and isinstance(now, list):
        for index in range(max(len(was), len(now))):
            before, after = (each[index] if index < len(each) else ABSENT for each in (was, now))
            yield from differences(before, after, varying, f"{path}[{index}]")
    elif not json_equal(was, now) and not _varies(was, now, varying):
        yield Difference(path, was, now)


def _varies(was: Any, now: Any, varying: Collection[str]) -> bool:
    return isinstance(was, str) and isinstance(now, str) and any(text in now for text in varying)


def _shown(value: Any) -> str:
    return "not there" if value is ABSENT else quoted(value)
