"""The reads of a state and the types it expects, for repairing data on which a state fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from asltool.errors import ExpressionError
from asltool.expr.intrinsics import grammar
from asltool.expr.intrinsics.functions import FUNCTIONS
from asltool.expr.jsonata import JsonataNode
from asltool.expr.timestamps import nanoseconds
from asltool.rules.analysis.fields import ExpressionText
from asltool.rules.analysis.per_definition import machines_of
from asltool.rules.analysis.scope import Scope
from asltool.syntax.expressions import CallText, jsonata_tree, place
from asltool.syntax.model import ABSENT, Map, StateMachine
from asltool.testing.explore.candidates import NOON_TEXT
from asltool.testing.explore.lenses import AS_JSON, Lens, get
from asltool.testing.explore.nodes import items_named, node_read, node_terms
from asltool.testing.explore.paths import several
from asltool.testing.explore.terms import ValueRead

__all__ = ["WantedValue", "filler", "fits", "wanted_in"]


class WantedValue(NamedTuple):
    """A value that a state reads. ``document`` is `Tracer`'s name for the value of ``$``.

    ``kind`` is the type that the value must have, or empty if any type will do.
    """

    read: ValueRead
    document: str
    kind: str = ""


def wanted_in(machine: StateMachine, definition: Any) -> dict[str, list[WantedValue]]:
    """Return the reads of each state of a machine and of nested machines, by name."""
    found: dict[str, list[WantedValue]] = {}
    for scope in machines_of(Scope(machine, definition)):
        for text in scope.texts:
            if _is_read(text):
                wanted = found.setdefault(text.field.state.name, [])
                wanted += (each for each in _wanted(text) if each not in wanted)
        for state in scope.states.values():
            reads_input = isinstance(state, Map) and state.items is ABSENT and state.item_reader is None
            if isinstance(state, Map) and reads_input and state.items_path is None:
                found.setdefault(state.name, []).append(WantedValue(ValueRead("$", ()), "arguments", "array"))
    return found


def _is_read(text: ExpressionText) -> bool:
    """Return whether a text reads the data. `Conditions` handles conditions."""
    if text.kind == "plain" or not isinstance(text.value, str) or text.field.name == "ResultPath":
        return False
    assigns = text.field.name in ("Assign", "Output")
    return text.field.place[0] != "Choices" or assigns


_DOCUMENTS = {
    "InputPath": "raw",
    "ResultSelector": "worked",
    "Assign": "result",
    "OutputPath": "output",
}
_FIELDS = {
    "Items": "array",
    "ItemsPath": "array",
    "Seconds": "integer",
    "SecondsPath": "integer",
    "Timestamp": "timestamp",
    "TimestampPath": "timestamp",
    "TimeoutSeconds": "integer",
    "TimeoutSecondsPath": "integer",
    "HeartbeatSeconds": "integer",
    "HeartbeatSecondsPath": "integer",
    "MaxConcurrency": "integer",
    "MaxConcurrencyPath": "integer",
    "ErrorPath": "string",
    "CausePath": "string",
    "Error": "string",
    "Cause": "string",
}


def _wanted(text: ExpressionText) -> Iterator[WantedValue]:
    field = str(text.field.place[0])
    kind = _FIELDS.get(text.field.name, "")
    if text.kind == "jsonata":
        tree = jsonata_tree(text.value)
        for read, own in () if tree is None else _of_node(tree, kind):
            yield _located(WantedValue(read, "raw", own), field)
        return
    document = "error" if field == "Catch" else _DOCUMENTS.get(field, "arguments")
    if field == "OutputPath":
        yield WantedValue(ValueRead("$", ()), "output")
    elif text.value.startswith("$"):
        yield from (
            _located(WantedValue(read, document, kind or own), field) for read, own in _of_path(text.value)
        )
    else:
        yield from (_located(WantedValue(read, document, own), field) for read, own in _of_call(text.value))


def _located(wanted: WantedValue, field: str) -> WantedValue:
    """Convert a Map's reads of its item to reads of the place of the item."""
    root, steps = wanted.read
    if root == "$states" and steps[:1] == ("context",):
        root, steps = "$$", steps[1:]
    if field in ("ItemSelector", "Parameters") and root == "$$" and steps[:3] == ("Map", "Item", "Value"):
        return WantedValue(ValueRead("$", steps[3:]), "item", wanted.kind)
    return wanted


# JSONPath


def _of_path(text: str) -> Iterator[tuple[ValueRead, str]]:
    """Yield the read of a path; if it selects several values, they must be in an array."""
    found = place(text)
    if found is not None and found.goes_on and found.steps:
        array, each = several(text)
        yield array, "several"
        if each:
            yield array._replace(steps=(*array.steps, 0, *each)), ""
    elif found is not None:
        yield ValueRead(found.root, found.steps), ""


_OF_FUNCTIONS = {"States.StringToJson": "JSON", "States.Base64Decode": "Base64"}


def _of_call(text: str) -> Iterator[tuple[ValueRead, str]]:
    try:
        yield from _of_argument(CallText.of(text).call, "")
    except ExpressionError:
        return


