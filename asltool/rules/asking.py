"""What the conditions of a Choice state ask for, so that it may or may not be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.expr import jsonata
from asltool.rules.places import Place, jsonata_place, jsonata_tree, place
from asltool.syntax.model import Choice

__all__ = ["asked"]


def asked(state: Choice) -> Iterator[Place | None]:
    """Yield the places that conditions ask for: with IsPresent, or anyhow in JSONata; None for any place."""
    for rule in state.choices:
        if state.query_language == "JSONata":
            yield from _jsonata_asked(rule.condition)
        else:
            yield from _is_present(rule.condition)


def _is_present(condition: Any) -> Iterator[Place | None]:
    if isinstance(condition, dict):
        if "IsPresent" in condition and isinstance(condition.get("Variable"), str):
            found = place(condition["Variable"])
            yield None if found is None or found.goes_on else found
        yield from _is_present(condition.get("Not"))
        for rules in (condition.get("And"), condition.get("Or")):
            for rule in rules if isinstance(rules, list) else ():
                yield from _is_present(rule)


def _jsonata_asked(condition: Any) -> Iterator[Place | None]:
    """In JSONata what is not there compares as false: it needs no other question."""
    if not (isinstance(condition, str) and jsonata.is_expression(condition)):
        return
    tree = jsonata_tree(condition)
    if tree is None:
        yield None
        return
    for node in tree.walk():
        where = jsonata_place(node)
        if where is not None and where.root != "$states":
            yield where
        elif where is not None and where.steps[:1] == ("input",):
            yield Place("$", where.steps[1:])
