"""What asltool reports about a document: where, what, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

__all__ = ["Diagnostic", "Edit", "Pointer", "Severity", "Span"]

Pointer = tuple[str | int, ...]
"""Where a value stands in the document: the keys and indexes that lead to it."""

Severity = Literal["error", "warning", "info"]
"""The service refuses an error. A warning is about what may fail at run time, an info about what works."""


class Span(NamedTuple):
    """A piece of text on one line: ``line`` and ``column`` count from 1, ``length`` in characters."""

    line: int
    column: int
    length: int = 1


class Edit(NamedTuple):
    """``new`` in the place of what stands from ``start`` to ``end``, offsets in the file's text."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    ``code`` is the rule's name in kebab-case, ``path`` the file as the user named it. The message is lower
    case, has no full stop at its end, and puts names in double quotes. ``fix`` is the one safe answer, where
    there is one and it can be placed exactly. ``pointer`` leads to what it is about; it is None where the
    text holds no value.
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
