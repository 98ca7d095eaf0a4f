"""Calls of functions in a path.

Source: https://github.com/json-path/JsonPath#functions
"""

from __future__ import annotations

from collections.abc import Callable

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import Failure, InvalidPath, PathNotFound, failing
from asltool.expr.jsonpath.functions import FUNCTIONS, Function, size
from asltool.expr.jsonpath.literals import read_literal
from asltool.expr.jsonpath.place import Place, Run, Take
from asltool.expr.jsonpath.steps import Call, JsonText, Query, Wildcard

__all__ = ["take_call"]


def take_call(step: Call, place: Place, then: Take) -> Take:
    function = FUNCTIONS.get(step.name)
    if function is None:
        return failing(InvalidPath(f"Function with name: {step.name} does not exist."))
    arguments = [_argument(argument, place) for argument in step.arguments]
    if function is size and step.arguments:
        function = _size_of(step.arguments[0], place)
    is_last = place.is_last

    def take(value: Json, run: Run) -> None:
        result = function(value, [argument(run.document) for argument in arguments])
        run.found.append(result)
        if not is_last:
            then(result, run)

    return take


def _argument(argument: Query | JsonText, place: Place) -> Callable[[Json], Json]:
    if isinstance(argument, Query):
        read = place.compile(argument)
        return lambda document: read(document, document)
    try:
        value = read_literal(argument.text)
    except ValueError as error:
        return failing(Failure(str(error), "InvalidJsonException"))
    return lambda document: value


def _size_of(argument: Query | JsonText, place: Place) -> Function:
    """Return ``length(path)``: the size of what the value has at ``path.*``, or else of the value itself."""
    if isinstance(argument, JsonText):
        return failing(Failure("a length is that of a path", "NullPointerException"))
    if not argument.steps or isinstance(argument.steps[-1], Call):
        read = place.compile(argument)
        return lambda model, arguments: size(_array_or(read(model, model), model), arguments)
    children = Query(argument.root, (*argument.steps, Wildcard()))
    read_all = place.compile(children)
    is_definite_argument = argument.definite

    def function(model: Json, arguments: list[Json]) -> Json:
        found = read_all(model, model)
        if is_definite_argument and not found:
            raise PathNotFound(f"No results for path: {children}")
        return size(_array_or(found[-1] if is_definite_argument else found, model), arguments)

    return function


def _array_or(value: Json, otherwise: Json) -> Json:
    return value if isinstance(value, list) else otherwise
