"""The delimiters ``{% %}`` of JSONata expressions. Strings without them never load the parser."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from asltool.expr.parsed_string import ParsedString

if TYPE_CHECKING:
    from asltool.expr.jsonata.node import JsonataNode
    from asltool.expr.jsonata.references import References

__all__ = ["JsonataText", "expression_in", "is_expression"]


def is_expression(text: str) -> bool:
    """Return whether a string starts with ``{%`` and ends with ``%}``, without blanks around them."""
    return text.startswith("{%") and text.endswith("%}") and len(text) >= 4


def expression_in(text: str) -> tuple[str, int]:
    """Return the expression inside ``{% %}``, without blanks around it, and the offset of its start.

    A string without ``{% %}`` is the expression itself.
    """
    inside = text[2:-2] if is_expression(text) else text
    return inside.strip(), text.find(inside.strip(), 2 if is_expression(text) else 0)


class JsonataText(ParsedString):
    """A string in ``{% %}``. The parser is imported on first use."""

    @cached_property
    def tree(self) -> JsonataNode:
        """The syntax tree. Its offsets count from the start of the expression.

        Raises:
            SyntaxProblem: the string is not JSONata, or is nested too deeply (code U1001).
        """
        from asltool.expr.jsonata.syntax import parse

        return parse(expression_in(self)[0])

    @cached_property
    def references(self) -> References:
        """The names that the tree refers to. Raises the same errors as `tree`."""
        from asltool.expr.jsonata.references import references

        return references(self.tree)
