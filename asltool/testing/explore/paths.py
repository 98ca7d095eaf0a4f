"""The terms of a JSONPath or an intrinsic function call.

::

    list(path_terms("$.order.total", ()))               [Read("$", ("order", "total"))]
    list(path_terms("States.MathAdd($.n, 1)", ()))      [Read("$", ("n", plus(1)))]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from asltool.errors import ExpressionError
from asltool.expr.intrinsics import grammar
from asltool.expr.jsonpath.segments import NameSelector
from asltool.expr.jsonpath.text import parse_path
from asltool.syntax.expressions import CallText, place
from asltool.syntax.model import ABSENT
from asltool.testing.explore.lenses import (
    AS_BASE64,
    AS_JSON,
    AS_TEXT,
    LENGTH,
    PathStep,
    affix,
    contains,
    joined,
    plus,
)
from asltool.testing.explore.terms import Constant, Term, Unclear, ValueRead, constant_term

__all__ = ["path_terms", "several"]


def path_terms(text: str, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    """Yield the terms of a path or an intrinsic function call."""
    if text.startswith("$"):
        yield from _path(text, steps)
        return
    try:
        yield from _argument(CallText.of(text).call, steps)
    except ExpressionError:
        yield Unclear()


def _path(text: str, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    found = place(text)
    if found is None:
        yield Unclear()
    elif not found.goes_on:
        yield ValueRead(found.root, (*found.steps, *steps))
    else:
        array, each = several(text)
        if each is not None and steps and isinstance(steps[0], int):
            yield ValueRead(array.root, (*array.steps, steps[0], *each, *steps[1:]))
        yield Unclear((array,) if each is None else (array, ValueRead(array.root, (*array.steps, 0, *each))))


def several(text: str) -> tuple[ValueRead, tuple[str, ...] | None]:
    """Return the array in which a path selects several values, and the names that it reads of each.

    Other paths have no such names.
    """
    root, query = parse_path(text)
    found = place(text)
    assert found is not None
    array = ValueRead(root if root == "$$" else f"${root}", found.steps)
    further = query.segments[len(found.steps) + 1 :]
    if any(not isinstance(step, NameSelector) or len(step.names) != 1 for step in further):
        return array, None
    return array, tuple(step.names[0] for step in further if isinstance(step, NameSelector))


def _path_read(text: str) -> ValueRead:
    found = place(text)
    return ValueRead("$", ()) if found is None else ValueRead(found.root, found.steps)


def _argument(argument: grammar.Argument, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    if isinstance(argument, grammar.PathArgument):
        yield from _path(argument.text, steps)
    elif isinstance(argument, grammar.Literal):
        yield constant_term(argument.value, steps)
    else:
        invert = _INTRINSICS.get(argument.name)
        reads = tuple(_path_read(path.text) for path in grammar.paths(argument))
        for term in [Unclear()] if invert is None else invert(argument.arguments, steps):
            yield Unclear(reads) if isinstance(term, Unclear) else term


_Arguments = tuple[grammar.Argument, ...]


def _through(lens: PathStep) -> Callable[[_Arguments, tuple[PathStep, ...]], Iterator[Term]]:
    return lambda arguments, steps: _argument(arguments[0], (lens, *steps))


def _literal(argument: grammar.Argument) -> Any:
    return argument.value if isinstance(argument, grammar.Literal) else ABSENT


def _math_add(arguments: _Arguments, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    for one, other in (arguments, reversed(arguments)):
        if isinstance(number := _literal(other), int | float):
            yield from _argument(one, (plus(number), *steps))
            return
    yield Unclear()


def _with_literal(
    lens: Callable[[Any], PathStep],
) -> Callable[[_Arguments, tuple[PathStep, ...]], Iterator[Term]]:
    def invert(arguments: _Arguments, steps: tuple[PathStep, ...]) -> Iterator[Term]:
        literal = _literal(arguments[1])
        yield from [Unclear()] if literal is ABSENT else _argument(arguments[0], (lens(literal), *steps))

    return invert


def _array(arguments: _Arguments, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    if steps and isinstance(steps[0], int) and steps[0] < len(arguments):
        yield from _argument(arguments[steps[0]], steps[1:])
    elif steps == (LENGTH,):
        yield Constant(len(arguments))
    else:
        yield Unclear()


def _format(arguments: _Arguments, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    template = arguments[0].raw if isinstance(arguments[0], grammar.Literal) else ""
    parts = template.split("{}")
    if len(parts) == 2 and len(arguments) == 2 and "\\" not in template:
        yield from _argument(arguments[1], (affix(*parts), *steps))
    else:
        yield Unclear()


def _merge(arguments: _Arguments, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    """Either object may have the member; the second one takes precedence."""
    if not steps:
        yield Unclear()
        return
    yield from _argument(arguments[1], steps)
    yield from _argument(arguments[0], steps)


_INTRINSICS: dict[str, Callable[[_Arguments, tuple[PathStep, ...]], Iterator[Term]]] = {
    "States.Array": _array,
    "States.ArrayContains": _with_literal(contains),
    "States.ArrayGetItem": _with_literal(lambda index: index),
    "States.ArrayLength": _through(LENGTH),
    "States.Base64Decode": _through(AS_BASE64),
    "States.Format": _format,
    "States.JsonMerge": _merge,
    "States.JsonToString": _through(AS_TEXT),
    "States.MathAdd": _math_add,
    "States.StringSplit": _with_literal(joined),
    "States.StringToJson": _through(AS_JSON),
}