def _of_argument(argument: grammar.Argument, kind: str) -> Iterator[tuple[ValueRead, str]]:
    if isinstance(argument, grammar.PathArgument):
        for read, own in _of_path(argument.text):
            yield read, own or kind
    elif isinstance(argument, grammar.FunctionCall) and argument.name in FUNCTIONS:
        function = FUNCTIONS[argument.name]
        for index, inner in enumerate(argument.arguments):
            expected = _EXPECTED.get(function.kind(index).expected, "")
            yield from _of_argument(inner, _OF_FUNCTIONS.get(argument.name, expected))


_EXPECTED = {
    "an array": "array",
    "an object": "object",
    "a string": "string",
    "a 32-bit number": "integer",
    "a 32-bit integer": "integer",
    "a positive 32-bit integer": "integer",
    "a 32-bit integer other than 0": "integer",
}


# JSONata

_NO_ITEMS: Mapping[str, ValueRead] = {}
_ARGUMENTS = {
    **dict.fromkeys(
        ("sum", "max", "min", "average", "abs", "floor", "ceil", "round", "power", "sqrt"), "number"
    ),
    **dict.fromkeys(
        ("uppercase", "lowercase", "trim", "split", "substring", "contains", "replace"), "string"
    ),
    **dict.fromkeys(("substringBefore", "substringAfter", "match", "pad", "length"), "string"),
    "join": "texts",
    **dict.fromkeys(("fromMillis", "formatNumber", "formatBase"), "number"),
    **dict.fromkeys(("keys", "each", "sift", "spread", "merge"), "object"),
    **dict.fromkeys(("map", "filter", "reduce", "reverse", "shuffle", "partition"), "array"),
    "toMillis": "timestamp",
    "parse": "JSON",
    "number": "digits",
    "base64decode": "Base64",
}


def _of_node(
    node: JsonataNode, kind: str, items: Mapping[str, ValueRead] = _NO_ITEMS
) -> Iterator[tuple[ValueRead, str]]:
    """Yield the reads of a node."""
    read = node_read(node) if node.kind in ("path", "variable", "filter", "keep", "sort") else None
    if read is not None:
        if read.root in items:
            read = items[read.root]._replace(steps=(*items[read.root].steps, *read.steps))
        inner = list(_below(node, read))
        yield from inner or [(_searching(node, read), kind)]
        return
    if node.kind == "path" and node.children[0].kind == "function":
        yield from ((term, kind) for term in node_terms(node) if isinstance(term, ValueRead))
        kind = ""
    if node.kind == "function":
        called, *arguments = node.children
        own = "digits" if kind == "digits" else _ARGUMENTS.get(called.value, "")
        for argument in arguments:
            yield from _of_node(argument, own, {**items, **items_named(node)})
        return
    if node.kind == "binary" and node.value in ("+", "-", "*", "/", "%", "<", "<=", ">", ">=", ".."):
        kind = "number"
    elif node.kind not in ("block", "condition"):
        kind = ""
    for child in node.children:
        yield from _of_node(child, kind, items)


def _searching(node: JsonataNode, read: ValueRead) -> ValueRead:
    """Return the read of a path, in which the items that it searches for can be made."""
    found = node_read(node, through=True)
    searches = found is not None and any(isinstance(step, Lens) for step in found.steps)
    return read if found is None or not searches else found._replace(root=read.root)


def _below(node: JsonataNode, read: ValueRead) -> Iterator[tuple[ValueRead, str]]:
    """Yield the reads on each value along a path: ``lines.(quantity * price)``."""
    steps = node.children[1:] if node.kind == "path" else ()
    for step in steps:
        if step.kind in ("block", "object", "binary"):
            for inner in step.walk():
                if inner.kind == "binary":
                    names = [each.value for each in inner.children if each.kind == "name"]
                    for name in names:
                        yield (
                            ValueRead(read.root, (*read.steps, name)),
                            "number" if inner.value in "+-*/%" else "",
                        )


# Values


def fits(value: Any, kind: str) -> bool:
    """Return whether a value has a type."""
    return value is not ABSENT and (kind not in _TESTS or _TESTS[kind](value))


_TESTS: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "texts": lambda value: isinstance(value, list) and all(isinstance(text, str) for text in value),
    "several": lambda value: isinstance(value, list) and len(value) > 1,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "digits": lambda value: isinstance(value, str) and value.isdecimal(),
    "integer": lambda value: type(value) is int,
    "JSON": lambda value: get(value, (AS_JSON,)) is not ABSENT,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "timestamp": lambda value: isinstance(value, str) and nanoseconds(value) is not None,
}


def filler(read: ValueRead, kind: str) -> Any:
    """Return a simple value of a type; if any type is allowed, the name of the place."""
    if kind in _FILLERS:
        return _FILLERS[kind]
    last = [step.inside[-1:] if isinstance(step, Lens) else (step,) for step in read.steps]
    names = [step for steps in last for step in steps if isinstance(step, str)]
    return str(names[-1]) if names else {}


_FILLERS: dict[str, Any] = {
    "array": [{}],
    "several": [{}, {}],
    "texts": ["a", "b"],
    "object": {},
    "boolean": True,
    "integer": 1,
    "number": 1,
    "timestamp": NOON_TEXT,
    "digits": "1",
    "JSON": "{}",
    "Base64": "e30=",
}
