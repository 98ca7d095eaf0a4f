"""Compile the text of a call into a closure that evaluates it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.environment import Environment, Evaluate, Json
from asltool.expr.intrinsics.functions import FUNCTIONS
from asltool.expr.intrinsics.grammar import Argument, FunctionCall, PathArgument
from asltool.expr.intrinsics.problems import fatal_problems, readable
from asltool.expr.intrinsics.registry import KINDS, ArgumentKind, RefusedArguments
from asltool.expr.intrinsics.text import CallText
from asltool.expr.jsonpath import PathError, compile_path
from asltool.expr.jsonpath.java import map_text
from asltool.expr.values import dumps

__all__ = ["compile_intrinsic"]


def compile_intrinsic(text: str) -> Evaluate:
    """Compile an intrinsic function call, such as ``States.Format('{}', $.name)``.

    A call that the service accepts but that always fails, such as ``States.MathAdd('a', 1)``, compiles;
    evaluating it fails with the service's cause.

    Raises:
        ExpressionError: the text is not a call, a path in it is invalid, a function is unknown or has the
        wrong number of arguments, or functions are nested too deeply.
    """
    call = CallText.of(text).call
    for problem in fatal_problems(call):
        raise ExpressionError(problem.message, text, problem.offset)
    return _Compiler(text).call(call)


_CONTEXT = "Current context is: "
"""What the library puts before the value that an index cannot be applied to; here Java writes that value."""


class _Compiler:
    """Compiles the calls of one text. For any failure, the service quotes the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def call(self, call: FunctionCall) -> Evaluate:
        function = FUNCTIONS[call.name]
        arguments = [self.argument(argument, function.kind(i)) for i, argument in enumerate(call.arguments)]
        if function.uses_chance:
            arguments.insert(0, lambda document, environment: environment.uniform)

        def refused(refusal: Exception) -> EvaluationError:
            said = str(refusal) if isinstance(refusal, RefusedArguments) else ""
            detail = said or f"Invalid arguments in {call.name}"
            cause = f"There was an error while evaluating the intrinsic function: {self.text}. {detail}"
            return EvaluationError("States.Runtime", cause, self.text, call.offset)

        return _apply(function.meaning, arguments, refused)

    def argument(self, argument: Argument, kind: ArgumentKind) -> Evaluate:
        if isinstance(argument, PathArgument):
            return self.path(argument, kind.convert)
        if isinstance(argument, FunctionCall):
            return _checked(self.call(argument), kind.convert)
        return _constant(argument.raw if kind is KINDS["template"] else argument.value, kind)

    def path(self, argument: PathArgument, convert: Callable[[Json], Any] | None) -> Evaluate:
        """Compile a path argument; it is evaluated like any other path.

        It is not known whether the service does so: it prints objects as Java maps here, so it may also keep
        them as Java maps, and then an index past the end would fail instead of giving null.
        """
        read = readable(argument, self.text, compile_path).read
        shown = argument.text.removeprefix("$") if argument.text.startswith("$$") else argument.text

        def evaluate(document: Json, environment: Environment) -> Json:
            try:
                value = read(document, environment)
            except PathError as error:
                problem = (
                    f"{error.detail.partition(_CONTEXT)[0]}{_CONTEXT}{map_text(error.context)}"
                    if error.context is not None
                    else f"The JsonPath argument for the field '{shown}' could not be found in the input "
                    f"'{dumps(document)}'"
                )
                cause = f"The function '{self.text}' had the following error: {problem}"
                raise EvaluationError("States.Runtime", cause, self.text, argument.offset) from None
            return value if convert is None else convert(value)

        return evaluate


def _checked(evaluate: Evaluate, convert: Callable[[Json], Any] | None) -> Evaluate:
    if convert is None:
        return evaluate
    return lambda document, environment: convert(evaluate(document, environment))


def _constant(value: Json, kind: ArgumentKind) -> Evaluate:
    """Check the value once; if it is rejected, every evaluation fails."""
    try:
        checked = kind.check(value)
    except RefusedArguments:
        return lambda document, environment: kind.check(value)
    return lambda document, environment: checked


_FAILURES = (RefusedArguments, RecursionError, ValueError)
"""The last two: an argument is nested so deeply that Python cannot walk it, or `dumps` write it."""


def _apply(
    meaning: Callable[..., Json], arguments: list[Evaluate], refused: Callable[[Exception], EvaluationError]
) -> Evaluate:
    if len(arguments) == 2:  # most calls; the special case is a third faster
        first, second = arguments

        def evaluate_two(document: Json, environment: Environment) -> Json:
            try:
                return meaning(first(document, environment), second(document, environment))
            except _FAILURES as refusal:
                raise refused(refusal) from None

        return evaluate_two

    def evaluate(document: Json, environment: Environment) -> Json:
        try:
            return meaning(*[argument(document, environment) for argument in arguments])
        except _FAILURES as refusal:
            raise refused(refusal) from None

    return evaluate
