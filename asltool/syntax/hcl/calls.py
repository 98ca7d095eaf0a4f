"""A function call, as it is passed to the functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from asltool.syntax.hcl.frame import HclFrame
from asltool.syntax.hcl.value import Value

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["HclCall", "HclFunction"]


class HclCall(NamedTuple):
    """A call: its name, its arguments, whether the last one is expanded (``...``), and its position."""

    name: str
    arguments: list[Node]
    expand: bool
    frame: HclFrame
    place: tuple[int, int]

    def values(self) -> list[Value] | None:
        """Return the values of the arguments; None if their number is unknown."""
        found = [self.frame.value(node) for node in self.arguments]
        if self.expand and found:
            last = found.pop()
            if not isinstance(last.data, list) or last.rest:
                return None
            found += last.data
        return found


HclFunction = Callable[[HclCall, list[Value]], Value | None]
"""Returns None where the result is unknown."""
