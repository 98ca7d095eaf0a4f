"""Inline Map: run the same states for each item; the result is the list of their outputs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from asltool.engine.dataflow import compile_jsonata
from asltool.engine.decisions import CompiledMachine, CompiledState, Decision, Fork
from asltool.engine.frame_view import FrameView
from asltool.engine.numbers import compile_number
from asltool.engine.stage_watch import watched
from asltool.engine.states.forking import ForkingState
from asltool.errors import EvaluationError
from asltool.expr.jsonpath import compile_path
from asltool.expr.payload import compile_template
from asltool.expr.values import dumps
from asltool.syntax.model import ABSENT, Map
from asltool.syntax.stages import items as items_of
from asltool.syntax.stages import selector

__all__ = ["InlineMap", "compile_items", "compile_selector"]

_MOST_AT_A_TIME = 40
"""The most iterations of an inline Map at the same time, whatever MaxConcurrency says."""


class InlineMap(ForkingState):
    __slots__ = ("_items", "_limit", "_processor", "_select")

    kind = "Map"

    def __init__(self, state: Map, machines: list[CompiledMachine]) -> None:
        super().__init__(state)
        (self._processor,) = machines
        self._items = compile_items(state)
        self._limit = compile_number("MaxConcurrency", state.max_concurrency, state.max_concurrency_path)
        self._select = compile_selector(state)

    def enter(self, frame: FrameView) -> Decision:
        document = self._arguments(frame)
        items = self._items(frame, document)
        limit = min(self._limit(frame) or _MOST_AT_A_TIME, _MOST_AT_A_TIME)
        return Fork(len(items), limit, document, items)

    def child(self, frame: FrameView) -> tuple[CompiledState, Any]:
        if self._select is None:
            return self._processor.start, frame.item
        return self._processor.start, self._select(frame.document, frame)

    @property
    def machines(self) -> Sequence[CompiledMachine]:
        return (self._processor,)

    def states_of(self, index: int) -> Mapping[str, CompiledState]:
        return self._processor.states


def compile_items(state: Map) -> Callable[[FrameView, Any], Any]:
    """Compile the field that selects the items from the effective input: Items in JSONata, else ItemsPath.

    They must be an array; in a distributed Map they may also be an object, whose members are then the items.
    """
    wanted = list if state.processor.mode == "INLINE" else (list, dict)
    if state.query_language == "JSONata":
        return _items_in_input(wanted) if state.items is ABSENT else _items_field(state)
    stage = items_of(state)
    path = stage.value
    read = compile_path(path).read if stage.is_default else watched(stage, compile_path(path).read)

    def items(frame: FrameView, document: Any) -> Any:
        found = read(document, frame)
        if not isinstance(found, wanted):
            raise EvaluationError("States.Runtime", f'Reference path "{path}" must point to array.')
        return found

    return items


def _items_in_input(wanted: Any) -> Callable[[FrameView, Any], Any]:
    def items(frame: FrameView, document: Any) -> Any:
        if not isinstance(document, wanted):
            cause = f"Map state input must be an array but was: {dumps(document)}"
            raise EvaluationError("States.QueryEvaluationError", cause)
        return document

    return items


def _items_field(state: Map) -> Callable[[FrameView, Any], Any]:
    stage = items_of(state)
    template = watched(stage, compile_jsonata(state.items, "Items"))
    evaluate = watched(stage, compile_jsonata(state.items, "Items", "array"))
    inline = state.processor.mode == "INLINE"

    def items(frame: FrameView, document: Any) -> Any:
        found = None if inline else template(frame)
        # If it is neither, evaluating it raises the service's error.
        return found if isinstance(found, dict | list) else evaluate(frame)

    return items


def compile_selector(state: Map) -> Callable[[Any, Any], Any] | None:
    """Compile ItemSelector, or the older Parameters, which makes a child's input from its item.

    The result is called with the state's effective input and the item's environment; None without either
    field.
    """
    stage = selector(state)
    if stage.is_default:
        return None
    if state.query_language == "JSONata":
        select = compile_jsonata(stage.value, "ItemSelector")
        return watched(stage, lambda document, child: select(child))
    return watched(stage, compile_template(stage.value, "ItemSelector"))
