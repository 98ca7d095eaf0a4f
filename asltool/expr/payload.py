"""Payload templates: JSON in which the value of a key that ends in ``.$`` is a path or a call.

Source: https://states-language.net/spec.html#payload-template
"""

from __future__ import annotations

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.environment import Environment, Evaluate, Json
from asltool.expr.jsonpath import Path, compile_path
from asltool.expr.values import dumps

__all__ = ["compile_template", "compile_value"]

SUFFIX = ".$"


def compile_template(value: Json, field: str = "Parameters") -> Evaluate:
    """Compile a payload template; a template without ``.$`` gives the same object each time.

    Args:
        value: the template as it is in the definition.
        field: the name of the field that holds it, for messages.

    Raises:
        ExpressionError: the value of a key that ends in ``.$`` is not a path or call, or a field is there
        twice.
    """
    try:
        return _compile(value, field) or (lambda document, environment: value)
    except RecursionError:
        raise ExpressionError(f'"{field}" is nested too deeply', field, 0) from None


def compile_value(text: str, field: str = "") -> Evaluate:
    """Compile the value of ``"x.$"``: a path (``$``, ``$$`` or ``$name``) or a call.

    Args:
        text: the path or the call. field: the field that holds it, such as ``x.$`` or ``CausePath``. With it,
        a path that finds nothing fails with the service's cause for that field; without it, with the path's
        own cause.

    Raises:
        ExpressionError: the text is neither a path nor a call.
    """
    if not text.startswith("$"):
        from asltool.expr.intrinsics.compiler import compile_intrinsic

        return compile_intrinsic(text)
    path = compile_path(text)
    return _for_field(path, field) if field else path.read


def _compile(value: Json, where: str) -> Evaluate | None:
    """Compile a part of a template; None if it is constant."""
    if isinstance(value, dict):
        return _compile_object(value, where)
    if isinstance(value, list):
        return _compile_array(value, where)
    return None


def _compile_object(value: dict[str, Json], where: str) -> Evaluate | None:
    fields: list[tuple[str, Evaluate]] = []
    for key, part in value.items():
        if key.endswith(SUFFIX):
            fields.append((key.removesuffix(SUFFIX), _compile_field(value, key, where)))
        elif evaluate := _compile(part, f"{where}/{key}"):
            fields.append((key, evaluate))
    if not fields:
        return None
    skeleton = {key.removesuffix(SUFFIX): part for key, part in value.items()}

    def evaluate_object(document: Json, environment: Environment) -> Json:
        result = skeleton.copy()
        for name, evaluate in fields:
            result[name] = evaluate(document, environment)
        return result

    if len(fields) > 1:
        return evaluate_object
    [(only, evaluate_only)] = fields

    def evaluate_field(document: Json, environment: Environment) -> Json:
        result = skeleton.copy()
        result[only] = evaluate_only(document, environment)
        return result

    return evaluate_field


def _compile_field(value: dict[str, Json], key: str, where: str) -> Evaluate:
    text = value[key]
    if not isinstance(text, str):
        raise ExpressionError(f'"{where}/{key}" must be a string: a path or an intrinsic function', key, 0)
    if key.removesuffix(SUFFIX) in value:
        name = key.removesuffix(SUFFIX)
        raise ExpressionError(f'"{where}" has both "{name}" and "{key}"', key, 0)
    return compile_value(text, key)


def _compile_array(value: list[Json], where: str) -> Evaluate | None:
    parts = [_compile(part, f"{where}/{index}") for index, part in enumerate(value)]
    if not any(parts):
        return None
    items = list(zip(value, parts, strict=True))
    return lambda document, environment: [
        evaluate(document, environment) if evaluate else constant for constant, evaluate in items
    ]


EMPTY_FOR_FAILURES = False
"""Whether a path to many values that fails in a payload template gives ``[]``.

It is not known whether the service swallows these failures. One report, at second hand, says that it does
not: ``$[1:]`` of what is not an array failed. This is the one place that decides.
"""


def _for_field(path: Path, field: str) -> Evaluate:
    """Make a path fail with the cause of its field, for every kind of error.

    The cause is recorded for missing values. It is not known for other errors, such as an index into an
    object or a string that is not a number in a filter; they get the same cause.
    """
    read, text = path.read, path.text

    def evaluate(document: Json, environment: Environment) -> Json:
        try:
            return read(document, environment)
        except EvaluationError:
            if EMPTY_FOR_FAILURES and not path.definite:
                return []
            searched = environment.context if text.startswith("$$") else document
            cause = (
                f"The JSONPath '{text}' specified for the field '{field}' could not be found in the input "
                f"'{dumps(searched)}'"
            )
            raise EvaluationError("States.Runtime", cause, text) from None

    return evaluate
