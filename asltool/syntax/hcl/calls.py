"""A call of a function, as the functions are given it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from asltool.syntax.hcl.frame import HclFrame
from asltool.syntax.hcl.value import Value

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["FunctionCall", "HclFunction"]


class FunctionCall(NamedTuple):
    """A call: its name, its arguments, whether the last of them is a list of more, and its place."""

    name: str
    arguments: list[Node]
    expand: bool
    frame: HclFrame
    place: tuple[int, int]

    def values(self) -> list[Value] | None:
        """Return the arguments' values; None where it is unknown how many there are."""
        found = [self.frame.value(node) for node in self.arguments]
        if self.expand and found:
            last = found.pop()
            if not isinstance(last.data, list) or last.rest:
                return None
            found += last.data
        return found


HclFunction = Callable[[FunctionCall, list[Value]], Value | None]
"""Returns None where the result is unknown."""
