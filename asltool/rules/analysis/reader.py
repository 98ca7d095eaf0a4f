"""Evaluate paths, payload templates and JSONata on shapes instead of data.

What cannot be analysed gives an unknown value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from asltool.expr import jsonata
from asltool.expr.jsonpath.text import PlainStep
from asltool.rules.analysis.known import Known
from asltool.rules.analysis.shapes import NOTHING, UNKNOWN, Shape, array_of, item, member, object_of, shape_of
from asltool.syntax.expressions import SUFFIX, CallText, PlainPath, jsonata_place, jsonata_tree, place
from asltool.syntax.model import Pointer, State
from asltool.syntax.placeholders import has_placeholder

__all__ = ["DataReader", "MissingValue", "Report"]


class MissingValue(NamedTuple):
    """A read of a value that never exists.

    ``pointer`` leads to the expression of ``state`` that holds ``text``; ``place`` is where the path ends,
    ``shape`` the data there, and ``step`` what that data does not have.
    """

    state: State
    pointer: Pointer
    text: str
    place: PlainPath
    shape: Shape
    step: PlainStep

    @property
    def field(self) -> str:
        """The field of the state that contains the expression."""
        return str(self.pointer[len(self.state.pointer)])

    @property
    def is_of_input(self) -> bool:
        """Whether a JSONPath reads data that earlier states should have produced."""
        return self.state.query_language == "JSONPath" and self.field != "ResultSelector"


Report = Callable[[MissingValue], None]


class DataReader:
    """Follows the reads of one state; ``report`` is called for values that never exist.

    ``makers`` are the `Shape.makers` of everything that the state makes.
    """

    def __init__(self, state: State, variables: Known, report: Report) -> None:
        self.state = state
        self.variables = variables
        self.report = report
        self.makers = (state.name,)

    def path(self, text: str, document: Shape, pointer: Pointer) -> Shape:
        """Return the shape that a path finds; `NOTHING` if it certainly fails.

        A path that may lead to several values counts as an empty array in some cases that fail.
        """
        where = place(text)
        if where is None or where.goes_on:
            return UNKNOWN
        return self._follow(where, self._start(where.root, document), text, pointer)

    def _start(self, root: str, document: Shape) -> Shape:
        if root == "$":
            return document
        return UNKNOWN if root == "$$" else self.variables.get(root[1:])

    def _follow(self, where: PlainPath, shape: Shape, text: str, pointer: Pointer) -> Shape:
        for count, step in enumerate(where.steps):
            below = self._below(shape, step)
            if below == NOTHING:
                if shape != NOTHING:
                    self.report(MissingValue(self.state, pointer, text, where.upto(count), shape, step))
                return NOTHING
            shape = below
        return shape

    def _below(self, shape: Shape, step: PlainStep) -> Shape:
        """A JSONata path that goes into an array gives no, one or many values, so the result is unknown."""
        if self.state.query_language == "JSONata" and shape.items is not None:
            return UNKNOWN
        return member(shape, step) if isinstance(step, str) else item(shape, step)

    def payload(self, value: Any, document: Shape, pointer: Pointer) -> Shape:
        """Return the shape that a payload template makes."""
        if isinstance(value, dict):
            members = {
                key.removesuffix(SUFFIX): self.field(key, part, document, (*pointer, key))
                for key, part in value.items()
            }
            return object_of(members, self.makers, any(map(has_placeholder, value)))
        if isinstance(value, list):
            parts = enumerate(value)
            return array_of([self.payload(part, document, (*pointer, at)) for at, part in parts], self.makers)
        return shape_of(value, self.makers)

    def field(self, key: str, value: Any, document: Shape, pointer: Pointer) -> Shape:
        """Return the shape that one field of a payload template makes."""
        if not key.endswith(SUFFIX):
            return self.payload(value, document, pointer)
        return self.path_or_call(value, document, pointer) if isinstance(value, str) else UNKNOWN

    def path_or_call(self, text: str, document: Shape, pointer: Pointer) -> Shape:
        """Return the shape that a path finds; the result of an intrinsic function is unknown."""
        if text.startswith("$"):
            return self.path(text, document, pointer)
        found = [self.path(path, document, pointer) for path, _ in CallText.of(text).paths or ()]
        return NOTHING if NOTHING in found else UNKNOWN

    def jsonata(self, value: Any, states: Mapping[str, Shape], pointer: Pointer) -> Shape:
        """Return the shape of JSON that contains JSONata; ``states`` are the known fields of ``$states``."""
        if isinstance(value, dict):
            parts = {key: self.jsonata(part, states, (*pointer, key)) for key, part in value.items()}
            return object_of(parts, self.makers, any(map(has_placeholder, value)))
        if isinstance(value, list):
            items = [self.jsonata(part, states, (*pointer, at)) for at, part in enumerate(value)]
            return array_of(items, self.makers)
        if isinstance(value, str) and jsonata.is_expression(value):
            return self._expression(value, states, pointer)
        return shape_of(value, self.makers)

    def jsonata_field(self, _: str, value: Any, states: Mapping[str, Shape], pointer: Pointer) -> Shape:
        """Return the shape of one field of an object that contains JSONata."""
        return self.jsonata(value, states, pointer)

    def _expression(self, text: str, states: Mapping[str, Shape], pointer: Pointer) -> Shape:
        tree = jsonata_tree(text)
        where = None if tree is None else jsonata_place(tree)
        if where is None or where.goes_on:
            return UNKNOWN
        shape = self.variables.get(where.root[1:])
        if where.root == "$states":
            shape = Shape(members=states, others=True)
        return self._follow(where, shape, jsonata.expression_in(text)[0], pointer)
