"""Environment variables and modules: separate for each function on Lambda, shared by the process here.

Functions run in threads. Compatible ones run side by side; one that needs a different value of a variable, or
a different module of the same name, waits until the others have returned.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition
from types import ModuleType
from typing import Any, Protocol

__all__ = ["Claim", "ClaimedModule", "LoadedModules", "SearchPath", "Variable", "holding"]


class Claim(Protocol):
    """One thing that a function needs; two with the same key are compatible if they are equal."""

    @property
    def key(self) -> tuple[str, str]: ...

    @property
    def value(self) -> Any: ...

    def put(self) -> None:
        """Put it in place."""

    def take(self) -> None:
        """Put back what was there before."""


@dataclass
class Variable:
    """An environment variable."""

    name: str
    value: str
    _before: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return "variable", self.name

    def put(self) -> None:
        self._before = os.environ.get(self.name)
        os.environ[self.name] = self.value

    def take(self) -> None:
        if self._before is None:
            os.environ.pop(self.name, None)
        else:
            os.environ[self.name] = self._before


@dataclass
class SearchPath:
    """A folder in which modules are looked for first."""

    value: Path

    @property
    def key(self) -> tuple[str, str]:
        return "folder", str(self.value)

    def put(self) -> None:
        sys.path.insert(0, str(self.value))

    def take(self) -> None:
        sys.path.remove(str(self.value))


LoadedModules = dict[str, ModuleType]
"""Modules by name, as in ``sys.modules``."""


@dataclass
class ClaimedModule:
    """The module or package of this name in a folder, with its submodules.

    ``known`` are that folder's modules that have been imported so far.
    """

    name: str
    value: Path
    known: LoadedModules
    _before: LoadedModules = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return "module", self.name

    def put(self) -> None:
        self._before = self._pull(sys.modules)
        sys.modules.update(self._pull(self.known))

    def take(self) -> None:
        self.known.update(self._pull(sys.modules))
        sys.modules.update(self._before)

    def _pull(self, modules: LoadedModules) -> LoadedModules:
        names = [name for name in modules if name.partition(".")[0] == self.name]
        return {name: modules.pop(name) for name in names}


_CHANGED = Condition()
_PLACED: dict[tuple[str, str], tuple[Claim, int]] = {}
"""The claims in place by key, each with the number of functions that need it."""


@contextmanager
def holding(claims: Iterable[Claim]) -> Iterator[None]:
    """Run the body with all these claims in place, once no conflicting claim is."""
    needed = tuple(claims)
    with _CHANGED:
        _CHANGED.wait_for(lambda: all(map(_agrees, needed)))
        for one in needed:
            _put(one)
    try:
        yield
    finally:
        with _CHANGED:
            for one in needed:
                _take(one)
            _CHANGED.notify_all()


def _agrees(one: Claim) -> bool:
    return one.key not in _PLACED or _PLACED[one.key][0].value == one.value


def _put(one: Claim) -> None:
    placed, users = _PLACED.get(one.key, (one, 0))
    if not users:
        placed.put()
    _PLACED[one.key] = placed, users + 1


def _take(one: Claim) -> None:
    placed, users = _PLACED.pop(one.key)
    if users == 1:
        placed.take()
    else:
        _PLACED[one.key] = placed, users - 1
