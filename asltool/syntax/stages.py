"""The fields that data passes through, in the service's order: for a state, a Choice rule and a Catcher.

The classes of `model` inherit from those that declare these fields here.

The engine compiles these lists, the data-flow analysis follows shapes along them, TestState shows the result
of each stage, and exploration follows them backwards.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html and
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, TypeAlias

from asltool.diagnostic import Pointer
from asltool.expr.environment import Json
from asltool.syntax.expressions import ROOT, PathText
from asltool.syntax.frozen import ABSENT, Frozen

__all__ = [
    "Caught",
    "FlowFields",
    "Iterated",
    "Part",
    "QueryLanguage",
    "Shaped",
    "Stage",
    "Template",
    "Worked",
    "inward",
    "items",
    "outward",
    "selector",
]

QueryLanguage = Literal["JSONPath", "JSONata"]

Template: TypeAlias = Json
"""A payload template, or JSON with JSONata in it; its expressions are values of `syntax.expressions`."""


class Part(Frozen):
    """The part of a state that is about leaving it: the state itself, a Choice rule or a Catcher.

    ``pointer`` is its position in the document.
    """

    pointer: Pointer = ()
    assign: Template = ABSENT
    output: Template = ABSENT


class Caught(Part):
    """A Catcher's fields."""

    result_path: PathText | None = ROOT


class FlowFields(Part):
    """The fields of every state. ``query_language`` is the state's own, else the machine's, else JSONPath."""

    query_language: QueryLanguage = "JSONPath"
    input_path: PathText | None = ROOT
    output_path: PathText | None = ROOT


class Shaped(FlowFields):
    """The fields of Pass, Task, Parallel and Map."""

    parameters: Template = ABSENT
    result_path: PathText | None = ROOT


class Worked(Shaped):
    """The fields of a Task, a Parallel and a Map."""

    arguments: Template = ABSENT
    result_selector: Template = ABSENT


class Iterated(Worked):
    """The fields of a Map."""

    items_path: PathText | None = None
    items: Template = ABSENT
    item_selector: Template = ABSENT


class Stage(NamedTuple):
    """One field that data passes through.

    ``select`` reads a path; a null path gives ``{}``. ``make`` evaluates a payload template, or JSONata.
    ``assign`` does the same for variables and leaves the data as it is. ``combine`` writes the result into
    the state's raw input; a null path drops the result.
    """

    field: str
    action: Literal["select", "make", "assign", "combine"]
    value: Any
    part: Part

    @property
    def pointer(self) -> Pointer:
        return (*self.part.pointer, self.field)

    @property
    def is_default(self) -> bool:
        """Whether the definition leaves the field out or gives its default value.

        An empty Assign counts as absent: it leaves no trace in the history.
        """
        if self.action == "assign":
            return self.value in (ABSENT, {})
        return self.value is ABSENT if self.action == "make" else bool(self.value == "$")


def inward(state: FlowFields, *, every: bool = False) -> Iterator[Stage]:
    """Yield the stages from the raw input to the effective input; with ``every``, also absent ones."""
    if state.query_language == "JSONata":
        if isinstance(state, Worked) and (every or state.arguments is not ABSENT):
            yield Stage("Arguments", "make", state.arguments, state)
        return
    if every or state.input_path is not ROOT:
        yield Stage("InputPath", "select", state.input_path, state)
    if not isinstance(state, Shaped) or isinstance(state, Iterated):
        return
    if every or state.parameters is not ABSENT:
        yield Stage("Parameters", "make", state.parameters, state)


def outward(state: FlowFields, part: Part | None = None, *, every: bool = False) -> Iterator[Stage]:
    """Yield the stages from a result, or an Error Output, to the input of the next state.

    Args:
        part: the rule or Catcher that is followed; None means the state's own ``Next``.
        every: also yield stages that the definition leaves out.
    """
    part = state if part is None else part
    is_jsonata = state.query_language == "JSONata"
    if isinstance(part, Worked) and not is_jsonata and (every or part.result_selector is not ABSENT):
        yield Stage("ResultSelector", "make", part.result_selector, part)
    if every or part.assign is not ABSENT:
        yield Stage("Assign", "assign", part.assign, part)
    if is_jsonata:
        if every or part.output is not ABSENT:
            yield Stage("Output", "make", part.output, part)
        return
    if isinstance(part, Caught | Shaped) and (every or part.result_path is not ROOT):
        yield Stage("ResultPath", "combine", part.result_path, part)
    if not isinstance(part, Caught) and (every or state.output_path is not ROOT):
        yield Stage("OutputPath", "select", state.output_path, state)


def items(state: Iterated) -> Stage:
    """Return the stage that takes a Map's items from its effective input."""
    if state.query_language == "JSONata":
        return Stage("Items", "make", state.items, state)
    return Stage("ItemsPath", "select", state.items_path or ROOT, state)


def selector(state: Iterated) -> Stage:
    """Return the stage that makes a child's input from an item: ItemSelector, or the older Parameters."""
    if state.query_language == "JSONPath" and state.item_selector is ABSENT:
        return Stage("Parameters", "make", state.parameters, state)
    return Stage("ItemSelector", "make", state.item_selector, state)
