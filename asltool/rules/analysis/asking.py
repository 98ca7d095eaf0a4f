"""The data whose presence the conditions of a Choice state check."""

from __future__ import annotations

from collections.abc import Iterator

from asltool.syntax.condition import Condition, Expression, comparisons
from asltool.syntax.expressions import PlainPath, jsonata_place, place
from asltool.syntax.model import Choice

__all__ = ["asked"]


def asked(state: Choice) -> Iterator[PlainPath | None]:
    """Yield the places that conditions check: with IsPresent, or by any read in JSONata; None for any."""
    for rule in state.choices:
        if state.query_language == "JSONata":
            yield from _jsonata_asked(rule.condition)
        else:
            for comparison in comparisons(rule.condition):
                if comparison.operator == "IsPresent":
                    found = place(comparison.variable)
                    yield None if found is None or found.goes_on else found


def _jsonata_asked(condition: Condition) -> Iterator[PlainPath | None]:
    """In JSONata, comparing a missing value gives false, so every comparison checks for presence."""
    if not isinstance(condition, Expression) or not condition.is_text:
        return
    if condition.tree is None:
        yield None
        return
    for node in condition.tree.walk():
        where = jsonata_place(node)
        if where is not None and where.root != "$states":
            yield where
        elif where is not None and where.steps[:1] == ("input",):
            yield PlainPath("$", where.steps[1:])
