"""What asltool has to say about a document: where, what, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Diagnostic", "Severity", "Span"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of text on one line: ``line`` and ``column`` count from 1, ``length`` in characters."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    ``code`` is the rule's name in kebab-case, ``path`` the file as the user named it. The message is lower
    case, has no full stop at its end, and puts names in double quotes.
    """

    path: str
    span: Span
    code: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.span.line}:{self.span.column}: {self.message} [{self.code}]"
