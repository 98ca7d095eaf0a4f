"""Map, inline: run the same states for each item; the result is the list of their outputs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from asltool.engine.dataflow import states_object
from asltool.engine.numbers import compile_integer
from asltool.engine.states.working import WorkingState
from asltool.engine.steps import CompiledMachine, CompiledState, Fork, Step
from asltool.errors import DefinitionError, EvaluationError
from asltool.expr import jsonata
from asltool.expr.jsonpath import compile_path
from asltool.expr.payload import compile_template
from asltool.expr.values import dumps
from asltool.syntax.model import ABSENT, Map

if TYPE_CHECKING:
    from asltool.engine.frame import Frame

__all__ = ["compile_map"]

_MOST_AT_A_TIME = 40
"""How many iterations of an inline Map run at the same time, whatever MaxConcurrency says."""


class _Map(WorkingState):
    __slots__ = ("_items", "_limit", "_processor", "_select")

    kind = "Map"
    forks = True

    def __init__(self, state: Map, machines: list[CompiledMachine]) -> None:
        super().__init__(state)
        if state.processor.mode == "DISTRIBUTED":
            raise DefinitionError(f'Map state "{state.name}" is distributed, which asltool cannot run yet')
        (self._processor,) = machines
        self._items = _compile_items(state)
        self._limit = compile_integer("MaxConcurrency", state.max_concurrency, state.max_concurrency_path)
        self._select = _compile_selector(state)

    def enter(self, frame: Frame) -> Step:
        document = self._flow.arguments(frame)
        items = self._items(frame, document)
        limit = min(self._limit(frame) or _MOST_AT_A_TIME, _MOST_AT_A_TIME)
        return Fork(len(items), limit, document, items)

    def child(self, frame: Frame) -> tuple[CompiledState, Any]:
        return self._processor.start, self._select(frame)

    def states_of(self, index: int) -> Mapping[str, CompiledState]:
        return self._processor.states


def _compile_items(state: Map) -> Callable[[Frame, Any], list[Any]]:
    """Compile what makes the items of the effective input: Items in JSONata, else ItemsPath."""
    if state.query_language == "JSONata":
        return _items_in_input if state.items is ABSENT else _items_field(state.items)
    path = state.items_path or "$"
    read = compile_path(path).read

    def items(frame: Frame, document: Any) -> list[Any]:
        found = read(document, frame)
        if not isinstance(found, list):
            raise EvaluationError("States.Runtime", f'Reference path "{path}" must point to array.')
        return found

    return items


def _items_in_input(frame: Frame, document: Any) -> list[Any]:
    if not isinstance(document, list):
        cause = f"Map state input must be an array but was: {dumps(document)}"
        raise EvaluationError("States.QueryEvaluationError", cause)
    return document


def _items_field(value: Any) -> Callable[[Frame, Any], list[Any]]:
    evaluate = jsonata.compile_field(value, "Items", "array")
    states = states_object(value)
    return lambda frame, document: evaluate(states(frame), frame)


def _compile_selector(state: Map) -> Callable[[Frame], Any]:
    """Compile ItemSelector, or the older Parameters: what a child is given instead of its item."""
    if state.query_language == "JSONata":
        if state.item_selector is ABSENT:
            return lambda child: child.item
        selector = jsonata.compile_template(state.item_selector, "ItemSelector")
        states = states_object(state.item_selector)
        return lambda child: selector(states(child), child)
    value = state.parameters if state.item_selector is ABSENT else state.item_selector
    if value is ABSENT:
        return lambda child: child.item
    template = compile_template(value, "ItemSelector")

    def select(child: Frame) -> Any:
        assert child.parent is not None
        assert child.parent.fork is not None
        return template(child.parent.fork.document, child)

    return select


compile_map = _Map
