"""What a state makes of its data step by step, as TestState's ``inspectionData`` shows it.

Every step is what the engine does, in its order; which steps are shown is as recorded from the service.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from asltool.engine.dataflow import compile_field, compile_filter, compile_result_path
from asltool.expr.payload import compile_template
from asltool.syntax.model import (
    ABSENT,
    Parallel,
    Pass,
    State,
    Task,
    Working,
)

if TYPE_CHECKING:
    from asltool.engine.frame import Frame

__all__ = ["Phase", "phases_after", "phases_before"]

Phase = tuple[str, Any]
"""(the name of the field in inspectionData, the value)"""


def phases_before(state: State, frame: Frame) -> Iterator[Phase]:
    """Yield what becomes of the input before the state does its work.

    Raises:
        EvaluationError: a field has no value here.
    """
    if state.query_language == "JSONata":
        arguments = compile_field(state, "Arguments", state.arguments) if isinstance(state, Task) else None
        if arguments is not None:
            yield "afterArguments", arguments(frame)
        return
    if isinstance(state, Parallel) or (isinstance(state, Pass) and state.result is not ABSENT):
        return
    document = frame.input
    if (select := compile_filter(state.input_path)) is not None:
        document = select(document, frame)
    yield "afterInputPath", document
    if isinstance(state, Task | Pass):
        if state.parameters is not ABSENT:
            document = compile_template(state.parameters, "Parameters")(document, frame)
        yield "afterParameters", document


def phases_after(state: State, frame: Frame, result: Any) -> Iterator[Phase]:
    """Yield what becomes of the result of a Task, Map or Parallel, or of what a Pass makes.

    Raises:
        EvaluationError: a field has no value here.
    """
    if not isinstance(state, Working | Pass):
        return
    if isinstance(state, Task) or (isinstance(state, Pass) and state.result is not ABSENT):
        yield "result", result
    if state.query_language == "JSONata":
        return
    if isinstance(state, Working) and state.result_selector is not ABSENT:
        result = compile_template(state.result_selector, "ResultSelector")(result, frame)
    yield "afterResultSelector", result
    combine = compile_result_path(state.result_path)
    yield "afterResultPath", result if combine is None else combine(frame.input, result)
