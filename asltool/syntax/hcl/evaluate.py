"""Evaluate expressions as far as possible without Terraform; unknown values get a name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from asltool.syntax.hcl.access import operand, parenthesised
from asltool.syntax.hcl.calls import HclCall
from asltool.syntax.hcl.frame import HclFrame, World, named
from asltool.syntax.hcl.loops import for_expression
from asltool.syntax.hcl.operators import binary, conditional, unary
from asltool.syntax.hcl.templates import template
from asltool.syntax.hcl.terraform_functions import call
from asltool.syntax.hcl.value import Value, text_value
from asltool.syntax.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["evaluate", "frame_of"]

_DEEPEST = 90


def frame_of(text: Text, world: World, names: Mapping[str, Value], *, alone: bool = False) -> HclFrame:
    """Return the frame for evaluating the expressions of a text."""
    return HclFrame(text, world, names, evaluate, alone=alone)


def evaluate(node: Node, frame: HclFrame) -> Value:
    """Return the value of an expression."""
    frame.world.budget[0] -= 1
    if frame.world.budget[0] < 0:
        return named(frame, [node])
    while node.type in ("expression", "literal_value", "template_expr", "collection_value", "operation"):
        parts = [child for child in node.children if child.type != "comment"]
        if len(parts) != 1:
            return parenthesised(parts, frame)
        node = parts[0]
    if frame.depth > _DEEPEST or node.type not in _HANDLERS:
        return named(frame, [node])
    made: Value = _HANDLERS[node.type](node, replace(frame, depth=frame.depth + 1))
    return made


def _number(node: Node, frame: HclFrame) -> Value:
    written = frame.written(node.start_byte, node.end_byte)
    try:
        number: int | float = int(written)
    except ValueError:
        number = float(written) if len(written) < 300 else 0.0
    if not math.isfinite(number):
        return named(frame, [node])
    return Value(number, *frame.place(node))


def _boolean(node: Node, frame: HclFrame) -> Value:
    return Value(frame.written(node.start_byte, node.end_byte) == "true", *frame.place(node))


def _null(node: Node, frame: HclFrame) -> Value:
    return Value(None, *frame.place(node))


def _tuple(node: Node, frame: HclFrame) -> Value:
    items = [frame.value(child) for child in node.children if child.type == "expression"]
    return Value(items, *frame.place(node))


def _object(node: Node, frame: HclFrame) -> Value:
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
            members[key.data] = (key, frame.value(parts[1]))
        else:
            rest = named(frame, [parts[0]]).data.name
    return Value(members, *frame.place(node), rest=rest)


def _object_key(node: Node, frame: HclFrame) -> Value:
    """Return the key of an object: a bare name is a key, not a reference."""
    written = frame.written(node.start_byte, node.end_byte)
    if len(node.children) == 1 and node.children[0].type == "variable_expr":
        text = frame.cut(node.start_byte, node.end_byte)
        return text_value(text, *frame.place(node))
    key = frame.value(node)
    if isinstance(key.data, int | float) and not isinstance(key.data, bool):
        return Value(written, key.start, key.end)
    return key


def _call(node: Node, frame: HclFrame) -> Value:
    name, arguments, expand = "", [], False
    for child in node.children:
        if child.type == "identifier":
            name = frame.written(child.start_byte, child.end_byte)
        elif child.type == "function_arguments":
            arguments = [part for part in child.children if part.type == "expression"]
            expand = any(part.type == "ellipsis" for part in child.children)
    made = call(HclCall(name.removeprefix("core::"), arguments, expand, frame, frame.place(node)))
    return named(frame, [node]) if made is None else made


_HANDLERS: dict[str, Any] = {
    "binary_operation": binary,
    "bool_lit": _boolean,
    "conditional": conditional,
    "for_expr": for_expression,
    "function_call": _call,
    "heredoc_template": template,
    "null_lit": _null,
    "numeric_lit": _number,
    "object": _object,
    "quoted_template": template,
    "string_lit": template,
    "tuple": _tuple,
    "unary_operation": unary,
    "variable_expr": lambda node, frame: operand([node], frame),
}
