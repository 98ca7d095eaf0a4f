"""Expressions to values: what can be known without Terraform is, and the rest has a name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from asltool.syntax.atlas import Source
from asltool.syntax.hcl.values import Unknown, Value, is_partly_unknown, text_value, unknown
from asltool.syntax.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Frame", "World", "evaluate", "guessed", "named"]

_DEEPEST = 90
_ACCESSORS = ("get_attr", "index", "splat")
_OPERATORS = frozenset(["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"])


class Given(dict[str, Value]):
    """The variables that a template file is given, with a note of those that it uses."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.used.add(name)
        return super().__getitem__(name)


class World(Protocol):
    """What expressions may refer to: a module of Terraform."""

    guesses: int
    """How often text was chosen by a condition that is unknown."""

    budget: list[int]
    """How many expressions may still be evaluated: loops inside loops have to end."""

    missing: list[Value]
    """What template files name that they are not given."""

    unused: list[Value]
    """The keys of variables that are given to template files, which do not use them."""

    def reference(self, root: str, steps: Sequence[str], place: tuple[int, int]) -> tuple[Value, int] | None:
        """Return the value that a reference begins with, and how many of its steps lead there."""

    def open(self, path: str) -> Source | None:
        """Return a file, None where there is none that can be read."""

    def files(self, pattern: str) -> list[str]:
        """Return the files that match a pattern."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an expression stands: the text, what to take off its nodes' offsets, and the names it sees.

    A template file sees nothing but its ``names``; they are ``complete`` if all of them are known.
    """

    text: Text
    world: World
    names: Mapping[str, Value]
    shift: int = 0
    alone: bool = False
    depth: int = 0
    complete: bool = False

    def place(self, node: Node) -> tuple[int, int]:
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the place between two offsets of nodes."""
        text, shift = self.text, self.shift
        last = len(text.characters)
        return text.place(min(max(0, start - shift), last), min(max(0, end - shift), last))

    def written(self, start: int, end: int) -> str:
        """Return the text between two offsets of nodes."""
        return self.text.characters[max(0, start - self.shift) : max(0, end - self.shift)]

    def cut(self, start: int, end: int) -> Text:
        """Return the same with its places."""
        return self.text.cut(max(0, start - self.shift), max(0, end - self.shift))

    def within(self, **names: Value) -> Frame:
        inside = Given({**self.names, **names})
        inside.used = self.names.used if isinstance(self.names, Given) else inside.used
        return replace(self, names=inside)


def guessed(frame: Frame) -> None:
    frame.world.guesses += 1


def named(frame: Frame, nodes: Sequence[Node]) -> Value:
    """Return the unknown value of these nodes, under the name they are written with."""
    start, end = nodes[0].start_byte, nodes[-1].end_byte
    return unknown(frame.written(start, end), *frame.between(start, end))


def evaluate(node: Node, frame: Frame) -> Value:
    """Return the value of an expression."""
    frame.world.budget[0] -= 1
    if frame.world.budget[0] < 0:
        return named(frame, [node])
    while node.type in ("expression", "literal_value", "template_expr", "collection_value", "operation"):
        parts = [child for child in node.children if child.type != "comment"]
        if len(parts) != 1:
            return _parenthesised(parts, frame)
        node = parts[0]
    if frame.depth > _DEEPEST or node.type not in _HANDLERS:
        return named(frame, [node])
    made: Value = _HANDLERS[node.type](node, replace(frame, depth=frame.depth + 1))
    return made


def _parenthesised(nodes: list[Node], frame: Frame) -> Value:
    if not nodes:
        return Value(Unknown("?"), *frame.between(0, 0))
    if nodes[0].type == "(":
        closing = next((place for place, node in enumerate(nodes) if node.type == ")"), len(nodes))
        inner = nodes[1] if closing > 1 else nodes[0]
        return _accessed(evaluate(inner, frame), nodes[closing + 1 :], nodes, frame)
    return operand(nodes, frame)


def operand(nodes: list[Node], frame: Frame) -> Value:
    """Return the value of an expression and of what follows it: ``.name``, ``[index]``, ``[*]``."""
    if nodes[0].type == "(":
        return _parenthesised(nodes, frame)
    if nodes[0].type != "variable_expr":
        return _accessed(evaluate(nodes[0], frame), nodes[1:], nodes, frame)
    root = frame.written(nodes[0].start_byte, nodes[0].end_byte)
    if root in frame.names:
        return _accessed(frame.names[root], nodes[1:], nodes, frame)
    place = frame.between(nodes[0].start_byte, nodes[-1].end_byte)
    found = None if frame.alone else frame.world.reference(root, _steps(nodes[1:], frame), place)
    if found is None:
        if frame.complete:
            frame.world.missing.append(named(frame, nodes[:1]))
        return named(frame, nodes)
    value, taken = found
    return _accessed(value, nodes[1 + taken :], nodes, frame)


def _steps(nodes: list[Node], frame: Frame) -> list[str]:
    """Return the names and literal indexes that follow a name, as they are written."""
    steps = []
    for node in nodes:
        if node.type not in ("get_attr", "index"):
            break
        steps.append(frame.written(node.start_byte, node.end_byte).strip(".[] \t"))
    return steps


def _accessed(value: Value, accessors: Sequence[Node], nodes: Sequence[Node], frame: Frame) -> Value:
    for place, accessor in enumerate(accessors):
        if not value.known:
            break
        if accessor.type == "splat":
            return _splat(value, accessor, accessors[place + 1 :], nodes, frame)
        found = member(value, _key(accessor, frame)) if accessor.type in _ACCESSORS else None
        if found is None:
            return named(frame, nodes)
        value = found
    return named(frame, nodes) if not value.known and accessors else value


def _key(accessor: Node, frame: Frame) -> Any:
    inner = accessor.children[0] if accessor.type == "index" else accessor
    if inner.type == "new_index":
        expression = next((child for child in inner.children if child.type == "expression"), None)
        return evaluate(expression, frame).data if expression is not None else None
    written = frame.written(accessor.start_byte, accessor.end_byte).lstrip(".").strip()
    return int(written) if written.isdecimal() and len(written) < 9 else written


def member(value: Value, key: Any) -> Value | None:
    """Return an element of a list, or a member of an object."""
    data = value.data
    if isinstance(data, list) and isinstance(key, int | float | str) and not isinstance(key, bool):
        try:
            index = int(key)
        except (OverflowError, ValueError):
            return None
        return data[index] if 0 <= index < len(data) else None
    if isinstance(data, dict) and isinstance(key, str) and key in data:
        return data[key][1]  # type: ignore[no-any-return]
    return None


def _splat(value: Value, splat: Node, more: Sequence[Node], nodes: Sequence[Node], frame: Frame) -> Value:
    inside = [child for part in splat.children for child in part.children if child.type in _ACCESSORS]
    if value.data is None:
        return replace(value, data=[])
    items = value.data if isinstance(value.data, list) else [value]
    found = [_accessed(item, [*inside, *more], nodes, frame) for item in items]
    return Value(found, value.start, value.end, rest=value.rest)


def _number(node: Node, frame: Frame) -> Value:
    written = frame.written(node.start_byte, node.end_byte)
    try:
        number: int | float = int(written)
    except ValueError:
        number = float(written) if len(written) < 300 else 0.0
    if not math.isfinite(number):
        return named(frame, [node])
    return Value(number, *frame.place(node))


def _boolean(node: Node, frame: Frame) -> Value:
    return Value(frame.written(node.start_byte, node.end_byte) == "true", *frame.place(node))


def _null(node: Node, frame: Frame) -> Value:
    return Value(None, *frame.place(node))


def _tuple(node: Node, frame: Frame) -> Value:
    items = [evaluate(child, frame) for child in node.children if child.type == "expression"]
    return Value(items, *frame.place(node))


def _object(node: Node, frame: Frame) -> Value:
    members: dict[str, tuple[Value, Value]] = {}
    rest = ""
    for element in node.children:
        if element.type != "object_elem":
            continue
        parts = [child for child in element.children if child.type == "expression"]
        if len(parts) != 2:
            continue
        key = _object_key(parts[0], frame)
        if isinstance(key.data, str):
            members[key.data] = (key, evaluate(parts[1], frame))
        else:
            rest = named(frame, [parts[0]]).data.name
    return Value(members, *frame.place(node), rest=rest)


def _object_key(node: Node, frame: Frame) -> Value:
    """Return a key: a bare name is one, and no reference."""
    written = frame.written(node.start_byte, node.end_byte)
    if len(node.children) == 1 and node.children[0].type == "variable_expr":
        text = frame.cut(node.start_byte, node.end_byte)
        return text_value(text, *frame.place(node))
    key = evaluate(node, frame)
    if isinstance(key.data, int | float) and not isinstance(key.data, bool):
        return Value(written, key.start, key.end)
    return key


def _call(node: Node, frame: Frame) -> Value:
    from asltool.syntax.hcl.functions import Call, call

    name, arguments, expand = "", [], False
    for child in node.children:
        if child.type == "identifier":
            name = frame.written(child.start_byte, child.end_byte)
        elif child.type == "function_arguments":
            arguments = [part for part in child.children if part.type == "expression"]
            expand = any(part.type == "ellipsis" for part in child.children)
    made = call(Call(name.removeprefix("core::"), arguments, expand, frame, frame.place(node)))
    return named(frame, [node]) if made is None else made


def _conditional(node: Node, frame: Frame) -> Value:
    parts = [child for child in node.children if child.type not in ("?", ":", "comment")]
    if len(parts) != 3:
        return named(frame, [node])
    condition = evaluate(parts[0], frame)
    if isinstance(condition.data, bool) or condition.data in ("true", "false"):
        return evaluate(parts[1 if condition.data in (True, "true") else 2], frame)
    guessed(frame)
    first = evaluate(parts[1], frame)
    return first if first.known and first.data is not None else evaluate(parts[2], frame)


def _unary(node: Node, frame: Frame) -> Value:
    parts = [child for child in node.children if child.type != "comment"]
    value = operand(parts[1:], frame) if len(parts) > 1 else None
    if value is not None and parts[0].type == "!" and isinstance(value.data, bool):
        return Value(not value.data, *frame.place(node))
    if value is not None and parts[0].type == "-" and _is_number(value.data):
        return Value(-value.data, *frame.place(node))
    return named(frame, [node])


def _binary(node: Node, frame: Frame) -> Value:
    parts = [child for child in node.children if child.type != "comment"]
    place = next((i for i, part in enumerate(parts) if i and part.type in _OPERATORS), 0)
    if not place or place + 1 >= len(parts):
        return named(frame, [node])
    operator = parts[place].type
    left = operand(parts[:place], frame)
    if operator in ("&&", "||") and left.data is (operator == "||"):
        return Value(left.data, *frame.place(node))
    made = _result(operator, left, operand(parts[place + 1 :], frame))
    return named(frame, [node]) if made is None else Value(made, *frame.place(node))


def _result(operator: str, left: Value, right: Value) -> Any:
    """Return what an operator makes of two values, None where that is not known."""
    if operator in ("&&", "||"):
        if left.known and isinstance(right.data, bool):
            return right.data
        return right.data if right.data is (operator == "||") else None
    if is_partly_unknown(left) or is_partly_unknown(right):
        return None
    if operator in ("==", "!="):
        from asltool.syntax.hcl.values import plain

        one, other = plain(left), plain(right)
        same = one == other and isinstance(one, bool) == isinstance(other, bool)
        return same == (operator == "==")
    return _arithmetic(operator, left.data, right.data)


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    if not (_is_number(left) and _is_number(right)):
        return None
    if operator in ("/", "%") and right == 0:
        return None
    try:
        made = _ARITHMETIC[operator](left, right)
    except OverflowError:
        return None
    return int(made) if isinstance(made, float) and made.is_integer() else made


def _is_number(data: Any) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool)


def _for(node: Node, frame: Frame) -> Value:
    [inner] = node.children[:1]
    intro = next((child for child in inner.children if child.type == "for_intro"), None)
    condition = next((child for child in inner.children if child.type == "for_cond"), None)
    makes = [child for child in inner.children if child.type == "expression"]
    wanted = 2 if inner.type == "for_object_expr" else 1
    if intro is None or len(makes) != wanted:
        return named(frame, [node])
    rounds, rest = each_round(intro, frame)
    if rounds is None:
        return named(frame, [node])
    kept = [round_ for round_ in rounds if condition is None or _holds(condition, round_)]
    if wanted == 1:
        return Value([evaluate(makes[0], one) for one in kept], *frame.place(node), rest=rest)
    grouped = any(child.type == "ellipsis" for child in inner.children)
    return _object_of(makes, kept, Value({}, *frame.place(node), rest=rest), grouped=grouped)


def _object_of(makes: list[Node], rounds: list[Frame], made: Value, *, grouped: bool) -> Value:
    for one in rounds:
        key, value = evaluate(makes[0], one), evaluate(makes[1], one)
        if isinstance(key.data, int | float) and not isinstance(key.data, bool):
            key = Value(str(key.data), key.start, key.end)
        if not isinstance(key.data, str):
            made = replace(made, rest=named(one, [makes[0]]).data.name)
        elif grouped:
            before = made.data[key.data][1].data if key.data in made.data else []
            made.data[key.data] = (key, Value([*before, value], value.start, value.end))
        else:
            made.data[key.data] = (key, value)
    return replace(made, data=made.data)


def _holds(condition: Node, frame: Frame) -> bool:
    """Return whether a condition holds; one that is unknown does."""
    expression = next((child for child in condition.children if child.type == "expression"), None)
    return expression is None or evaluate(expression, frame).data is not False


def each_round(intro: Node, frame: Frame) -> tuple[list[Frame] | None, str]:
    """Return a frame for each element that a ``for`` goes through, and what else there may be.

    There are no frames where the collection is unknown.
    """
    names = [
        frame.written(child.start_byte, child.end_byte)
        for child in intro.children
        if child.type == "identifier"
    ]
    expression = next((child for child in intro.children if child.type == "expression"), None)
    if expression is None or not names:
        return None, ""
    collection = evaluate(expression, frame)
    if isinstance(collection.data, dict):
        pairs = list(collection.data.values())
    elif isinstance(collection.data, list):
        pairs = [(Value(i, item.start, item.end), item) for i, item in enumerate(collection.data)]
    else:
        return None, ""
    if len(names) == 1:
        return [frame.within(**{names[0]: item}) for _, item in pairs], collection.rest
    return [frame.within(**{names[0]: key, names[1]: item}) for key, item in pairs], collection.rest


def _template(node: Node, frame: Frame) -> Value:
    from asltool.syntax.hcl.templates import template

    return template(node, frame)


_ARITHMETIC: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_HANDLERS: dict[str, Any] = {
    "binary_operation": _binary,
    "bool_lit": _boolean,
    "conditional": _conditional,
    "for_expr": _for,
    "function_call": _call,
    "heredoc_template": _template,
    "null_lit": _null,
    "numeric_lit": _number,
    "object": _object,
    "quoted_template": _template,
    "string_lit": _template,
    "tuple": _tuple,
    "unary_operation": _unary,
    "variable_expr": lambda node, frame: operand([node], frame),
}
