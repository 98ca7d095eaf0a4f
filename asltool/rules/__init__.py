"""The semantic checks, one file each, and the whole validation of a document."""

from __future__ import annotations

from asltool.rules.default_not_found import default_not_found
from asltool.rules.next_crosses_scope import next_crosses_scope
from asltool.rules.next_not_found import next_not_found
from asltool.rules.no_terminal_state import no_terminal_state
from asltool.rules.query_language_downgrade import query_language_downgrade
from asltool.rules.rule import Finding, Rule
from asltool.rules.scope import Scope, scopes
from asltool.rules.start_at_not_found import start_at_not_found
from asltool.rules.terminal_unreachable import terminal_unreachable
from asltool.rules.unreachable_cycle import unreachable_cycle
from asltool.rules.unreachable_state import unreachable_state
from asltool.syntax.build import build
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT
from asltool.syntax.structure import check_structure

__all__ = ["RULES", "Finding", "Rule", "Scope", "validate"]

RULES: tuple[Rule, ...] = (
    start_at_not_found,
    next_not_found,
    default_not_found,
    next_crosses_scope,
    unreachable_state,
    unreachable_cycle,
    no_terminal_state,
    terminal_unreachable,
    query_language_downgrade,
)
"""Every rule, in the order of the manual."""


def validate(document: Document) -> list[Diagnostic]:
    """Return everything that is wrong with a document, in the order of its text, each finding once.

    Text that is no JSON gets no further than its syntax; all else is checked for structure and by every rule.
    """
    found = list(document.problems)
    if document.value is not ABSENT:
        found += check_structure(document)
        found += _check_rules(document)
    return sorted(dict.fromkeys(found), key=lambda diagnostic: diagnostic.span)


def _check_rules(document: Document) -> list[Diagnostic]:
    machine = build(document)
    return [
        document.diagnose(rule.name, finding, rule.severity)
        for scope in (scopes(machine) if machine else ())
        for rule in RULES
        for finding in rule.check(scope)
    ]
