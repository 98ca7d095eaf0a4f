"""The data of a state step by step, as TestState's ``inspectionData`` shows it.

The steps are those of the engine, in its order; the choice of steps follows recordings of the service.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from asltool.engine.dataflow import compile_field, compile_stage
from asltool.syntax.model import ABSENT, Parallel, Pass, State, Task, Working
from asltool.syntax.stages import inward, outward

if TYPE_CHECKING:
    from asltool.engine.frame import Frame

__all__ = ["InspectionStep", "phases_after", "phases_before"]

InspectionStep = tuple[str, Any]
"""(the name of the field in inspectionData, the value)"""


def phases_before(state: State, frame: Frame) -> Iterator[InspectionStep]:
    """Yield the steps of the input before the state does its work.

    Raises:
        EvaluationError: a field has no value here.
    """
    if isinstance(state, Parallel) or (isinstance(state, Pass) and state.result is not ABSENT):
        return
    if state.query_language == "JSONata":
        for stage in inward(state):
            made = compile_field(state, stage.field, stage.value)
            if made is not None:
                yield f"after{stage.field}", made(frame)
        return
    document = frame.input
    for stage in inward(state, every=True):
        step = compile_stage(stage)
        document = document if step is None else step(document, frame)
        yield f"after{stage.field}", document


def phases_after(state: State, frame: Frame, result: Any) -> Iterator[InspectionStep]:
    """Yield the steps of the result of a Task, Map, Parallel or Pass.

    Raises:
        EvaluationError: a field has no value here.
    """
    if not isinstance(state, Working | Pass):
        return
    if isinstance(state, Task) or (isinstance(state, Pass) and state.result is not ABSENT):
        yield "result", result
    if state.query_language == "JSONata":
        return
    if isinstance(state, Pass):
        yield "afterResultSelector", result
    for stage in outward(state, every=True):
        if stage.action in ("make", "combine"):
            step = compile_stage(stage)
            result = result if step is None else step(result, frame)
            yield f"after{stage.field}", result
