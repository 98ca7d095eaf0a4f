"""How much data an expression can produce, judged by its text alone.

The engine in Rust has no limits: if it runs out of memory, the whole process ends, and a built-in function
cannot be interrupted. So an expression runs inside our process only if its text shows that the result is at
most a small multiple of the data: paths, filters, operators and most functions. Expressions without a visible
bound (recursion, ``$reduce``, ranges, a large value copied for every item) run in a separate process, see
`sandbox`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from asltool.expr.jsonata.syntax import JsonataNode

__all__ = ["is_bounded"]

_MOST = 500
"""How many times its data an expression may make; the service's data ends at 256 KiB."""

_SMALL = frozenset(
    {
        *("abs", "average", "boolean", "ceil", "contains", "count", "exists", "floor", "formatBase"),
        *("hash", "length", "max", "millis", "min", "not", "now", "number", "power", "random"),
        *("round", "sqrt", "sum", "type", "uuid"),
    }
)
"""Functions with a small result, whatever they are given."""

_GROWTH = {
    **dict.fromkeys(("append", "assert", "base64decode", "decodeUrl", "decodeUrlComponent", "error"), 1),
    **dict.fromkeys(("keys", "lookup", "lowercase", "merge", "parse", "partition", "reverse"), 1),
    **dict.fromkeys(("shuffle", "split", "substring", "substringAfter", "substringBefore", "trim"), 1),
    **dict.fromkeys(("uppercase", "zip"), 1),
    **dict.fromkeys(("base64encode", "encodeUrl", "encodeUrlComponent", "match", "spread", "string"), 3),
}
"""Functions whose result is at most so many times what they are given."""

_LITERAL = {"formatNumber": 1, "fromMillis": 1, "join": 1, "pad": 1, "replace": 2, "toMillis": 1}
"""From this argument on (the first is 0) it takes a literal to see how far these go."""

_WIDE = re.compile(r",[\d*-]*\d{3}")
"""A width in a date's picture that makes the text much longer than the picture is."""

_PER_ITEM = frozenset(("each", "filter", "map", "sift", "single", "sort"))
"""Functions that call a function for every item."""


def is_bounded(tree: JsonataNode) -> bool:
    """Return whether the text shows that the result is at most a small multiple of the data."""
    return _Growth().of(tree, False) <= _MOST


