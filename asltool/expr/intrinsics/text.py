"""An intrinsic function call as a value, parsed once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from asltool.errors import ExpressionError
from asltool.expr.jsonpath.text import PathText
from asltool.expr.parsed_string import ParsedString

if TYPE_CHECKING:
    from asltool.expr.intrinsics.grammar import FunctionCall, PathArgument

__all__ = ["CallText"]


class CallText(ParsedString):
    """The text of an intrinsic function call, valid or not. The grammar is imported on first use.

    ``path`` makes values from the paths among the arguments.
    """

    path: Callable[[str], PathText] = PathText

    @cached_property
    def call(self) -> FunctionCall:
        """The call as a tree; raises `ExpressionError` like `grammar.parse`."""
        from asltool.expr.intrinsics.grammar import parse

        return parse(self, self.path)

    @cached_property
    def paths(self) -> tuple[PathArgument, ...] | None:
        """The paths among the arguments; None if the text is not a call."""
        from asltool.expr.intrinsics.grammar import paths

        try:
            return tuple(paths(self.call))
        except ExpressionError:
            return None
