"""The functions of Terraform that definitions are made with.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from asltool.syntax.hcl.evaluate import Frame, evaluate
from asltool.syntax.hcl.values import Value

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Call", "Function", "call"]


class Call(NamedTuple):
    """A call: its name, its arguments, whether the last of them is a list of more, and its place."""

    name: str
    arguments: list[Node]
    expand: bool
    frame: Frame
    place: tuple[int, int]

    def values(self) -> list[Value] | None:
        """Return the arguments' values; None where it is unknown how many there are."""
        found = [evaluate(node, self.frame) for node in self.arguments]
        if self.expand and found:
            last = found.pop()
            if not isinstance(last.data, list) or last.rest:
                return None
            found += last.data
        return found


Function = Callable[[Call, list[Value]], Value | None]
"""Returns None where the result is unknown."""


def call(made: Call) -> Value | None:
    """Return what a call gives, None where that is unknown."""
    from asltool.syntax.hcl.collections import COLLECTIONS
    from asltool.syntax.hcl.documents import DOCUMENTS
    from asltool.syntax.hcl.strings import STRINGS

    if made.name in ("try", "can"):
        return _try(made)
    function = DOCUMENTS.get(made.name) or COLLECTIONS.get(made.name) or STRINGS.get(made.name)
    values = None if function is None else made.values()
    if function is None or values is None:
        return None
    try:
        return function(made, values)
    except (ArithmeticError, IndexError, KeyError, TypeError, ValueError):
        return None  # Terraform would refuse the call; here it only stays unknown.


def _try(made: Call) -> Value | None:
    """The first argument that is known; Terraform takes the first that does not fail."""
    values = [evaluate(node, made.frame) for node in made.arguments]
    if made.name == "can":
        return Value(True, *made.place) if values and values[0].known else None
    return next((value for value in values if value.known and value.data is not None), None) or (
        values[0] if values else None
    )