class _Growth:
    """Computes growth factors, which are infinite if there is no visible bound.

    Inside a loop, only data of the item is small. Everything else would be copied for every item, so it has
    no bound: variables other than ``item`` and, unless the item is the context (``here``), names.
    """

    def __init__(self) -> None:
        self.bound: dict[str, float] = {}
        self.item: tuple[str, ...] = ()
        self.here = True
        self.descendants = 0
        self.rules: dict[str, Callable[[JsonataNode, bool], float]] = {
            **dict.fromkeys(("number", "value", "regex"), lambda node, loop: 1),
            **dict.fromkeys(("name", "wildcard"), self.context),
            **dict.fromkeys(("path", "sort"), self.loop),
            **dict.fromkeys(("array", "object"), lambda node, loop: max(1, self.total(node.children, loop))),
            "string": lambda node, loop: 1 + len(node.value) if loop else 1,
            "descendants": self.every_descendant,
            "variable": self.variable,
            "keep": lambda node, loop: self.of(node.children[0], loop),
            "filter": lambda node, loop: self.of(node.children[0], loop) * self.small(node.children[1:]),
            "group": self.group,
            "block": lambda node, loop: max((self.of(child, loop) for child in node.children), default=1),
            "condition": self.condition,
            "binary": self.binary,
            "minus": lambda node, loop: self.small(node.children),
            "bind": self.bind,
            "function": lambda node, loop: self.call(node.children[0], node.children[1:], loop),
            "apply": self.apply,
        }

    def of(self, node: JsonataNode, loop: bool) -> float:
        """Return the factor of a node; ``loop`` is set if it is evaluated for every item."""
        rule = self.rules.get(node.kind)
        return rule(node, loop) if rule else math.inf

    def total(self, nodes: Sequence[JsonataNode], loop: bool) -> float:
        return sum(self.of(node, loop) for node in nodes)

    def small(self, nodes: Sequence[JsonataNode]) -> float:
        """Return 1 for parts whose values are only inspected, so that no copy remains."""
        return 1 if all(self.of(node, False) <= _MOST for node in nodes) else math.inf

    def per_item(self, node: JsonataNode, names: tuple[str, ...] = ()) -> float:
        """Return the factor of a part evaluated for every item, which is in variables or is the context."""
        outer = self.item, self.here
        self.item, self.here = names, not names
        factor = self.of(node, True)
        self.item, self.here = outer
        return factor

    def context(self, node: JsonataNode, loop: bool) -> float:
        return 1 if self.here or not loop else math.inf

    def every_descendant(self, node: JsonataNode, loop: bool) -> float:
        """``**`` of ``**`` lists a deep value once for every level above it."""
        self.descendants += 1
        return self.context(node, loop) if self.descendants == 1 else math.inf

    def variable(self, node: JsonataNode, loop: bool) -> float:
        if node.value == "":
            return self.context(node, loop)
        if node.value in self.item:
            return 1
        return math.inf if loop else self.bound.get(node.value, 1)

    def loop(self, node: JsonataNode, loop: bool) -> float:
        first, *rest = node.children
        return self.of(first, loop) * math.prod(self.per_item(part) for part in rest)

    def group(self, node: JsonataNode, loop: bool) -> float:
        first, *pairs = node.children
        return self.of(first, loop) * max(1, sum(self.per_item(part) for part in pairs))

    def condition(self, node: JsonataNode, loop: bool) -> float:
        first, *branches = node.children
        return self.small([first]) * max(self.of(branch, loop) for branch in branches)

    def binary(self, node: JsonataNode, loop: bool) -> float:
        if node.value == "&":
            return self.total(node.children, loop)
        if node.value == "..":
            first, last = (child.value if child.kind == "number" else math.nan for child in node.children)
            return max(1, last - first + 1) if math.isfinite(last - first) else math.inf
        return self.small(node.children)

    def bind(self, node: JsonataNode, loop: bool) -> float:
        self.bound[node.value] = math.inf if loop else self.of(node.children[0], loop)
        return self.bound[node.value]

    def apply(self, node: JsonataNode, loop: bool) -> float:
        left, right = node.children
        if right.kind == "function":
            return self.call(right.children[0], (left, *right.children[1:]), loop)
        return self.call(right, (left,), loop)

    def call(self, called: JsonataNode, arguments: Sequence[JsonataNode], loop: bool) -> float:
        name = called.value if called.kind == "variable" and called.value not in self.bound else None
        if name in _SMALL:
            return self.small(arguments)
        if name in _GROWTH:
            return _GROWTH[name] * max(1, self.total(arguments, loop))
        if name in _LITERAL:
            return self.literal(arguments, _LITERAL[name], loop)
        if name in _PER_ITEM and arguments:
            return self.higher_order(arguments, loop, name in ("each", "map"))
        return math.inf

    def literal(self, arguments: Sequence[JsonataNode], start: int, loop: bool) -> float:
        factor = 1.0
        for argument in arguments[start:]:
            if argument.kind == "string" and not _WIDE.search(argument.value):
                factor += len(argument.value)
            elif argument.kind == "number":
                factor += argument.value
            else:
                return math.inf
        return factor * max(1, self.total(arguments[:start], loop))

    def higher_order(self, arguments: Sequence[JsonataNode], loop: bool, keeps_results: bool) -> float:
        data, *functions = arguments
        factor = self.of(data, loop)
        for function in functions:
            if function.kind != "lambda":
                return math.inf
            body = function.children[0]
            # A third parameter would be the whole array.
            factor *= self.per_item(body, function.value[:2]) if keeps_results else self.small([body])
        return factor
