"""The input of a target: the whole event, a part of it, a constant, or a filled-in template.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html and
LocalStack's recordings of the service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from asltool.errors import EvaluationError, ExpressionError, RequestError
from asltool.expr.environment import Outside
from asltool.expr.jsonpath import Path, compile_path
from asltool.expr.values import dumps, loads

__all__ = ["Delivered", "MakeInput", "input_of"]

_MOST_VARIABLES = 100

_PLACEHOLDER = re.compile(r"<([^<>]*)>")
_STRING_PART = re.compile(r'\\.|"', re.DOTALL)


@dataclass(frozen=True)
class Delivered:
    """An event that a rule matched. ``received`` is when the event reached the bus, in ISO 8601."""

    event: Mapping[str, Any]
    rule_name: str
    rule_arn: str
    received: str


MakeInput: TypeAlias = "Callable[[Delivered], str]"
"""Return the input of a target: JSON, or the string that a template produces."""

_RESERVED: dict[str, Callable[[Delivered], Any]] = {
    "aws.events.rule-arn": lambda delivered: delivered.rule_arn,
    "aws.events.rule-name": lambda delivered: delivered.rule_name,
    "aws.events.event.ingestion-time": lambda delivered: delivered.received,
    "aws.events.event": lambda delivered: {
        # Here the service writes "detailType" instead of "detail-type".
        "detailType" if key == "detail-type" else key: value
        for key, value in delivered.event.items()
        if key != "detail"
    },
    "aws.events.event.json": lambda delivered: delivered.event,
}
_MISSING = object()


def input_of(target: Mapping[str, Any]) -> MakeInput:
    """Return a function that makes the input of a target; the target is given as in PutTargets.

    Raises:
        RequestError: the target has more than one kind of input, or an invalid path, constant or template.
    """
    given = [name for name in ("Input", "InputPath", "InputTransformer") if name in target]
    if len(given) > 1:
        raise _refused(
            f"Only one of Input, InputPath, or InputTransformer must be provided for target {target['Id']}."
        )
    if "Input" in target:
        return _constant(target["Input"], target["Id"])
    if "InputPath" in target:
        path = _path(target["InputPath"], target["Id"])
        return lambda delivered: dumps(_none_if_missing(_read(path, delivered)))
    if "InputTransformer" in target:
        return _transformer(target["InputTransformer"], target["Id"])
    return lambda delivered: dumps(delivered.event)


def _refused(message: str) -> RequestError:
    return RequestError("ValidationException", message)


def _constant(text: str, target: str) -> MakeInput:
    try:
        loads(text)
    except ValueError as problem:
        # The service's own message is not known.
        raise _refused(f"JSON syntax error in input for target {target}: {problem}") from None
    return lambda delivered: text


# Paths


_OUTSIDE = Outside()


def _path(text: str, target: str) -> Path:
    try:
        path = compile_path(text)
    except ExpressionError as problem:
        reason = str(problem)
    else:
        if not path.root:
            return path
        reason = "a path must start with $"
    # The service's own message is not known.
    raise _refused(f"Invalid path {text} for target {target}: {reason}")


def _read(path: Path, delivered: Delivered) -> Any:
    try:
        return path.read(delivered.event, _OUTSIDE)
    except EvaluationError:
        return _MISSING


def _none_if_missing(value: Any) -> Any:
    return None if value is _MISSING else value


# Templates


def _transformer(value: Mapping[str, Any], target: str) -> MakeInput:
    """Compile a template into literal text and variables.

    Inside a string of the template, strings lose their surrounding quotes, objects and arrays lose all
    quotes, and missing values become nothing. Elsewhere, values are JSON, and missing values become ``""``.
    """
    paths = value.get("InputPathsMap", {})
    if len(paths) > _MOST_VARIABLES:
        raise _refused(f"InputPathsMap for target {target} has more than {_MOST_VARIABLES} entries.")
    for name in paths:
        if name.lower().startswith("aws."):
            raise _refused(f"InputPathsMap for target {target} contains reserved name {name}.")
    variables = {name: _reader(_path(text, target)) for name, text in paths.items()} | _RESERVED
    parts: list[MakeInput] = []
    in_string = False
    at, template = 0, value["InputTemplate"]
    for found in _PLACEHOLDER.finditer(template):
        literal = template[at : found.start()]
        in_string ^= _STRING_PART.findall(literal).count('"') % 2 == 1
        if found[1] not in variables:
            raise _refused(f"InputTemplate for target {target} contains invalid placeholder {found[1]}.")
        parts += [_literal(literal), _variable(variables[found[1]], in_string=in_string)]
        at = found.end()
    parts.append(_literal(template[at:]))
    return lambda delivered: "".join(part(delivered) for part in parts)


def _reader(path: Path) -> Callable[[Delivered], Any]:
    return lambda delivered: _read(path, delivered)


def _literal(text: str) -> MakeInput:
    return lambda delivered: text


def _variable(read: Callable[[Delivered], Any], *, in_string: bool) -> MakeInput:
    return lambda delivered: (_in_string if in_string else _as_json)(read(delivered))


def _as_json(value: Any) -> str:
    return '""' if value is _MISSING else dumps(value)


def _in_string(value: Any) -> str:
    if value is _MISSING:
        return ""
    if isinstance(value, str):
        return dumps(value)[1:-1]
    return dumps(value).replace('"', "")
