"""The way of data through a JSONPath state.

InputPath, Parameters, the work, ResultSelector, Assign, ResultPath, OutputPath, in this order. Fields that
have their default cost nothing: they compile to None and are stepped over.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from asltool.engine.steps import CompiledState, Leave
from asltool.expr.environment import Evaluate
from asltool.expr.jsonpath import compile_path, compile_reference
from asltool.expr.payload import compile_template
from asltool.syntax.model import ABSENT, Absent, Catcher, State

if TYPE_CHECKING:
    from asltool.engine.frame import Frame

__all__ = ["LeaveWith", "compile_arguments", "compile_caught", "compile_filter", "compile_leave"]

LeaveWith = Callable[["Frame", Any, CompiledState | None], Leave]
"""(frame, the state's result, the next state) -> how the state is left"""

_Combine = Callable[[Any, Any], Any]
"""(the state's raw input, the result) -> the two combined"""


def compile_filter(path: str | None) -> Evaluate | None:
    """Compile InputPath or OutputPath: None passes all on, and a null path gives ``{}``."""
    if path is None:
        return lambda document, environment: {}
    return None if path == "$" else compile_path(path).read


def compile_arguments(state: State, parameters: Any | Absent = ABSENT) -> Evaluate | None:
    """Compile what leads from the raw to the effective input; None where the two are one."""
    select = compile_filter(state.input_path)
    if parameters is ABSENT:
        return select
    template = compile_template(parameters, "Parameters")
    if select is None:
        return template
    return lambda document, environment: template(select(document, environment), environment)


def compile_leave(
    state: State, result_path: str | None = "$", result_selector: Any | Absent = ABSENT
) -> LeaveWith:
    """Compile what becomes of a result: the output, and the variables assigned with it."""
    select = None if result_selector is ABSENT else compile_template(result_selector, "ResultSelector")
    assign = None if state.assign is ABSENT else compile_template(state.assign, "Assign")
    combine = _compile_result_path(result_path)
    output = compile_filter(state.output_path)
    if select is None and assign is None and output is None:
        if combine is None:
            return lambda frame, result, target: (result, target, None)
        return lambda frame, result, target: (combine(frame.input, result), target, None)

    def leave(frame: Frame, result: Any, target: CompiledState | None) -> Leave:
        if select is not None:
            result = select(result, frame)
        assigned = None if assign is None else assign(result, frame)
        if combine is not None:
            result = combine(frame.input, result)
        return (result if output is None else output(result, frame)), target, assigned

    return leave


def compile_caught(catcher: Catcher) -> LeaveWith:
    """Compile what becomes of an Error Output under this catcher."""
    combine = _compile_result_path(catcher.result_path)
    assign = None if catcher.assign is ABSENT else compile_template(catcher.assign, "Assign")

    def leave(frame: Frame, error: Any, target: CompiledState | None) -> Leave:
        assigned = None if assign is None else assign(error, frame)
        return (error if combine is None else combine(frame.input, error)), target, assigned

    return leave


def _compile_result_path(path: str | None) -> _Combine | None:
    """Compile ResultPath: None lets the result replace the input, a null path drops the result."""
    if path is None:
        return lambda raw, result: raw
    return None if path == "$" else compile_reference(path).write
