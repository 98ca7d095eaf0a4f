"""The reads of a JSONata expression, and the terms of its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from asltool.expr.jsonata import JsonataNode
from asltool.syntax.model import ABSENT
from asltool.testing.explore.lenses import (
    AS_JSON,
    AS_NUMBER,
    AS_VALUE,
    COUNT,
    LOWER,
    NEGATED,
    ONLY,
    SUM,
    TEXT_LENGTH,
    UPPER,
    Lens,
    Name,
    PathStep,
    affix,
    joined,
    plus,
)
from asltool.testing.explore.selections import ITEM, each, where
from asltool.testing.explore.terms import Constant, Term, Unclear, ValueRead, constant_term

__all__ = ["items_named", "node_read", "node_reads", "node_terms"]

_NO_ITEMS: Mapping[str, ValueRead] = {}
_SEARCHES = ("path", "variable", "filter", "keep", "sort")
_Names = Mapping[str, JsonataNode]
"""The variables that an expression defines itself."""


def node_read(node: JsonataNode, through: bool = False) -> ValueRead | None:
    """Return the read of a JSONata path by names and indexes.

    Search steps are ignored or, if ``through``, part of the read; then there are also reads of an item.
    """
    if node.kind in ("filter", "keep", "sort"):
        inner = node_read(node.children[0], through)
        return None if inner is None else inner._replace(steps=(*inner.steps, *_found(node, through)))
    first, *rest = node.children if node.kind == "path" else (node,)
    if through and first.kind == "name":
        found = ValueRead(ITEM, ())
        rest = [first, *rest]
    elif first.kind == "variable" and (through or first.value not in ("", "$")):
        found = ValueRead(f"${first.value}" if first.value else ITEM, ())
    else:
        inner = node_read(first, through) if first.kind in ("filter", "keep", "sort", "path") else None
        if inner is None:
            return None
        found = inner
    for step in rest:
        found = found._replace(steps=(*found.steps, *_steps(step, through, found.steps)))
    return found


def _steps(node: JsonataNode, through: bool = False, before: tuple[PathStep, ...] = ()) -> Iterator[PathStep]:
    if node.kind in ("name", "string"):
        of_each = any(isinstance(step, Lens) for step in before[-1:])
        yield each(node._replace(kind="name"), _plain_terms) if of_each else Name(node.value)
    elif node.kind in ("filter", "keep", "sort"):
        yield from _steps(node.children[0], through, before)
        yield from _found(node, through)
    elif through and node.kind in ("block", "object", "function"):
        yield each(node, _plain_terms)


def _found(node: JsonataNode, through: bool) -> Iterator[PathStep]:
    """Yield the steps of a search."""
    if node.kind != "filter":
        return
    predicate = node.children[1]
    if (index := _index(predicate)) is not None:
        yield index
    elif through and predicate.kind in ("minus", "variable"):
        yield -1 if predicate.kind == "minus" else 0
    elif through and predicate.kind != "array":
        yield where(predicate, _plain_terms)


def _index(node: JsonataNode) -> int | None:
    if node.kind == "minus":
        index = _index(node.children[0])
        return None if index is None else -index
    return node.value if node.kind == "number" and type(node.value) is int else None


def node_reads(node: JsonataNode, items: Mapping[str, ValueRead] = _NO_ITEMS) -> Iterator[ValueRead]:
    """Yield the reads of a JSONata node, without those that only lead to others.

    ``items`` are the parameters that stand for an item of an array, as in ``$map``.
    """
    found = node_read(node, through=True) if node.kind in _SEARCHES else None
    if found is None:
        yield from _computed_reads(node)
        items = {**items, **items_named(node)}
        for child in node.children[1:] if node.kind == "function" else node.children:
            yield from node_reads(child, items)
        return
    if found.root in items:
        found = items[found.root]._replace(steps=(*items[found.root].steps, *found.steps))
    if found.root != ITEM and (found.root != "$states" or found.steps):
        yield found


def _computed_reads(node: JsonataNode) -> Iterator[ValueRead]:
    """Yield the reads from which a function computes a value in a way that can be inverted."""
    called = node.children[0] if node.kind in ("function", "path") and node.children else node
    if node.kind == "function" or called.kind == "function":
        reads = (term for term in _plain_terms(node) if isinstance(term, ValueRead) and term.root != ITEM)
        yield from (read for read in reads if any(isinstance(step, Lens) for step in read.steps))


def items_named(node: JsonataNode) -> dict[str, ValueRead]:
    """Return the meaning of the parameter of a function that is called with each item of an array."""
    if node.kind != "function" or node.children[0].value not in ("map", "filter") or len(node.children) != 3:
        return {}
    _, array, function = node.children
    read = node_read(array) if array.kind in _SEARCHES else None
    if read is None or function.kind != "lambda" or not function.value:
        return {}
    return {f"${function.value[0]}": read._replace(steps=(*read.steps, 0))}


def node_terms(tree: JsonataNode, steps: tuple[PathStep, ...] = ()) -> Iterator[Term]:
    """Yield the terms that the steps lead to in the value of an expression."""
    for term in _node(tree, steps, {}):
        yield Unclear(tuple(node_reads(tree))) if isinstance(term, Unclear) else term


def _plain_terms(node: JsonataNode) -> Iterator[Term]:
    return _node(node, (), {})


def _node(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    follow = _KINDS.get(node.kind)
    yield from [Unclear()] if follow is None else follow(node, steps, names)


def _literal(node: JsonataNode, steps: tuple[PathStep, ...], _: _Names) -> Iterator[Term]:
    yield constant_term(node.value, steps)


def _path(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    if node.kind == "variable" and node.value in names:
        yield from _node(names[node.value], steps, {})
        return
    first, *rest = node.children if node.kind == "path" else (node,)
    if rest and (first.kind in ("function", "block", "object") or first.value in names):
        inner: tuple[PathStep, ...] = ()
        for child in rest:
            inner = (*inner, *_steps(child, True, inner))
        yield from _node(first, (*inner, *steps), names)
        return
    if node.kind in ("filter", "keep", "sort") and first.children[0].kind in ("function", "block"):
        yield from _node(first.children[0], (*_found(node, True), *steps), names)
        return
    read = node_read(node, through=True)
    if read is not None:
        yield read._replace(steps=(*read.steps, *steps))
    if read is None or not _is_plain(node):
        yield Unclear()


def _block(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    own = {child.value: child.children[0] for child in node.children if child.kind == "bind"}
    last = node.children[-1] if node.children else None
    yield from [Unclear()] if last is None else _node(last, steps, {**names, **own})


def _condition(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    for branch in node.children[1:]:
        yield from _node(branch, steps, names)
    if len(node.children) == 2:
        yield Constant(ABSENT)


def _array(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    count = len(node.children)
    if count == 1 and node.children[0].kind in (*_SEARCHES, "function"):
        # [x] makes an array of a sequence, which may have only one item.
        yield from _node(node.children[0], steps, names)
    if steps and isinstance(steps[0], int) and -count <= steps[0] < count:
        yield from _node(node.children[steps[0]], steps[1:], names)
    # An item may give no value, or several.
    yield Unclear()


def _is_plain(node: JsonataNode) -> bool:
    """Return whether a path consists only of names."""
    first, *steps = node.children if node.kind == "path" else (node,)
    return first.kind == "variable" and all(step.kind == "name" for step in steps)


def _object(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    if not steps or any(key.kind != "string" for key in node.children[::2]):
        yield Unclear()
        return
    for key, value in zip(node.children[::2], node.children[1::2], strict=True):
        if key.kind == "string" and key.value == steps[0]:
            yield from _node(value, steps[1:], names)
            return
    yield Constant(ABSENT) if isinstance(steps[0], str) else Unclear()


def _binary(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    left, right = node.children
    number = right.value if right.kind == "number" else None
    if node.value in ("+", "-") and number is not None:
        yield from _node(left, (plus(number if node.value == "+" else -number), *steps), names)
    elif node.value == "&" and right.kind == "string":
        yield from _node(left, (affix("", right.value), *steps), names)
    elif node.value == "&" and left.kind == "string":
        yield from _node(right, (affix(left.value, ""), *steps), names)
    else:
        yield Unclear()


_LENSES: dict[str, PathStep] = {
    **dict.fromkeys(("average", "max", "min", "sum"), SUM),
    "count": COUNT,
    "join": ONLY,
    "length": TEXT_LENGTH,
    "lowercase": LOWER,
    "not": NEGATED,
    "number": AS_NUMBER,
    "parse": AS_JSON,
    "string": AS_VALUE,
    "uppercase": UPPER,
}
_SAME_ITEMS = ("distinct", "reverse", "shuffle", "sort")


def _call(node: JsonataNode, steps: tuple[PathStep, ...], names: _Names) -> Iterator[Term]:
    called, *arguments = node.children
    name = called.value if called.kind == "variable" else ""
    last = arguments[-1] if len(arguments) == 2 else None
    if name in _LENSES and arguments:
        yield from _node(arguments[0], (_LENSES[name], *steps), names)
    elif name == "merge" and steps and arguments and arguments[0].kind == "array":
        for part in reversed(arguments[0].children):
            yield from _node(part, steps, names)
    elif name == "split" and last is not None and last.kind == "string":
        yield from _node(arguments[0], (joined(last.value), *steps), names)
    elif name in ("filter", "map") and last is not None and last.kind == "lambda" and last.value:
        of_items = where if name == "filter" else each
        yield from _node(
            arguments[0], (of_items(last.children[0], _plain_terms, last.value[0]), *steps), names
        )
        yield Unclear()
    elif (name == "append" and steps) or (name in _SAME_ITEMS and arguments):
        for argument in reversed(arguments):
            yield from _node(argument, steps, names)
        yield Unclear()
    else:
        yield Unclear()


_Follow = Callable[[JsonataNode, tuple[PathStep, ...], _Names], Iterator[Term]]

_KINDS: dict[str, _Follow] = {
    **dict.fromkeys(("number", "string", "value"), _literal),
    "name": _path,
    **dict.fromkeys(_SEARCHES, _path),
    "array": _array,
    "binary": _binary,
    "block": _block,
    "condition": _condition,
    "function": _call,
    "object": _object,
}
