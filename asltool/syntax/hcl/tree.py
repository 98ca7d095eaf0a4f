"""Parse text with tree-sitter, which keeps every position and continues after an error."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from asltool.errors import MissingExtra

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = ["broken_at", "file_tree", "template_tree"]

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_BEGIN = "x = <<ASLTOOL_TEMPLATE\n"
_END = "\nASLTOOL_TEMPLATE\n"


@cache
def _parser() -> Parser:
    try:
        import tree_sitter
        import tree_sitter_hcl
    except ImportError:
        raise MissingExtra("reading Terraform", "terraform") from None
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def file_tree(text: str) -> Node:
    """Return the tree of a ``.tf`` file.

    The offsets of its nodes count characters of the text: for the parser, each non-ASCII character is
    replaced by a character of one byte.

    Raises:
        MissingExtra: the parser is not installed.
    """
    masked = text if text.isascii() else _NOT_ASCII.sub(_stand_in, text)
    return _parser().parse(masked.encode("ascii")).root_node


def _stand_in(match: re.Match[str]) -> str:
    return "a" if match[0].isalnum() else "?"


def template_tree(text: str) -> tuple[Node | None, int]:
    """Return the tree of a text template, or None, and what to subtract from its offsets."""
    found: list[Any] = [file_tree(f"{_BEGIN}{text}{_END}")]
    while found:
        node = found.pop()
        if node.type == "heredoc_template":
            return node, len(_BEGIN)
        found.extend(reversed(node.children))
    return None, len(_BEGIN)


def broken_at(node: Node) -> int | None:
    """Return the position of the first error inside a node; None if there is none."""
    if not node.has_error:
        return None
    waiting: list[Any] = [node]
    while waiting:
        inside = waiting.pop()
        if inside.type == "ERROR" or inside.is_missing:
            return int(inside.start_byte)
        waiting.extend(child for child in reversed(inside.children) if child.has_error)
    return node.start_byte
