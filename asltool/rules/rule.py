"""What a rule is: a check with a name, whose module's docstring is its page in the manual."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

from asltool.rules.analysis.scope import Scope
from asltool.syntax.diagnostics import Finding, Severity

__all__ = ["Finding", "Rule", "reported", "rule"]

Check = Callable[[Scope], Iterable[Finding]]


class Rule(NamedTuple):
    """A check of one machine; with ``once``, of the whole definition, by its outermost machine alone.

    ``aws_code`` is the code under which the service reports the same, None where the service lets it pass.
    ``page`` is the rule's page in the manual, with an example under ``Wrong::`` and under ``Right::``.
    """

    name: str
    aws_code: str | None
    severity: Severity
    check: Check
    page: str
    once: bool = False


def rule(
    name: str, *, aws_code: str | None = None, severity: Severity = "error", once: bool = False
) -> Callable[[Check], Rule]:
    """Make a rule of a function that yields findings and touches nothing."""

    def make(check: Check) -> Rule:
        return Rule(name, aws_code, severity, check, sys.modules[check.__module__].__doc__ or "", once)

    return make


def reported(
    name: str, page: str | None, *, aws_code: str | None = None, severity: Severity = "error"
) -> Rule:
    """Make a rule that yields what was found under its name when the expressions were read."""
    return Rule(name, aws_code, severity, lambda scope: scope.problems(name), page or "")
