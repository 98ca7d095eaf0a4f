"""The known shapes of variables, as a persistent data structure that shares most data between versions.

Each state of a definition has such a value. If each of n states assigned a variable, plain mappings would
take time and memory proportional to n squared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from asltool.rules.analysis.shapes import NOTHING, UNKNOWN, Shape, join

__all__ = ["Known"]

_BITS = 4
_MASK = (1 << _BITS) - 1


class _Leaf(NamedTuple):
    """One variable. ``key`` is its number; ``certain``: every path to here assigns it."""

    key: int
    shape: Shape
    certain: bool

    @property
    def is_unknown(self) -> bool:
        return self.shape.anything


class _Branch(NamedTuple):
    """An inner node. ``parts`` are its children, indexed by the next bits of the variables' numbers."""

    parts: Mapping[int, _Leaf | _Branch]
    is_unknown: bool
    certain: bool


_KnownNode = _Leaf | _Branch


class Known:
    """The variables that may be assigned, each with its shape. Immutable.

    Two values are equal only if they share the same tree, that is, if nothing changed between them.
    """

    __slots__ = ("_numbers", "_root")

    def __init__(self, numbers: dict[str, int] | None = None, root: _KnownNode | None = None) -> None:
        self._numbers: dict[str, int] = {} if numbers is None else numbers
        self._root = root

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self._root is other._root

    __hash__ = None  # type: ignore[assignment]

    def __contains__(self, name: str) -> bool:
        return self._leaf(name) is not None

    def get(self, name: str) -> Shape:
        """Return the shape of a variable, or `UNKNOWN` if it is never assigned."""
        leaf = self._leaf(name)
        return UNKNOWN if leaf is None else leaf.shape

    def is_certain(self, name: str) -> bool:
        """Return whether every path to here assigns a variable."""
        leaf = self._leaf(name)
        return leaf is not None and leaf.certain

    @property
    def is_unknown(self) -> bool:
        """Whether the shape of every variable is unknown."""
        return self._root is None or self._root.is_unknown

    def nothing(self) -> Known:
        """Return an empty value."""
        return Known(self._numbers)

    def assigned(self, shapes: Mapping[str, Shape]) -> Known:
        """Return the value with these variables assigned."""
        root = self._root
        for name, shape in shapes.items():
            key = self._numbers.setdefault(name, len(self._numbers))
            root = _put(root, _Leaf(key, shape, True), 0)
        return Known(self._numbers, root)

    def joined(self, other: Known) -> Known:
        """Return what is known where two paths meet; this value itself if the other adds nothing."""
        root = _join(self._root, other._root, 0)
        return self if root is self._root else Known(self._numbers, root)

    def widened(self) -> Known:
        """Return the same variables with unknown shapes."""
        return Known(self._numbers, _widened(self._root))

    def _leaf(self, name: str) -> _Leaf | None:
        key = self._numbers.get(name)
        if key is None:
            return None
        node, bits = self._root, key
        while isinstance(node, _Branch):
            node, bits = node.parts.get(bits & _MASK), bits >> _BITS
        return node if node is not None and node.key == key else None


def _branch(parts: Mapping[int, _KnownNode]) -> _Branch:
    return _Branch(
        parts,
        all(part.is_unknown for part in parts.values()),
        any(part.certain for part in parts.values()),
    )


def _below(leaf: _Leaf, depth: int) -> dict[int, _KnownNode]:
    return {leaf.key >> depth * _BITS & _MASK: leaf}


def _put(node: _KnownNode | None, leaf: _Leaf, depth: int) -> _KnownNode:
    if node is None or (isinstance(node, _Leaf) and node.key == leaf.key):
        return leaf
    parts = dict(_below(node, depth) if isinstance(node, _Leaf) else node.parts)
    step = leaf.key >> depth * _BITS & _MASK
    parts[step] = _put(parts.get(step), leaf, depth + 1)
    return _branch(parts)


def _join(one: _KnownNode | None, other: _KnownNode | None, depth: int) -> _KnownNode | None:
    """Join two trees. Shared parts are kept without comparing them."""
    if one is other:
        return one
    if one is None or other is None:
        return _uncertain(one or other)
    if isinstance(one, _Leaf) and isinstance(other, _Leaf) and one.key == other.key:
        leaf = _Leaf(one.key, join(one.shape, other.shape), one.certain and other.certain)
        return one if leaf == one else leaf
    mine, theirs = (_below(node, depth) if isinstance(node, _Leaf) else node.parts for node in (one, other))
    parts: dict[int, _KnownNode] = {}
    for step in {**mine, **theirs}:
        part = _join(mine.get(step), theirs.get(step), depth + 1)
        if part is not None:
            parts[step] = part
    if (
        isinstance(one, _Branch)
        and parts.keys() == mine.keys()
        and all(parts[step] is mine[step] for step in mine)
    ):
        return one
    return _branch(parts)


def _uncertain(node: _KnownNode | None) -> _KnownNode | None:
    """Return variables that only one of two paths assigns."""
    if node is None or not node.certain:
        return node
    if isinstance(node, _Leaf):
        return _Leaf(node.key, join(node.shape, NOTHING), False)
    return _branch(
        {step: part for step, part in ((step, _uncertain(part)) for step, part in node.parts.items()) if part}
    )


def _widened(node: _KnownNode | None) -> _KnownNode | None:
    if node is None or node.is_unknown:
        return node
    if isinstance(node, _Leaf):
        return node._replace(shape=UNKNOWN)
    return _branch(
        {step: part for step, part in ((step, _widened(part)) for step, part in node.parts.items()) if part}
    )
