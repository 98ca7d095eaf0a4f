"""Findings in a document: where, what is wrong, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

__all__ = ["Diagnostic", "Edit", "Pointer", "Severity", "Span"]

Pointer = tuple[str | int, ...]
"""The path of a value in the document: the keys and indexes that lead to it."""

Severity = Literal["error", "warning", "info"]
"""An error is refused by the service, a warning may fail at run time, an info works."""


class Span(NamedTuple):
    """A piece of text on one line: ``line`` and ``column`` count from 1, ``length`` in characters."""

    line: int
    column: int
    length: int = 1


class Edit(NamedTuple):
    """Replaces the text from ``start`` to ``end``, offsets in the file's text, by ``new``."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    ``code`` is the rule's name in kebab-case, ``path`` the file as the user named it. The message is lower
    case, has no full stop at its end, and puts names in double quotes. ``fix`` is the one safe fix, if there
    is one that can be placed exactly. ``pointer`` leads to the value concerned; it is None if the text has no
    value.
    """

    path: str
    span: Span
    code: str
    message: str
    severity: Severity = "error"
    fix: tuple[Edit, ...] = ()
    pointer: Pointer | None = field(default=None, compare=False)

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.path}:{self.span.line}:{self.span.column}: {mark}{self.message} [{self.code}]"
