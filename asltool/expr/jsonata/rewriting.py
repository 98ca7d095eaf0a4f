"""Rewrite the parts of an expression that an engine interprets differently from JSONata 2.0.6."""

from __future__ import annotations

import re

from asltool.expr.jsonata.regexes import in_dialect
from asltool.expr.jsonata.syntax import JsonataNode

__all__ = ["rewrite"]

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def rewrite(text: str, tree: JsonataNode, engine: str) -> tuple[str, dict[str, int]]:
    """Return the text for an engine, and the numbers from 2^53 in it, which become variables."""
    numbers: dict[str, int] = {}
    for node in sorted(tree.walk(), key=lambda node: node.offset, reverse=True):
        if node.kind == "regex":
            end, written = node.offset + len(node.value), in_dialect(node.value, engine)
        elif node.kind == "number" and node.value >= 1 << 53 and (found := _NUMBER.match(text, node.offset)):
            number = int(found[0]) if found[0].isdigit() else int(node.value)
            name = f"asl_{number}"
            numbers[name] = number
            end, written = found.end(), f"${name}"
        else:
            continue
        text = text[: node.offset] + written + text[end:]
    return text, numbers
