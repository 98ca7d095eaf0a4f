"""The way of data through a state, in either query language.

JSONPath: InputPath, Parameters, the work, ResultSelector, Assign, ResultPath, OutputPath, in this order.
JSONata: Arguments, the work, then Assign and Output on the same variables. Fields that have their default
cost nothing.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html and
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asltool.engine.steps import CompiledState, Leave
from asltool.expr import jsonata
from asltool.expr.environment import Evaluate
from asltool.expr.jsonpath import compile_path, compile_reference
from asltool.expr.payload import compile_template
from asltool.expr.values import dumps
from asltool.syntax.model import ABSENT, Absent, Catcher, ChoiceRule, Parallel, Pass, State, Task, Working

if TYPE_CHECKING:
    from asltool.engine.frame import Frame

__all__ = [
    "Flow",
    "LeaveWith",
    "compile_caught",
    "compile_field",
    "compile_filter",
    "compile_flow",
    "compile_result_path",
    "compile_rule_leave",
    "states_object",
]

LeaveWith = Callable[["Frame", Any, CompiledState | None], Leave]
"""(frame, the state's result, the next state) -> how the state is left"""

_Combine = Callable[[Any, Any], Any]
"""(the state's raw input, the result) -> the two combined"""


@dataclass(frozen=True, slots=True)
class Flow:
    """``arguments`` leads from the raw input to the effective one, ``leave`` from a result outwards."""

    arguments: Callable[[Frame], Any]
    leave: LeaveWith


def compile_flow(state: State) -> Flow:
    """Compile the fields that a state filters and shapes its data with."""
    if state.query_language == "JSONata":
        return _jsonata_flow(state)
    parameters = state.parameters if isinstance(state, Pass | Task | Parallel) else ABSENT
    result_path = state.result_path if isinstance(state, Pass | Working) else "$"
    selector = state.result_selector if isinstance(state, Working) else ABSENT
    arguments = _jsonpath_arguments(state.input_path, parameters)
    return Flow(arguments, _jsonpath_leave(state.assign, result_path, state.output_path, selector))


def compile_rule_leave(state: State, rule: ChoiceRule) -> LeaveWith:
    """Compile how a Choice is left by one of its rules, which has an Assign and an Output of its own."""
    if state.query_language == "JSONata":
        return _jsonata_leave(rule.assign, rule.output)
    return _jsonpath_leave(rule.assign, "$", state.output_path, ABSENT)


def compile_caught(state: State, catcher: Catcher) -> LeaveWith:
    """Compile what becomes of an Error Output under a catcher."""
    if state.query_language == "JSONata":
        return _jsonata_leave(catcher.assign, catcher.output, "errorOutput")
    return _jsonpath_leave(catcher.assign, catcher.result_path, "$", ABSENT)


def compile_field(state: State, field: str, value: Any | Absent) -> Callable[[Frame], Any] | None:
    """Compile a field that is evaluated on the state's raw input; None if the state has none."""
    if value is ABSENT:
        return None
    if state.query_language == "JSONata":
        made, states = jsonata.compile_template(value, field), states_object(value)
        return lambda frame: made(states(frame), frame)
    template = compile_template(value, field)
    return lambda frame: template(frame.input, frame)


# JSONPath


def _jsonpath_arguments(input_path: str | None, parameters: Any | Absent) -> Callable[[Frame], Any]:
    select = compile_filter(input_path)
    template = None if parameters is ABSENT else compile_template(parameters, "Parameters")
    if select is None:
        if template is None:
            return lambda frame: frame.input
        return lambda frame: template(frame.input, frame)
    if template is None:
        return lambda frame: select(frame.input, frame)
    return lambda frame: template(select(frame.input, frame), frame)


def _jsonpath_leave(
    assign: Any | Absent, result_path: str | None, output_path: str | None, result_selector: Any | Absent
) -> LeaveWith:
    select = None if result_selector is ABSENT else compile_template(result_selector, "ResultSelector")
    # An empty Assign leaves no trace in the history.
    assigned = None if assign in (ABSENT, {}) else compile_template(assign, "Assign")
    combine = compile_result_path(result_path)
    output = compile_filter(output_path)
    if select is None and assigned is None and output is None:
        if combine is None:
            return lambda frame, result, target: (result, target, None)
        return lambda frame, result, target: (combine(frame.input, result), target, None)

    def leave(frame: Frame, result: Any, target: CompiledState | None) -> Leave:
        if select is not None:
            result = select(result, frame)
        variables = None if assigned is None else assigned(result, frame)
        if combine is not None:
            result = combine(frame.input, result)
        return (result if output is None else output(result, frame)), target, variables

    return leave


def compile_filter(path: str | None) -> Evaluate | None:
    """Compile InputPath or OutputPath: None passes all on, and a null path gives ``{}``."""
    if path is None:
        return lambda document, environment: {}
    return None if path == "$" else compile_path(path).read


def compile_result_path(path: str | None) -> _Combine | None:
    """Compile ResultPath: None lets the result replace the input, a null path drops the result."""
    if path is None:
        return lambda raw, result: raw
    return None if path == "$" else compile_reference(path).write


# JSONata

_WHOLE_STATES = re.compile(r"\$states(?!\.(?:input|result|errorOutput)\b)")


def states_object(*fields: Any | Absent) -> Callable[[Frame], dict[str, Any]]:
    """Return what makes ``$states`` for these fields; with the context object only if one may look at it."""
    if any(field is not ABSENT and _WHOLE_STATES.search(dumps(field)) for field in fields):
        return lambda frame: {"input": frame.input, "context": frame.context}
    return lambda frame: {"input": frame.input}


def _jsonata_flow(state: State) -> Flow:
    has_result = isinstance(state, Working)
    leave = _jsonata_leave(state.assign, state.output, "result" if has_result else None)
    arguments = compile_field(state, "Arguments", state.arguments if isinstance(state, Working) else ABSENT)
    return Flow(arguments or (lambda frame: frame.input), leave)


def _jsonata_leave(assign: Any | Absent, output: Any | Absent, shown_as: str | None = None) -> LeaveWith:
    """``shown_as`` is the name of the result in ``$states``; without an Output the result is the output."""
    assigned = None if assign in (ABSENT, {}) else jsonata.compile_template(assign, "Assign")
    made = None if output is ABSENT else jsonata.compile_template(output, "Output")
    if assigned is None and made is None:
        return lambda frame, result, target: (result, target, None)
    states = states_object(assign, output)

    def leave(frame: Frame, result: Any, target: CompiledState | None) -> Leave:
        document = states(frame)
        if shown_as is not None:
            document[shown_as] = result
        variables = None if assigned is None else assigned(document, frame)
        return (result if made is None else made(document, frame)), target, variables

    return leave
