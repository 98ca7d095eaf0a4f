"""The transition that a Choice takes for given data, and changes of the data that lead to another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.engine.conditions import compile_condition
from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.jsonpath import compile_path
from asltool.expr.values import dumps
from asltool.syntax.model import ABSENT, Choice
from asltool.testing.explore.conditions import Conditions, Wish
from asltool.testing.explore.data import ChoiceData
from asltool.testing.explore.lenses import NotSolved
from asltool.testing.explore.terms import ValueRead

__all__ = ["Decider", "outer_first"]

_MOST_DECISIONS = 1500
_MOST_WISHES = 40


class Decider:
    """A Choice state's decision. Rules are numbered from 0; the number after the last rule is the Default."""

    def __init__(self, state: Choice) -> None:
        self.state = state
        self.conditions = Conditions(state)
        self._rules = [compile_condition(rule.condition) for rule in state.choices]

    def document(self, raw: Any) -> Any:
        """Return the document that the conditions read; ABSENT if InputPath finds nothing."""
        path = self.state.input_path
        if self.state.query_language == "JSONata" or path == "$":
            return raw
        if path is None:
            return {}
        try:
            return compile_path(path).read(raw, ChoiceData(raw))
        except (EvaluationError, ExpressionError):
            return ABSENT

    def decide(self, data: ChoiceData) -> tuple[int, bool]:
        """Return the deciding rule, with False if evaluating its condition fails."""
        seen = data.document
        if self.state.query_language == "JSONata":
            seen = {"input": data.document, "context": data.context}
        for index, rule in enumerate(self._rules):
            try:
                if rule(seen, data):
                    return index, True
            except EvaluationError:
                return index, False
        return len(self._rules), True

    def wishes(self, data: ChoiceData, wanted: int) -> Iterator[Wish]:
        """Yield changes of the data that make this rule decide, usually small ones first."""
        self._left = _MOST_DECISIONS
        self._tried: set[str] = set()
        yield from self._change(data, {}, wanted, 2 * len(self._rules) + 2)

    def _change(self, data: ChoiceData, done: Wish, wanted: int, deeper: int) -> Iterator[Wish]:
        key = dumps([data.document, dict(data.variables)])
        if self._left <= 0 or key in self._tried:
            return
        self._tried.add(key)
        self._left -= 1
        index, decided = self.decide(data)
        if index == wanted and decided:
            yield done
            return
        if deeper:
            blocking = index if index < wanted or not decided else wanted
            for count, wish in enumerate(self.conditions.wishes(blocking, index >= wanted)):
                if count >= _MOST_WISHES:
                    return
                changed = _changed(data, wish)
                if changed is not None:
                    yield from self._change(changed, {**done, **wish}, wanted, deeper - 1)


def outer_first(wish: Wish) -> list[ValueRead]:
    """Return the places, each before the places inside it."""
    return sorted(wish, key=lambda read: len(read.steps))


def _changed(data: ChoiceData, wish: Wish) -> ChoiceData | None:
    try:
        for read in outer_first(wish):
            data = data.with_value(read, wish[read])
    except NotSolved:
        return None
    return data
