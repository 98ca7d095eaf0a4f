"""Distributed Map: a child execution for each item or batch of items, grouped in a map run.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from asltool.engine.dataflow import compile_jsonata
from asltool.engine.decisions import CompiledMachine, Decision, Distribute
from asltool.engine.frame_view import FrameView
from asltool.engine.map_io import ReadItems
from asltool.engine.map_items import Children
from asltool.engine.map_plan import Batching, MapPlan
from asltool.engine.numbers import compile_number
from asltool.engine.states.map_ import compile_items, compile_selector
from asltool.engine.states.working import WorkingState
from asltool.errors import EvaluationError
from asltool.expr.payload import compile_template
from asltool.syntax.model import ABSENT, ItemBatcher, ItemReader, Map, ResultWriter

__all__ = ["DistributedMap", "distributed_maps"]

_compile_setting = partial(compile_number, negative=True)

_FieldTemplate = Callable[[FrameView, Any], Any]
"""(frame, the state's effective input) -> the field's value"""


class DistributedMap(WorkingState):
    """A distributed Map ready to run."""

    __slots__ = ("_batching", "_children", "_count", "_items", "_limit", "_percentage", "_reader", "_writer")

    kind = "Map"
    forks = True

    def __init__(self, state: Map, machines: list[CompiledMachine]) -> None:
        super().__init__(state)
        self._items = compile_items(state) if state.item_reader is None else None
        self._reader = None if state.item_reader is None else _compile_reader(state, state.item_reader)
        self._batching = None if state.item_batcher is None else _compile_batching(state, state.item_batcher)
        self._writer = _compile_writer(state, state.result_writer or ResultWriter())
        self._limit = compile_number("MaxConcurrency", state.max_concurrency, state.max_concurrency_path)
        self._count = _compile_setting(
            "ToleratedFailureCount", state.tolerated_failure_count, state.tolerated_failure_count_path
        )
        self._percentage = _compile_setting(
            "ToleratedFailurePercentage",
            state.tolerated_failure_percentage,
            state.tolerated_failure_percentage_path,
            "float",
        )
        self._children = Children(
            machine=machines[0],
            timeout_seconds=state.item_processor.timeout_seconds,
            express=state.processor.execution_type == "EXPRESS",
            label=state.label or str(uuid.uuid5(uuid.NAMESPACE_URL, state.name)),
            select=compile_selector(state),
        )

    @property
    def children(self) -> Children:
        """What the child executions run."""
        return self._children

    @property
    def machines(self) -> Sequence[CompiledMachine]:
        return (self._children.machine,)

    def enter(self, frame: FrameView) -> Decision:
        document = self._arguments(frame)
        found = None if self._items is None else self._items(frame, document)
        if not isinstance(found, dict):
            return Distribute(self._limit(frame) or 0, document, found)
        members = [{"Key": key, "Value": value} for key, value in found.items()]
        return Distribute(self._limit(frame) or 0, document, members, keyed=True)

    def plan(self, frame: FrameView, items: Distribute) -> MapPlan:
        """Return the plan of the state's map run.

        Raises:
            EvaluationError: an expression of the state has no value here.
        """
        count, percentage = self._count(frame), self._percentage(frame)
        if count is not None and count < 0:
            raise EvaluationError("States.Runtime", "ToleratedFailureCount cannot be negative.")
        if percentage is not None and not 0 <= percentage <= 100:
            raise EvaluationError("States.Runtime", "ToleratedFailurePercentage must be between 0 and 100.")
        return MapPlan(
            arn=self._arn(frame),
            entered_id=frame.entered_id,
            items=items.items,
            keyed=items.keyed,
            document=items.document,
            reader=None if self._reader is None else self._reader(frame, items.document),
            batching=None if self._batching is None else self._batching(frame, items.document),
            writer=self._writer(frame, items.document),
            max_concurrency=items.limit,
            tolerated_failure_count=count,
            tolerated_failure_percentage=percentage,
            started_at=frame.now,
        )

    def _arn(self, frame: FrameView) -> str:
        """Return the map run's ARN, which is the same in a repeated run."""
        identity = frame.identity
        visit = f"{identity.execution_arn}/{frame.number}/{frame.entered_id}/{frame.attempt}"
        name = f"{identity.whole_machine}/{self._children.label}:{uuid.uuid5(uuid.NAMESPACE_URL, visit)}"
        return f"{identity.place}:mapRun:{name}"


def _compile_template(state: Map, field: str, value: Any) -> _FieldTemplate:
    if state.query_language == "JSONata":
        made = compile_jsonata(value, field)
        return lambda frame, document: made(frame)
    template = compile_template(value, field)
    return lambda frame, document: template(document, frame)


def _compile_reader(state: Map, reader: ItemReader) -> Callable[[FrameView, Any], ReadItems]:
    arguments = _compile_arguments(state, "ItemReader", reader)
    config, resource = reader.reader_config, str(reader.resource)
    most = _compile_setting(
        "MaxItems", config.max_items, config.max_items_path, owner="ItemReader/ReaderConfig/"
    )

    def read(frame: FrameView, document: Any) -> ReadItems:
        limit = most(frame)
        whole = config.options if limit is None else {**config.options, "MaxItems": limit}
        return ReadItems(resource=resource, arguments=arguments(frame, document), config=whole)

    return read


def _compile_writer(state: Map, writer: ResultWriter) -> Callable[[FrameView, Any], dict[str, Any]]:
    """Compile ResultWriter; without a Resource, the results become the state's result."""
    arguments = _compile_arguments(state, "ResultWriter", writer)
    resource = None if writer.resource is None else str(writer.resource)
    constant = {"resource": resource, "config": writer.writer_config}
    return lambda frame, document: {**constant, "arguments": arguments(frame, document)}


def _compile_arguments(state: Map, owner: str, at: ItemReader | ResultWriter) -> _FieldTemplate:
    """Compile ``Parameters`` or ``Arguments`` of an ItemReader or a ResultWriter."""
    is_jsonata = state.query_language == "JSONata"
    field, value = ("Arguments", at.arguments) if is_jsonata else ("Parameters", at.parameters)
    return _compile_template(state, f"{owner}/{field}", {} if value is ABSENT else value)


def _compile_batching(state: Map, batcher: ItemBatcher) -> Callable[[FrameView, Any], Batching]:
    items = _compile_positive(
        "MaxItemsPerBatch", batcher.max_items_per_batch, batcher.max_items_per_batch_path
    )
    size = _compile_positive(
        "MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch, batcher.max_input_bytes_per_batch_path
    )
    given = None if batcher.batch_input is ABSENT else batcher.batch_input
    shared = _compile_template(state, "ItemBatcher/BatchInput", given)

    def batching(frame: FrameView, document: Any) -> Batching:
        return Batching(max_items=items(frame), max_bytes=size(frame), input=shared(frame, document))

    return batching


def _compile_positive(
    field: str, value: int | str | None, path: str | None
) -> Callable[[FrameView], int | None]:
    setting = _compile_setting(field, value, path, owner="ItemBatcher/")

    def positive(frame: FrameView) -> int | None:
        number: int | None = setting(frame)
        if number is not None and number < 1:
            raise EvaluationError("States.Runtime", f"{field} must be positive.")
        return number

    return positive


def distributed_maps(machine: CompiledMachine) -> dict[str, Children]:
    """Return the programs of children of every distributed Map in a machine, by the Map's name."""
    found: dict[str, Children] = {}
    for name, state in machine.states.items():
        if isinstance(state, DistributedMap):
            found[name] = state.children
        for inside in state.machines:
            found |= distributed_maps(inside)
    return found
