"""``for`` expressions, and the iterations of these and of ``%{ for }``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from asltool.syntax.hcl.frame import HclFrame, named
from asltool.syntax.hcl.value import Value

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["each_round", "for_expression"]


def for_expression(node: Node, frame: HclFrame) -> Value:
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
        return Value([one.value(makes[0]) for one in kept], *frame.place(node), rest=rest)
    grouped = any(child.type == "ellipsis" for child in inner.children)
    return _object_of(makes, kept, Value({}, *frame.place(node), rest=rest), grouped=grouped)


def _object_of(makes: list[Node], rounds: list[HclFrame], made: Value, *, grouped: bool) -> Value:
    for one in rounds:
        key, value = one.value(makes[0]), one.value(makes[1])
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


def _holds(condition: Node, frame: HclFrame) -> bool:
    """Return whether a condition is true; an unknown one counts as true."""
    expression = next((child for child in condition.children if child.type == "expression"), None)
    return expression is None or frame.value(expression).data is not False


def each_round(intro: Node, frame: HclFrame) -> tuple[list[HclFrame] | None, str]:
    """Return a frame for each element that a ``for`` iterates over, and what else there may be.

    There are no frames if the collection is unknown.
    """
    names = [
        frame.written(child.start_byte, child.end_byte)
        for child in intro.children
        if child.type == "identifier"
    ]
    expression = next((child for child in intro.children if child.type == "expression"), None)
    if expression is None or not names:
        return None, ""
    collection = frame.value(expression)
    if isinstance(collection.data, dict):
        pairs = list(collection.data.values())
    elif isinstance(collection.data, list):
        pairs = [(Value(i, item.start, item.end), item) for i, item in enumerate(collection.data)]
    else:
        return None, ""
    if len(names) == 1:
        return [frame.within(**{names[0]: item}) for _, item in pairs], collection.rest
    return [frame.within(**{names[0]: key, names[1]: item}) for key, item in pairs], collection.rest
