"""A call of an intrinsic function as a value, parsed once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from asltool.errors import ExpressionError
from asltool.expr.held import Held
from asltool.expr.jsonpath.text import PathText

if TYPE_CHECKING:
    from asltool.expr.intrinsics.grammar import FunctionCall, PathArgument

__all__ = ["CallText"]


class CallText(Held):
    """What stands where an intrinsic function call belongs. The grammar is imported when it is needed.

    ``path`` makes the values of the paths among the arguments.
    """

    path: Callable[[str], PathText] = PathText

    @cached_property
    def call(self) -> FunctionCall:
        """The call as a tree, raising `ExpressionError` as `grammar.parse` does."""
        from asltool.expr.intrinsics.grammar import parse

        return parse(self, self.path)

    @cached_property
    def paths(self) -> tuple[PathArgument, ...] | None:
        """The paths among the arguments; None for what is not a call."""
        from asltool.expr.intrinsics.grammar import paths

        try:
            return tuple(paths(self.call))
        except ExpressionError:
            return None
