"""Attribute and index access: a name or an expression followed by ``.name``, ``[index]`` or ``[*]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from asltool.syntax.hcl.frame import HclFrame, named
from asltool.syntax.hcl.value import Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["member", "operand", "parenthesised"]

_ACCESSORS = ("get_attr", "index", "splat")


def parenthesised(nodes: list[Node], frame: HclFrame) -> Value:
    if not nodes:
        return Value(Unknown("?"), *frame.between(0, 0))
    if nodes[0].type == "(":
        closing = next((place for place, node in enumerate(nodes) if node.type == ")"), len(nodes))
        inner = nodes[1] if closing > 1 else nodes[0]
        return _accessed(frame.value(inner), nodes[closing + 1 :], nodes, frame)
    return operand(nodes, frame)


def operand(nodes: list[Node], frame: HclFrame) -> Value:
    """Return the value of an expression with its accessors: ``.name``, ``[index]``, ``[*]``."""
    if nodes[0].type == "(":
        return parenthesised(nodes, frame)
    if nodes[0].type != "variable_expr":
        return _accessed(frame.value(nodes[0]), nodes[1:], nodes, frame)
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


def _steps(nodes: list[Node], frame: HclFrame) -> list[str]:
    """Return the names and literal indexes that follow a name, as they are written."""
    steps = []
    for node in nodes:
        if node.type not in ("get_attr", "index"):
            break
        steps.append(frame.written(node.start_byte, node.end_byte).strip(".[] \t"))
    return steps


def _accessed(value: Value, accessors: Sequence[Node], nodes: Sequence[Node], frame: HclFrame) -> Value:
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


def _key(accessor: Node, frame: HclFrame) -> Any:
    inner = accessor.children[0] if accessor.type == "index" else accessor
    if inner.type == "new_index":
        expression = next((child for child in inner.children if child.type == "expression"), None)
        return frame.value(expression).data if expression is not None else None
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


def _splat(value: Value, splat: Node, more: Sequence[Node], nodes: Sequence[Node], frame: HclFrame) -> Value:
    inside = [child for part in splat.children for child in part.children if child.type in _ACCESSORS]
    if value.data is None:
        return replace(value, data=[])
    items = value.data if isinstance(value.data, list) else [value]
    found = [_accessed(item, [*inside, *more], nodes, frame) for item in items]
    return Value(found, value.start, value.end, rest=value.rest)
