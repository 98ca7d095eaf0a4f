"""A JSONata text as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

__all__ = ["DEEPEST", "JsonataNode"]

DEEPEST = 100
"""How many levels a tree may have; the service evaluates no more."""


class JsonataNode(NamedTuple):
    """A part of an expression.

    ``value`` is the name, the literal or the operator. The kinds and their children:

    ======================================  =============================================================
    string number value regex variable      none
    name wildcard descendants parent end    none; ``end`` means a missing operand
    path                                    its steps
    filter, sort, group                     the input, then the predicate, the keys or the pairs
    focus index                             what is bound to the variable ``value``
    keep                                    what stays an array: ``x[]``
    array object block                      items; key, value, key, value …; expressions
    binary minus bind condition apply       operands
    function                                what is called, then the arguments (``placeholder`` for ``?``)
    lambda                                  the body; ``value`` is the names of the parameters
    transform                               pattern, update and, if there, what is deleted
    ======================================  =============================================================
    """

    kind: str
    value: Any
    offset: int
    children: tuple[JsonataNode, ...] = ()
    height: int = 1

    def walk(self) -> Iterator[JsonataNode]:
        """Yield this node and all nodes below it, in text order."""
        yield self
        for child in self.children:
            yield from child.walk()
