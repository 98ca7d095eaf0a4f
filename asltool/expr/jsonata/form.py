"""Find parts of a JSONata text that are not allowed in their position, although the text parses.

A path is made of steps, whatever brackets the text has around them; what is allowed in it depends on what
each part reduces to. A ``%`` needs a step before it, whose parent it refers to.

Source: the behaviour of jsonata-js 2.0.6
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from asltool.expr.jsonata.node import JsonataNode

__all__ = ["Misplaced", "misplaced"]


class Misplaced(Exception):
    """A misplaced part: JSONata's code, our message, the offset, and the facts for JSONata's message."""

    def __init__(self, code: str, message: str, offset: int, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
        self.facts = facts


def misplaced(tree: JsonataNode) -> Misplaced | None:
    """Return the first misplaced part in JSONata's order; None if there is none."""
    try:
        part = _read(tree)
        if part.seeking:
            raise _no_parent(part.seeking[0])
    except Misplaced as problem:
        return problem
    return None


@dataclass(eq=False, slots=True)
class _Seek:
    """A ``%`` whose parent is ``levels`` steps further up."""

    offset: int
    levels: int = 1


@dataclass(eq=False, slots=True)
class _FormPart:
    """What a node reduces to. ``seeking`` are the ``%`` in it whose parent is outside it."""

    kind: str
    offset: int
    value: Any = None
    steps: list[_FormPart] = field(default_factory=list)
    seeking: list[_Seek] = field(default_factory=list)
    last: _FormPart | None = None
    is_filtered: bool = False
    is_grouped: bool = False
    is_bound: bool = False

    @property
    def step(self) -> _FormPart:
        """The last step of a path; anything else is a step itself."""
        return self.steps[-1] if self.kind == "path" else self


def _read(node: JsonataNode) -> _FormPart:
    """Return what a node reduces to.

    Raises:
        Misplaced: a part is in the wrong place.
    """
    reader = _READERS.get(node.kind)
    return _of(node, [_read(child) for child in node.children]) if reader is None else reader(node)


def _end(node: JsonataNode) -> _FormPart:
    raise Misplaced("S0207", "the expression ends too early", node.offset)


def _name(node: JsonataNode) -> _FormPart:
    return _path(_FormPart("name", node.offset))


def _parent(node: JsonataNode) -> _FormPart:
    return _FormPart("parent", node.offset, seeking=[_Seek(node.offset)])


def _kept(node: JsonataNode) -> _FormPart:
    return _read(node.children[0])


def _of(node: JsonataNode, parts: list[_FormPart]) -> _FormPart:
    """Combine parts whose ``%`` refer to parents outside."""
    seeking = [each for part in parts for each in part.seeking]
    last = parts[-1] if parts else None
    return _FormPart(node.kind, node.offset, node.value, seeking=seeking, last=last)


def _apart(node: JsonataNode) -> _FormPart:
    """Combine parts whose ``%`` are resolved only when the text is evaluated."""
    for child in node.children:
        _read(child)
    return _FormPart(node.kind, node.offset)


def _path(part: _FormPart) -> _FormPart:
    return part if part.kind == "path" else _FormPart("path", part.offset, steps=[part])


def _steps(node: JsonataNode) -> _FormPart:
    first = _read(node.children[0])
    path = _path(first)
    if first.kind == "parent":
        path.seeking = first.seeking
    checked = 0
    for child in node.children[1:]:
        path.steps += _path(_read(child)).steps
        for step in path.steps[checked:]:
            _check_literal(step)
        checked = len(path.steps)
        _find_parents(path)
    return path


def _check_literal(step: _FormPart) -> None:
    if step.kind in ("number", "value"):
        message = "a number, true, false or null cannot be a step of a path"
        raise Misplaced("S0213", message, step.offset, value=step.value)
    if step.kind == "string":
        step.kind = "name"


def _filter(node: JsonataNode) -> _FormPart:
    result = _read(node.children[0])
    step = result.step
    if step.is_grouped:
        raise Misplaced("S0209", "a predicate cannot follow a grouping", node.offset)
    step.is_filtered = True
    predicate = _read(node.children[1])
    if predicate.kind != "parent":
        for each in predicate.seeking:
            if each.levels == 1:
                _seek(step, each)
            else:
                each.levels -= 1
        step.seeking = step.seeking + predicate.seeking
    return result


def _group(node: JsonataNode) -> _FormPart:
    result = _read(node.children[0])
    if result.is_grouped:
        raise Misplaced("S0210", "a step can have one grouping", node.offset)
    for child in node.children[1:]:
        _read(child)
    result.is_grouped = True
    return result


def _sort(node: JsonataNode) -> _FormPart:
    path = _path(_read(node.children[0]))
    path.steps.append(_of(node, [_read(child) for child in node.children[1:]]))
    _find_parents(path)
    return path


def _binding(node: JsonataNode) -> _FormPart:
    result = _read(node.children[0])
    if node.kind == "index":
        return _path(result)
    step = result.step
    if step.is_filtered:
        raise Misplaced("S0215", '"@" must come before the filter of its step', node.offset)
    if step.kind == "sort":
        raise Misplaced("S0216", '"@" must come before the sort of its step', node.offset)
    step.is_bound = True
    return result


def _minus(node: JsonataNode) -> _FormPart:
    operand = _read(node.children[0])
    if operand.kind == "number":
        operand.value = -operand.value
        return operand
    return _of(node, [operand])


def _call(node: JsonataNode) -> _FormPart:
    called, *arguments = node.children
    part = _of(node, [_read(each) for each in arguments])
    _read(called)
    return part


def _find_parents(path: _FormPart) -> None:
    """Resolve the ``%`` of the last step of a path among the steps before it, as far as possible."""
    for each in path.steps[-1].seeking:
        index = len(path.steps) - 2
        while each.levels > 0:
            if index < 0:
                path.seeking = [*path.seeking, each]
                break
            step = path.steps[index]
            index -= 1
            # Adjacent steps that bind their context count as one.
            while index >= 0 and step.is_bound and path.steps[index].is_bound:
                step = path.steps[index]
                index -= 1
            _seek(step, each)


def _seek(part: _FormPart, each: _Seek) -> None:
    """Go up through a step if it has a parent."""
    match part.kind:
        case "name" | "wildcard":
            each.levels -= 1
        case "parent":
            each.levels += 1
        case "block":
            if part.last is not None:
                _seek(part.last, each)
        case "path":
            index = len(part.steps) - 1
            _seek(part.steps[index], each)
            while each.levels > 0 and index > 0:
                index -= 1
                _seek(part.steps[index], each)
        case _:
            raise _no_parent(each)


_READERS: dict[str, Callable[[JsonataNode], _FormPart]] = {
    "apply": _apart,
    "end": _end,
    "filter": _filter,
    "focus": _binding,
    "function": _call,
    "group": _group,
    "index": _binding,
    "keep": _kept,
    "lambda": _apart,
    "minus": _minus,
    "name": _name,
    "parent": _parent,
    "path": _steps,
    "sort": _sort,
    "transform": _apart,
}
"""All other nodes come to a part of what they are made of."""


def _no_parent(each: _Seek) -> Misplaced:
    return Misplaced("S0217", 'this "%" has no parent', each.offset)
