"""The definitions of running executions, compiled once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from asltool.engine.program import Program, compile_machine
from asltool.errors import DefinitionError
from asltool.expr.jsonata.cost import is_bounded
from asltool.store.port import Store
from asltool.syntax.build import build
from asltool.syntax.expressions import jsonata_tree
from asltool.syntax.reader import read

__all__ = ["Programs", "StoredProgram"]

_MOST = 1_000
"""How many are kept."""


class StoredProgram(NamedTuple):
    """``takes_long``: whether it has JSONata that may take long, judged by its text."""

    program: Program
    takes_long: bool


class Programs:
    """Compiles the definitions of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._compiled: dict[str, StoredProgram] = {}

    def of(self, digest: str) -> StoredProgram:
        """Return the definition with this hash.

        Raises:
            DefinitionError, ExpressionError: the definition cannot be run.
        """
        found = self._compiled.get(digest)
        if found is None:
            if len(self._compiled) >= _MOST:
                self._compiled.clear()
            found = self._compiled[digest] = _compile(self._store.definition(digest))
        return found


def _compile(text: str | None) -> StoredProgram:
    document = read(text or "", "definition")
    machine = build(document)
    if machine is None:
        raise DefinitionError("the definition cannot be read")
    takes_long = any(
        tree is not None and not is_bounded(tree) for tree in map(jsonata_tree, _jsonata(document.value))
    )
    return StoredProgram(compile_machine(machine, document.value), takes_long)


def _jsonata(value: Any) -> Iterator[str]:
    """Yield the JSONata strings in a JSON value."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if each.startswith("{%"):
                yield each
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
