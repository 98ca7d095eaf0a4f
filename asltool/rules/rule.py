"""Rules: named checks. The docstring of a rule's module is its page in the manual."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

from asltool.rules.analysis.scope import Scope
from asltool.syntax.diagnostics import Finding, Severity

__all__ = ["Finding", "Rule", "reported", "rule"]

RuleCheck = Callable[[Scope], Iterable[Finding]]


class Rule(NamedTuple):
    """A check of each machine; with ``once``, of the whole definition, starting from its outermost machine.

    ``aws_code`` is the service's code for the same problem, None if the service does not report it.
    ``page`` is the rule's page in the manual, with an example under ``Wrong::`` and under ``Right::``.
    """

    name: str
    aws_code: str | None
    severity: Severity
    check: RuleCheck
    page: str
    once: bool = False


def rule(
    name: str, *, aws_code: str | None = None, severity: Severity = "error", once: bool = False
) -> Callable[[RuleCheck], Rule]:
    """Make a rule from a function that yields findings and changes nothing."""

    def make(check: RuleCheck) -> Rule:
        return Rule(name, aws_code, severity, check, sys.modules[check.__module__].__doc__ or "", once)

    return make


def reported(
    name: str, page: str | None, *, aws_code: str | None = None, severity: Severity = "error"
) -> Rule:
    """Make a rule that yields the problems with its name that were found while parsing the expressions."""
    return Rule(name, aws_code, severity, lambda scope: scope.problems(name), page or "")
