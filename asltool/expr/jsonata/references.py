"""The names that an expression refers to: variables, functions, and the context item."""

from __future__ import annotations

from dataclasses import dataclass, field

from asltool.expr.jsonata.library import CONTEXT_ARGUMENTS
from asltool.expr.jsonata.syntax import JsonataNode

__all__ = ["References", "references"]


@dataclass(slots=True)
class References:
    """Names without their ``$``, each with the offset of its first use.

    ``variables`` are those that the expression does not define itself, including functions; ``functions`` are
    the ones it calls. ``context`` are reads of the context item of the whole expression: bare names, ``$``,
    ``$$``, ``*``, ``%``, and functions that use it for a missing argument. On the service, an expression has
    no such item.
    """

    variables: dict[str, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    context: dict[str, int] = field(default_factory=dict)


def references(tree: JsonataNode) -> References:
    """Return the names that a syntax tree refers to."""
    walk = _Walk()
    walk.visit(tree, set(), True)
    return walk.found


class _Walk:
    def __init__(self) -> None:
        self.found = References()
        self.later: frozenset[str] = frozenset()

    def visit(self, node: JsonataNode, defined: set[str], outer: bool) -> None:
        """Record the references of a node; ``outer`` if the context item is that of the whole expression."""
        match node.kind:
            case "variable":
                self.variable(node, defined, outer)
            case "name" | "wildcard" | "descendants" | "parent":
                if outer or node.kind == "parent":
                    self.found.context.setdefault(str(node.value), node.offset)
            case "path":
                self.path(node, defined, outer)
            case "filter" | "sort" | "group" | "transform":
                inside = node.kind == "transform"
                self.visit(node.children[0], defined, outer and not inside)
                self.visit_all(node.children[1:], defined, False)
            case "focus" | "index" | "bind":
                if outer and node.kind == "focus":  # The next step has the same context as this one.
                    self.found.context.setdefault("@", node.offset)
                self.visit(node.children[0], defined, outer)
                defined.add(node.value)
            case "block":
                self.block(node, set(defined), outer)
            case "lambda":
                self.visit_all(node.children, defined | self.later | set(node.value), outer)
            case "function":
                self.call(node, defined, outer, len(node.children) - 1)
            case "apply":
                self.apply(node, defined, outer)
            case _:
                self.visit_all(node.children, defined, outer)

    def visit_all(self, nodes: tuple[JsonataNode, ...], defined: set[str], outer: bool) -> None:
        for node in nodes:
            self.visit(node, defined, outer)

    def block(self, node: JsonataNode, defined: set[str], outer: bool) -> None:
        """A function may use names that its block defines later."""
        enclosing = self.later
        self.later |= {child.value for child in node.children if child.kind == "bind"}
        self.visit_all(node.children, defined, outer)
        self.later = enclosing

    def variable(self, node: JsonataNode, defined: set[str], outer: bool) -> None:
        if node.value in ("", "$"):
            if outer or node.value == "$":
                self.found.context.setdefault("$" + node.value, node.offset)
        elif node.value not in defined:
            self.found.variables.setdefault(node.value, node.offset)

    def path(self, node: JsonataNode, defined: set[str], outer: bool) -> None:
        first = node.children[0]
        if first.kind == "string" and outer:
            self.found.context.setdefault(first.value, first.offset)
        self.visit(first, defined, outer)
        self.visit_all(node.children[1:], defined, False)

    def call(self, node: JsonataNode, defined: set[str], outer: bool, arguments: int) -> None:
        called = node.children[0]
        if called.kind == "variable" and called.value not in defined:
            self.found.functions.setdefault(called.value, node.offset)
            if outer and arguments < CONTEXT_ARGUMENTS.get(called.value, 0):
                self.found.context.setdefault(f"${called.value}", node.offset)
        self.visit_all(node.children, defined, outer)

    def apply(self, node: JsonataNode, defined: set[str], outer: bool) -> None:
        """``x ~> $f(y)`` calls ``$f(x, y)``."""
        left, right = node.children
        self.visit(left, defined, outer)
        if right.kind == "function":
            self.call(right, defined, outer, len(right.children))
        else:
            self.visit(right, defined, outer)
