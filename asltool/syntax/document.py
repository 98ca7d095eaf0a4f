"""A document: a definition's text, the value it holds, and where every part of that value stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asltool.syntax.diagnostics import Diagnostic, Finding, Severity, Span
from asltool.syntax.json_scan import Node, scan
from asltool.syntax.model import Pointer

__all__ = ["Document", "Lines", "has_placeholder"]

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")


def has_placeholder(value: Any) -> bool:
    """Return whether CloudFormation's DefinitionSubstitutions fill in a part of this value: ``${Name}``.

    Nobody knows with what, so such a text may stand anywhere.
    """
    return isinstance(value, str) and _PLACEHOLDER.search(value) is not None


class Lines:
    """Turns offsets in a text into lines and columns. Only a line feed ends a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def span(self, start: int, end: int) -> Span:
        """Return the span from ``start`` to ``end``, or to the end of the line it starts on."""
        line = bisect_right(self._starts, start)
        column = start - self._starts[line - 1]
        line_end = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return Span(line, column + 1, max(1, min(end, line_end) - start))


@dataclass(frozen=True)
class Document:
    """A definition as it was read.

    ``path`` is the file as the user named it. ``value`` is `ABSENT` where the text has no usable value;
    ``problems`` says why. A document that was made from a value alone has no text, and all its places are
    line 1, column 1.
    """

    path: str
    value: Any
    text: str = ""
    problems: tuple[Diagnostic, ...] = ()

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _root(self) -> Node:
        """The places of all values. Found on the first question: a document without problems never asks."""
        return scan(self.text).root

    def locate(self, pointer: Pointer, key: bool = False) -> Span:
        """Return where the value at a pointer stands, or, with ``key``, the key before it.

        Objects and arrays are marked by their opening bracket. Where the pointer leads further than the
        document, the last value on its way is the answer; where there is no key, the value.
        """
        node = self._root
        for step in pointer:
            if step not in node.parts:
                break
            node = node.parts[step]
        if key and node.key is not None:
            return self._lines.span(*node.key)
        return self._lines.span(node.start, node.end)

    def diagnose(self, code: str, finding: Finding, severity: Severity = "error") -> Diagnostic:
        """Return a finding with its place."""
        span = self.locate(finding.pointer, finding.key)
        return Diagnostic(self.path, span, code, finding.message, severity)
