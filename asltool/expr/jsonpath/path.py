"""The service's paths: `compile_path` selects the root; the rest behaves like Jayway's library."""

from __future__ import annotations

from typing import Any, NamedTuple

from asltool.expr.environment import Environment, Evaluate, Json
from asltool.expr.jsonpath.errors import NotAnArray, NoValue, PathError
from asltool.expr.jsonpath.segments import Query
from asltool.expr.jsonpath.text import parse_path, plain_steps

__all__ = ["Path", "compile_path", "compile_steps"]


class Path(NamedTuple):
    """A compiled path.

    ``root`` is empty for ``$``, ``$$`` for the context object, else the name of a variable. A ``definite``
    path gives one value or fails; another gives a list. ``read(document, environment)`` raises `PathError`.
    """

    text: str
    root: str
    definite: bool
    read: Evaluate


def compile_path(text: str) -> Path:
    """Compile a path: ``$.a``, ``$$.Execution.Id`` or ``$variable.a``.

    A path that the library cannot parse is rejected here, before anything runs. It is not known whether the
    service rejects exactly the same paths when a state machine is created, and with which message for each
    field.

    Raises:
        ExpressionError: the text is not a path; the message is Jayway's if it has one.
    """
    root, query = parse_path(text)
    return Path(text, root, query.definite, _from_root(text, root, compile_steps(text, query)))


def _from_root(text: str, root: str, read: Evaluate) -> Evaluate:
    if not root:
        return read
    if root == "$$":
        return lambda document, environment: read(environment.context, environment)

    def read_variable(document: Json, environment: Environment) -> Json:
        try:
            document = environment.variables[root]
        except KeyError:
            detail = f"Variable '{root}' is not defined"
            raise PathError(text, "PathNotFoundException", detail) from None
        return read(document, environment)

    return read_variable


def compile_steps(text: str, query: Query) -> Evaluate:
    """Return the reader of a path. It follows names and indexes directly; failures need the full reader."""
    steps = plain_steps(query)
    if len(steps) < len(query.segments):
        return _full_reader(text, query)
    explain = _Late(text, query)
    if not steps:
        return lambda document, environment: document
    if len(steps) == 1 and isinstance(steps[0], str):
        return _name_reader(steps[0], explain)
    if all(isinstance(step, str) for step in steps):
        return _names_reader(steps, explain)
    return _steps_reader(steps, explain)


def _name_reader(name: str, explain: Evaluate) -> Evaluate:
    def read(document: Json, environment: Environment) -> Json:
        try:
            return document[name]
        except (KeyError, TypeError):
            return explain(document, environment)

    return read


def _names_reader(names: tuple[str | int, ...], explain: Evaluate) -> Evaluate:
    def read(document: Json, environment: Environment) -> Json:
        value = document
        try:
            for name in names:
                value = value[name]
        except (KeyError, TypeError):
            return explain(document, environment)
        return value

    return read


def _steps_reader(steps: tuple[str | int, ...], explain: Evaluate) -> Evaluate:
    typed: list[tuple[Any, Any]] = [(dict if isinstance(step, str) else list, step) for step in steps]

    def read(document: Json, environment: Environment) -> Json:
        value = document
        try:
            for kind, step in typed:
                if type(value) is not kind:
                    return explain(document, environment)
                value = value[step]
        except (KeyError, IndexError):
            return explain(document, environment)
        return value

    return read


class _Late:
    """The full reader of a path, compiled when it is first needed."""

    def __init__(self, text: str, query: Query) -> None:
        self._text = text
        self._query = query
        self._read: Evaluate | None = None

    def __call__(self, document: Json, environment: Environment) -> Json:
        if self._read is None:
            self._read = _full_reader(self._text, self._query)
        return self._read(document, environment)


def _full_reader(text: str, query: Query) -> Evaluate:
    from asltool.expr.jsonpath.evaluate import compile_query

    read_query = compile_query(query)

    def read(document: Json, environment: Environment) -> Json:
        try:
            return read_query(document, document)
        except NoValue as failure:
            context = failure.context if isinstance(failure, NotAnArray) else None
            raise PathError(text, failure.kind, failure.detail, context) from None
        except (RecursionError, ValueError):  # ValueError comes from writing a value
            detail = "the path or the document is nested too deeply"
            raise PathError(text, "StackOverflowError", detail) from None

    return read
