"""Everything that validation can report, by name: the rules, and the codes for text and structure."""

from __future__ import annotations

from typing import NamedTuple

from asltool.rules import RULES, load_rule
from asltool.syntax.codes import CODES, UNIGNORED, WARNINGS
from asltool.syntax.diagnostics import Severity

__all__ = ["CATALOGUE", "Entry"]


class Entry(NamedTuple):
    """``summary`` is one line without a full stop; ``page`` is the whole manual page as text."""

    name: str
    severity: Severity
    summary: str
    page: str


def _entries() -> list[Entry]:
    rules = [
        Entry(rule.name, rule.severity, _summary(rule.page), _page(rule.page.strip()))
        for rule in map(load_rule, RULES)
    ]
    return rules + [
        Entry(name, "warning" if name in WARNINGS else "error", summary, _page(f"{name}: {summary}."))
        for name, summary in CODES.items()
    ]


def _page(text: str) -> str:
    """Return a page that also shows how to ignore the rule in one place; syntax errors cannot be ignored."""
    name = text.partition(":")[0]
    if name in UNIGNORED:
        return text
    where = "of the state machine, state or rule, or in a comment on the line in YAML and Terraform"
    return f'{text}\n\nTo ignore it in one place: "asltool: ignore[{name}]" in the Comment\n{where}.'


def _summary(page: str) -> str:
    return page.partition("\n")[0].partition(": ")[2].rstrip(".").replace("``", "`")


CATALOGUE = {entry.name: entry for entry in _entries()}
"""In the order of the manual."""
