"""Suppressions in a definition: ``asltool: ignore[rule]``.

In a ``Comment`` field it applies to that state machine, state or rule. In a YAML or HCL comment it applies to
its line or, if the comment is alone on its line, to the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any, NamedTuple

from asltool.syntax.atlas import Lines
from asltool.syntax.diagnostics import Diagnostic, Span
from asltool.syntax.document import Document
from asltool.syntax.model import Pointer

__all__ = ["Suppression", "Suppressions", "in_comments", "on_lines"]

_ASKED = re.compile(r"asltool: *ignore\[(?P<rules>[^\]\n]*)\]")
_COMMENTS = {
    ".tf": re.compile("#|//"),
    ".tofu": re.compile("#|//"),
    ".yaml": re.compile("#"),
    ".yml": re.compile("#"),
}
"""How a comment begins, by file extension."""
_SIGN = "asltool:"


class Suppression(NamedTuple):
    """One suppressed rule, and the place of its suppression."""

    path: str
    span: Span
    rule: str


class Suppressions:
    """The suppressions of one file or definition. ``used`` are those that suppressed a finding."""

    def __init__(self) -> None:
        self.offered: dict[Suppression, None] = {}
        self.used: set[Suppression] = set()

    def left(
        self, found: Iterable[Diagnostic], asked: list[tuple[Any, Suppression]], holds: Any
    ) -> list[Diagnostic]:
        """Return the findings that none of these suppressions applies to."""
        self.offered.update((each, None) for _, each in asked)
        kept = []
        for diagnostic in found:
            hits = [
                each for at, each in asked if each.rule == diagnostic.code and holds(at, each, diagnostic)
            ]
            self.used.update(hits)
            if not hits:
                kept.append(diagnostic)
        return kept


def in_comments(document: Document, found: list[Diagnostic], suppressions: Suppressions) -> list[Diagnostic]:
    """Return the findings of a definition that its ``Comment`` fields do not suppress."""
    texts = [document.text] if document.atlas is None else document.atlas.texts.values()
    if not any(_SIGN in text for text in texts):
        return found
    asked = [
        (pointer, Suppression(*document.place(*document.offsets((*pointer, "Comment"))), rule))
        for pointer, comment in _comments(document.value, ())
        for rule in _rules(_ASKED, comment)
    ]
    return suppressions.left(found, asked, _is_inside)


def _is_inside(pointer: Pointer, asked: Suppression, diagnostic: Diagnostic) -> bool:
    at = diagnostic.pointer
    return at is not None and at[: len(pointer)] == pointer


def on_lines(path: str, text: str, found: list[Diagnostic], suppressions: Suppressions) -> list[Diagnostic]:
    """Return the findings that comments in a YAML or HCL file do not suppress."""
    if _SIGN not in text or PurePath(path).suffix not in _COMMENTS:
        return found
    return suppressions.left(found, list(_asked_on_lines(path, text)), _is_on_line)


def _is_on_line(line: int, asked: Suppression, diagnostic: Diagnostic) -> bool:
    return asked.path == diagnostic.path and line == diagnostic.span.line


def _asked_on_lines(path: str, text: str) -> Iterator[tuple[int, Suppression]]:
    lines, begins = Lines(text), _COMMENTS[PurePath(path).suffix]
    for match in _ASKED.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        comment = begins.search(before)
        if comment is not None:
            span = lines.span(match.start("rules"), match.end("rules"))
            alone = not before[: comment.start()].strip()
            line = _next_line(text, span.line) if alone else span.line
            yield from ((line, Suppression(path, span, rule)) for rule in _split(match["rules"]))


def _next_line(text: str, line: int) -> int:
    """Return the next line that has more than a comment."""
    for number, written in enumerate(text.split("\n")[line:], line + 1):
        if written.strip() and not written.lstrip().startswith(("#", "//")):
            return number
    return line


def _comments(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, dict):
        comment = value.get("Comment")
        if isinstance(comment, str) and _SIGN in comment:
            yield pointer, comment
        for name, part in value.items():
            yield from _comments(part, (*pointer, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _comments(part, (*pointer, index))


def _rules(pattern: re.Pattern[str], comment: str) -> list[str]:
    return [rule for match in pattern.finditer(comment) for rule in _split(match["rules"])]


def _split(rules: str) -> list[str]:
    return [name for name in map(str.strip, rules.split(",")) if name]
