"""The phases of a Map before its iterations start, and its tolerated failures.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html and
https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestStateConfiguration.html
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from asltool.engine.decisions import Distribute, Fork
from asltool.engine.map_io import Member
from asltool.engine.map_items import Batcher, ItemScope
from asltool.engine.map_run import too_many_failed
from asltool.engine.numbers import compile_number
from asltool.engine.retry import Failure
from asltool.engine.states.distributed_map import DistributedMap
from asltool.engine.states.map_ import compile_selector
from asltool.errors import EvaluationError, RequestError
from asltool.expr.values import dumps
from asltool.integrations.item_readers.content import FORMATS
from asltool.integrations.item_readers.failure import reader_failed
from asltool.service.single_state.phases import InspectionStep, phases_before
from asltool.syntax.model import ABSENT, Map

if TYPE_CHECKING:
    from asltool.engine.frame import Frame
    from asltool.engine.map_io import ReadItems

__all__ = ["map_phases", "too_many_failures"]


def map_phases(state: Map, frame: Frame, data: Any) -> Iterator[InspectionStep]:
    """Yield the phases from the state's input to the inputs of its iterations, and its limits.

    Args:
        data: the raw data for the ItemReader.

    Raises:
        EvaluationError: a field has no value here.
        RequestError: ValidationException, if the data of an ItemReader is missing.
        TaskFailed: the data of an ItemReader cannot be read.
    """
    if state.query_language == "JSONPath":
        yield from phases_before(state, frame)
    begun = _enter(frame)
    plan = None
    if isinstance(begun, Distribute):
        assert isinstance(frame.state, DistributedMap)
        plan = frame.state.plan(frame, begun)
    if plan is not None and plan.reader is not None:
        inputs = _read(plan.reader, data)
        if "ItemsPointer" in plan.reader.config:
            yield "afterItemsPointer", inputs
    else:
        assert begun.items is not None
        inputs = begun.items
        if state.query_language == "JSONPath":
            yield "afterItemsPath", inputs
    if state.item_selector is not ABSENT:
        inputs = _selected(state, frame, begun, inputs)
        yield "afterItemSelector", inputs
    if plan is not None and plan.batching is not None:
        yield "afterItemBatcher", [batch for _, batch in Batcher(plan.batching).feed(inputs, last=True)]
    limit = compile_number("MaxConcurrency", state.max_concurrency, state.max_concurrency_path)
    yield "maxConcurrency", limit(frame)
    if plan is not None and plan.tolerated_failure_count is not None:
        yield "toleratedFailureCount", plan.tolerated_failure_count
    if plan is not None and plan.tolerated_failure_percentage is not None:
        yield "toleratedFailurePercentage", plan.tolerated_failure_percentage


def too_many_failures(shown: Mapping[str, Any], failures: int, iterations: int) -> Failure | None:
    """Return the Map's failure if too many of its iterations have failed; None if they are tolerated.

    As recorded, a Map without limits tolerates all. ``shown`` are its phases.
    """
    count, percentage = shown.get("toleratedFailureCount"), shown.get("toleratedFailurePercentage")
    if count is not None and failures > count:
        return Failure(*too_many_failed())
    if percentage is not None and failures * 100 > percentage * iterations:
        return Failure(*too_many_failed())
    return None


def _enter(frame: Frame) -> Fork | Distribute:
    try:
        begun = frame.state.enter(frame)
    except EvaluationError as error:
        # As recorded, the message has a path into the context object without its second $.
        raise EvaluationError(error.error, error.cause.replace('path "$$', 'path "$')) from error
    assert isinstance(begun, Fork | Distribute)
    return begun


def _read(reader: ReadItems, data: Any) -> list[Any]:
    """Read the data as the reader reads its object; a listing or a manifest is given as JSON."""
    if data is ABSENT:
        hint = "a Map with an ItemReader is tested with stateConfiguration.mapItemReaderData"
        raise RequestError("ValidationException", hint)
    text = data if isinstance(data, str) else dumps(data)
    read = FORMATS.get(reader.config.get("InputType", ""), FORMATS["JSON"])
    try:
        items = read(io.BytesIO(text.encode()), reader.config)
        return list(islice(items, reader.config.get("MaxItems") or None))
    except ValueError as problem:
        raise reader_failed(str(problem)) from problem


def _selected(state: Map, frame: Frame, begun: Fork | Distribute, items: list[Any]) -> list[Any]:
    select = compile_selector(state)
    assert select is not None
    scope = ItemScope(frame.input, begun.document, dict(frame.variables), frame.context, frame.now)
    keyed = isinstance(begun, Distribute) and begun.keyed
    inputs = []
    for index, item in enumerate(items):
        scope.move(index, item, item["Key"] if keyed or isinstance(item, Member) else None)
        inputs.append(select(begun.document, scope))
    return inputs
