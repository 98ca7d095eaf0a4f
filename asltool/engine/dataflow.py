"""The data flow through a state, compiled from its `syntax.stages`.

In JSONata, Assign and Output see the same variables. Fields with their default value cost nothing.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html and
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import chain
from operator import attrgetter
from typing import Any

from asltool.engine.decisions import CompiledState, Leave, LeaveWith
from asltool.engine.frame_view import FrameView
from asltool.engine.stage_watch import watched
from asltool.errors import EvaluationError
from asltool.expr import jsonata
from asltool.expr.environment import Environment, Evaluate
from asltool.expr.jsonpath import compile_path, compile_reference
from asltool.expr.payload import compile_template
from asltool.syntax.expressions import held_in
from asltool.syntax.model import ABSENT, Absent, Catcher, State, Working
from asltool.syntax.stages import Part, Stage, inward, outward
from asltool.syntax.wording import spelled

__all__ = [
    "compile_arguments",
    "compile_field",
    "compile_jsonata",
    "compile_leave",
    "compile_stage",
    "is_document_path",
    "nothing_to_read",
    "states_object",
]

_RAW_INPUT: Callable[[FrameView], Any] = attrgetter("input")

_EvaluatedOn = Callable[[FrameView, Any], Any]
"""(frame, the state's result) -> the document on which the output stages are evaluated"""


def compile_stage(stage: Stage) -> Evaluate | None:
    """Compile a JSONPath stage; None if it passes its document through.

    A ``combine`` is called with the result; it takes the raw input from the frame.
    """
    return None if stage.is_default else watched(stage, _compile(stage))


def _compile(stage: Stage) -> Evaluate:
    if stage.action == "select":
        return compile_path(stage.value).read if stage.value is not None else lambda document, frame: {}
    if stage.action == "combine":
        return _compile_combine(stage.value)
    template = compile_template(stage.value, stage.field)
    return template if stage.field != "Parameters" else _parameters(stage.value, template)


def compile_field(state: State, field: str, value: Any | Absent) -> Callable[[FrameView], Any] | None:
    """Compile a field that is evaluated on the state's raw input; None if the state has none."""
    if value is ABSENT:
        return None
    if state.query_language == "JSONata":
        return compile_jsonata(value, field)
    template = compile_template(value, field)
    return lambda frame: template(frame.input, frame)


def compile_jsonata(
    value: Any, field: str, expected: jsonata.Expected | None = None
) -> Callable[[FrameView], Any]:
    """Compile a JSONata field that sees the state's raw input; ``expected`` is its required type."""
    make = jsonata.compile_field(value, field, expected)
    states = states_object(value)
    return lambda frame: make(states(frame), frame)


def compile_arguments(state: State) -> Callable[[FrameView], Any]:
    """Compile the stages from the raw input to the effective input."""
    if state.query_language == "JSONata":
        made = (watched(stage, compile_jsonata(stage.value, stage.field)) for stage in inward(state))
        return next(made, _RAW_INPUT)
    steps = [step for step in map(compile_stage, inward(state)) if step is not None]
    if not steps:
        return _RAW_INPUT
    *before, last = steps
    if not before:
        return lambda frame: last(frame.input, frame)
    first = reduce(_then, before)
    return lambda frame: last(first(frame.input, frame), frame)


def _then(first: Evaluate, second: Evaluate) -> Evaluate:
    return lambda document, frame: second(first(document, frame), frame)


def compile_leave(state: State, part: Part | None = None) -> LeaveWith:
    """Compile the stages from the state's result, or from an Error Output, to the output.

    Args:
        part: the rule or Catcher that is taken; if left out, the state's own ``Next``.
    """
    stages = [stage for stage in outward(state, part) if not stage.is_default]
    if not stages:
        return lambda frame, result, target: (result, target, None)
    if state.query_language == "JSONata":
        return _in_steps(_jsonata_steps(state, stages), _states_with_result(part or state, stages))
    steps = [(stage.action == "assign", _compiled(stage)) for stage in stages]
    (assigns, only), *more = steps
    if more:
        return _in_steps(steps, lambda frame, result: result)
    if assigns:
        return lambda frame, result, target: (result, target, only(result, frame))
    return lambda frame, result, target: (only(result, frame), target, None)


def _in_steps(
    steps: Sequence[tuple[bool, Callable[[Any, FrameView], Any]]], shown: _EvaluatedOn
) -> LeaveWith:
    """Apply the stages in order; those that assign see the data but do not change it."""

    def leave(frame: FrameView, result: Any, target: CompiledState | None) -> Leave:
        document, variables = shown(frame, result), None
        for assigns, make in steps:
            if assigns:
                variables = make(document, frame)
            else:
                document = result = make(document, frame)
        return result, target, variables

    return leave


# JSONPath


def _parameters(value: Any, template: Evaluate) -> Evaluate:
    """Make a path into a null document fail, even ``$``, which could be read."""
    if not any(map(is_document_path, held_in(value))):
        return template

    def parameters(document: Any, environment: Environment) -> Any:
        if document is None:
            raise nothing_to_read()
        return template(document, environment)

    return parameters


def is_document_path(text: str) -> bool:
    """Return whether a string is a path that begins with ``$``, not with ``$$`` or ``$name``."""
    return text[:1] == "$" and text[1:2] in ("", ".", "[")


def nothing_to_read() -> EvaluationError:
    """Return the error of a path into a null document.

    Third parties observed it for Parameters of a Task and Variable of a Choice; for Parameters of other
    states it is inferred. Whether it applies to other fields is not known.
    """
    cause = "Unable to apply Path transformation to null or empty input."
    return EvaluationError("States.Runtime", cause)


def _compiled(stage: Stage) -> Callable[[Any, FrameView], Any]:
    step = compile_stage(stage)
    assert step is not None
    return step


def _compile_combine(path: str | None) -> Callable[[Any, Any], Any]:
    if path is None:
        return lambda result, frame: frame.input
    write = compile_reference(path).write
    return lambda result, frame: write(frame.input, result)


# JSONata

_WHOLE_STATES = re.compile(r"\$states(?!\.(?:input|result|errorOutput)\b)")


def states_object(*fields: Any) -> Callable[[FrameView], dict[str, Any]]:
    """Return the function that makes ``$states`` for these fields, with the context object only if one of
    them may use it."""
    if any(map(_WHOLE_STATES.search, chain.from_iterable(map(held_in, fields)))):
        return lambda frame: {"input": frame.input, "context": frame.context}
    return lambda frame: {"input": frame.input}


def _jsonata_steps(state: State, stages: list[Stage]) -> list[tuple[bool, Evaluate]]:
    """Compile Assign and Output. Messages name their place, such as ``Choices[1]/Output``."""
    places = [spelled(stage.pointer[len(state.pointer) :]) for stage in stages]
    return [
        (stage.action == "assign", watched(stage, jsonata.compile_template(stage.value, place)))
        for stage, place in zip(stages, places, strict=True)
    ]


def _states_with_result(part: Part, stages: list[Stage]) -> _EvaluatedOn:
    """Return the function that makes ``$states`` for these stages, with the state's result, if it has one."""
    states = states_object(*(stage.value for stage in stages))
    if not isinstance(part, Catcher | Working):
        return lambda frame, result: states(frame)
    name = "errorOutput" if isinstance(part, Catcher) else "result"
    return lambda frame, result: {**states(frame), name: result}
