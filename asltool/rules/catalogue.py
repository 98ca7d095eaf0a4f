"""Everything that validation can report, by name: the rules, and the codes of text and structure."""

from __future__ import annotations

from typing import NamedTuple

from asltool.rules import RULES
from asltool.syntax.codes import CODES, WARNINGS
from asltool.syntax.diagnostics import Severity

__all__ = ["CATALOGUE", "Entry"]


class Entry(NamedTuple):
    """``summary`` is a line without a full stop; ``page`` is all that there is to say, as text."""

    name: str
    severity: Severity
    summary: str
    page: str


def _entries() -> list[Entry]:
    rules = [Entry(rule.name, rule.severity, _summary(rule.page), rule.page.strip()) for rule in RULES]
    return rules + [
        Entry(name, "warning" if name in WARNINGS else "error", summary, f"{name}: {summary}.")
        for name, summary in CODES.items()
    ]


def _summary(page: str) -> str:
    return page.partition("\n")[0].partition(": ")[2].rstrip(".").replace("``", "`")


CATALOGUE = {entry.name: entry for entry in _entries()}
"""In the order of the manual."""
