"""``{% %}`` in the fields of a state: single expressions, and expressions inside a JSON value.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from asltool.errors import EvaluationError
from asltool.expr.environment import Environment, Evaluate, Json
from asltool.expr.jsonata.delimiters import JsonataText, expression_in, is_expression
from asltool.expr.jsonata.tokens import JsonataSyntaxProblem
from asltool.expr.values import dumps

if TYPE_CHECKING:
    from asltool.expr.jsonata.job import EvaluationFailure

__all__ = [
    "Expected",
    "QueryEvaluationError",
    "compile_field",
    "compile_jsonata",
    "compile_template",
]

Expected = Literal["array", "boolean", "number", "object", "string"]


class QueryEvaluationError(EvaluationError):
    """An expression has no usable value.

    ``location`` is the field as history events name it: ``Output/orders[0]``. ``code`` is JSONata's code for
    the reason, such as T2001, or one of ours: ``undefined``, ``function`` or ``type``; it may be empty.
    """

    def __init__(self, text: str, location: str, code: str, sentence: str) -> None:
        where = f" specified for the field '{location}'" if location else ""
        cause = f"The JSONata expression '{text}'{where} {sentence}"
        super().__init__("States.QueryEvaluationError", cause, text)
        self.location = location
        self.code = code


def compile_jsonata(text: str, field: str = "") -> Evaluate:
    """Compile one expression, with or without ``{% %}`` around it.

    The result is called with the ``$states`` object and an environment. It raises `QueryEvaluationError`,
    which names ``field`` as the place of the expression.

    Raises:
        SyntaxProblem: the text is not JSONata; an `ExpressionError` with a ``code``.
    """
    from asltool.expr.jsonata.job import EvaluationFailure
    from asltool.expr.jsonata.program import compile_program

    held = JsonataText.of(text)
    expression, offset = expression_in(held)
    try:
        program = compile_program(held)
    except JsonataSyntaxProblem as problem:
        raise JsonataSyntaxProblem(problem.code, problem.message, text, problem.offset + offset) from None

    def evaluate(states: Json, environment: Environment) -> Json:
        found = program if isinstance(program, EvaluationFailure) else program.run(states, environment)
        if isinstance(found, EvaluationFailure):
            raise QueryEvaluationError(expression, field, found.code, _said(held, found))
        return found

    return evaluate


def _said(text: JsonataText, failure: EvaluationFailure) -> str:
    """Return a failure's message in JSONata's wording, if it can be derived from the engine's."""
    from asltool.expr.jsonata.failing_sentences import failing_sentence
    from asltool.expr.jsonata.job import INTERNAL

    if failure.code == INTERNAL:
        return "threw an internal error during evaluation."
    before, mark, said = failure.sentence.partition(f". {failure.code}: ")
    sentence = failing_sentence(text.tree, failure.code, said) if mark else None
    return failure.sentence if sentence is None else f"{before}{mark}{sentence}"


def compile_template(value: Json, field: str) -> Evaluate:
    """Compile a JSON value with expressions at any depth; parts without expressions are not copied.

    ``field`` is the name of the field, such as ``Output``; errors name positions in it: ``Output/orders[0]``.

    Raises:
        SyntaxProblem: an expression is not valid JSONata.
    """
    return _template(value, field) or (lambda states, environment: value)


def compile_field(value: Json, field: str, expected: Expected | None) -> Evaluate:
    """Compile a field that may require a type; only the result of an expression is checked.

    Raises:
        SyntaxProblem: an expression is not valid JSONata.
    """
    template = compile_template(value, field)
    if expected is None or not (isinstance(value, str) and is_expression(value)):
        return template
    expression, _ = expression_in(value)

    def evaluate(states: Json, environment: Environment) -> Json:
        found = template(states, environment)
        if (actual := _type_of(found)) != expected:
            sentence = (
                f"returned an unexpected result type. Expected '{expected}', but was '{actual}' "
                f"for value: {dumps(found)}"
            )
            raise QueryEvaluationError(expression, field, "type", sentence)
        return found

    return evaluate


def _template(value: Json, field: str) -> Evaluate | None:
    """Compile a part of a template; None where it is constant."""
    match value:
        case str() if is_expression(value):
            return compile_jsonata(value, field)
        case dict():
            fields = {key: _template(item, f"{field}/{key}") for key, item in value.items()}
            return _filled(value, fields.items()) if any(fields.values()) else None
        case list():
            items = [_template(item, f"{field}[{index}]") for index, item in enumerate(value)]
            return _filled(value, enumerate(items)) if any(items) else None
    return None


def _filled(value: Any, parts: Iterable[tuple[str | int, Evaluate | None]]) -> Evaluate:
    """Return a function that copies an object or array and evaluates its parts that are not constant."""
    moving = [(key, evaluate) for key, evaluate in parts if evaluate]

    def build(states: Json, environment: Environment) -> Json:
        built = value.copy()
        for key, evaluate in moving:
            built[key] = evaluate(states, environment)
        return built

    return build


def _type_of(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
