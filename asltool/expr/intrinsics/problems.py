"""The problems of a call whose syntax is valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from asltool.errors import ExpressionError
from asltool.expr.environment import Json
from asltool.expr.intrinsics.functions import FUNCTIONS
from asltool.expr.intrinsics.grammar import FunctionCall, Literal, PathArgument, paths
from asltool.expr.intrinsics.registry import ArgumentKind, Intrinsic, RefusedArguments
from asltool.expr.intrinsics.strings import template_parts
from asltool.expr.intrinsics.text import CallText
from asltool.expr.jsonpath.text import parse_path

__all__ = ["IntrinsicProblem", "fatal_problems", "find_problems", "readable"]

Parsed = TypeVar("Parsed")

DEEPEST = 10
"""How many functions may stand inside one another."""


class IntrinsicProblem(NamedTuple):
    """``offset`` counts characters from the start of the text."""

    code: str
    message: str
    offset: int


def find_problems(text: str) -> Iterator[IntrinsicProblem]:
    """Yield the problems of a call, including those that occur only when it is evaluated.

    The codes are ``intrinsic-unknown``, ``intrinsic-arity`` and ``intrinsic-too-deep``; without any of these,
    ``intrinsic-argument-type`` and ``intrinsic-format-arity`` from literal arguments.

    Raises:
        ExpressionError: the text is not a call, or a path in it is invalid.
    """
    call = CallText.of(text).call
    fatal = list(fatal_problems(call))
    yield from fatal
    if not fatal:
        for path in paths(call):
            readable(path, text, parse_path)
        yield from _argument_problems(call)


def readable(argument: PathArgument, text: str, read: Callable[[str], Parsed]) -> Parsed:
    """Parse a path in a call. The offset of an error is that in the whole text."""
    try:
        return read(argument.text)
    except ExpressionError as error:
        raise ExpressionError(error.message, text, argument.offset + error.offset) from error


def fatal_problems(call: FunctionCall, depth: int = 1) -> Iterator[IntrinsicProblem]:
    """Yield the problems that prevent compiling a call: unknown functions, wrong arity, too many levels."""
    function = FUNCTIONS.get(call.name)
    if function is None:
        yield IntrinsicProblem(
            "intrinsic-unknown", f'there is no intrinsic function "{call.name}"', call.offset
        )
    elif not function.takes(len(call.arguments)):
        message = f'"{call.name}" takes {_arity(function)}, not {len(call.arguments)}'
        yield IntrinsicProblem("intrinsic-arity", message, call.offset)
    if depth == DEEPEST + 1:
        message = f"at most {DEEPEST} levels of intrinsic functions are allowed"
        yield IntrinsicProblem("intrinsic-too-deep", message, call.offset)
    for argument in call.arguments:
        if isinstance(argument, FunctionCall):
            yield from fatal_problems(argument, depth + 1)


def _arity(function: Intrinsic) -> str:
    if function.rest is not None:
        return f"at least {_count(function.required, 'argument')}"
    if function.required < len(function.kinds):
        return f"{function.required} to {len(function.kinds)} arguments"
    return _count(function.required, "argument")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _argument_problems(call: FunctionCall) -> Iterator[IntrinsicProblem]:
    """Yield the literal arguments that a call without fatal problems rejects when it is evaluated."""
    function = FUNCTIONS[call.name]
    for index, argument in enumerate(call.arguments):
        kind = function.kind(index)
        if isinstance(argument, FunctionCall):
            yield from _argument_problems(argument)
        elif isinstance(argument, Literal) and not _fits(argument.value, kind):
            message = f'argument {index + 1} of "{call.name}" must be {kind.expected}'
            yield IntrinsicProblem("intrinsic-argument-type", message, argument.offset)
    if call.name == "States.Format" and isinstance(call.arguments[0], Literal):
        yield from _template_problems(call.arguments[0], len(call.arguments) - 1)


def _fits(value: Json, kind: ArgumentKind) -> bool:
    try:
        kind.check(value)
    except RefusedArguments:
        return False
    return True


def _template_problems(template: Literal, values: int) -> Iterator[IntrinsicProblem]:
    try:
        places = len(template_parts(template.raw)) - 1
    except RefusedArguments as refusal:
        yield IntrinsicProblem("intrinsic-argument-type", str(refusal).rstrip("."), template.offset)
        return
    if places != values:
        message = f'the template has {_count(places, "place")} "{{}}" for {_count(values, "value")}'
        yield IntrinsicProblem("intrinsic-format-arity", message, template.offset)
