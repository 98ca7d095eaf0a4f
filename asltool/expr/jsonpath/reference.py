"""Reference paths: paths to a single place in a document, which can be written to.

Source: https://states-language.net/spec.html#ref-paths
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.environment import Evaluate, Json
from asltool.expr.jsonpath.path import compile_steps
from asltool.expr.jsonpath.segments import Indexes, NameSelector, Query, Segment
from asltool.expr.jsonpath.text import parse_path
from asltool.expr.values import dumps

__all__ = ["ReferencePath", "compile_reference", "parse_reference"]

WriteAt: TypeAlias = Callable[[Json, Json], Json]
Steps: TypeAlias = tuple[str | int, ...]


class ReferencePath(NamedTuple):
    """Names and indexes from ``$``.

    ``read(document, environment)`` is that of a `Path`. ``write(document, value)`` returns a document with
    the value written; the given document does not change, and both share everything outside the path. Missing
    objects along the path are created; array elements must exist. It raises `EvaluationError` with
    ``States.ResultPathMatchFailure`` if the value cannot be written.
    """

    text: str
    steps: Steps
    read: Evaluate
    write: WriteAt


def compile_reference(text: str) -> ReferencePath:
    """Compile a reference path, such as ``$.order.items[0]``.

    Raises:
        ExpressionError: the text is not a path, does not begin with ``$``, or can lead to several places.
    """
    query = parse_reference(text)
    steps = tuple(plain for plain in map(_plain, query.segments) if plain is not None)
    return ReferencePath(text, steps, compile_steps(text, query), _writer(text, steps))


def parse_reference(text: str) -> Query:
    """Return the steps of a reference path; raise `ExpressionError` if it is not one.

    It is not known what the service does with a negative index. It is a single place, so it is accepted; no
    element has it, so writing fails.
    """
    root, query = parse_path(text)
    if root:
        raise ExpressionError('a reference path must start with "$." or "$["', text, 1)
    for step, start in zip(query.segments, query.starts, strict=True):
        if _plain(step) is None:
            message = f'a reference path can only have names and indexes from 0, unlike "{step}"'
            raise ExpressionError(message, text, start)
    return query


def _plain(step: Segment) -> str | int | None:
    """Return the single name or index of a step; None for any other step."""
    match step:
        case NameSelector((name,)):
            return name
        case Indexes((index,)):
            return index
    return None


def _writer(text: str, steps: Steps) -> WriteAt:
    if not steps:
        return lambda document, value: value

    def write(document: Json, value: Json) -> Json:
        if not isinstance(document, (dict, list)):
            raise _conflict(f"ReferencePath {text}", text, document)
        result = [document]
        holder: Any = result
        at: Any = 0
        for step in steps:
            copied = _copied(holder[at], step)
            if copied is None:
                raise _conflict(f'step "{step}"', text, document)
            holder[at] = copied
            holder, at = copied, step
        holder[at] = value
        return result[0]

    if len(steps) > 1 or not isinstance(steps[0], str):
        return write
    name = steps[0]

    def write_field(document: Json, value: Json) -> Json:
        """Do the same for the most common path, ``$.field``."""
        return {**document, name: value} if isinstance(document, dict) else write(document, value)

    return write_field


def _copied(value: Json, step: str | int) -> Json:
    """Return a copy of a value in which the step exists, or None if that is not possible."""
    if isinstance(step, str):
        return {**value, step: value.get(step, {})} if isinstance(value, dict) else None
    return list(value) if isinstance(value, list) and 0 <= step < len(value) else None


def _conflict(what: str, text: str, document: Json) -> EvaluationError:
    """Return the error with the message of the service, as its users quote it.

    Source: https://qiita.com/tsubasaogawa/items/4fe341bdb6ae7d2fd8ee,
    https://github.com/cdklabs/construct-hub/pull/459
    """
    cause = f"Unable to apply {what} to input {dumps(document)}"
    return EvaluationError("States.ResultPathMatchFailure", cause, text)
