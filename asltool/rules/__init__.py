"""The semantic checks, one file each, and the complete validation of a document.

`validate` checks the structure, builds the model, and gives each rule a `Scope`: one machine of a definition,
with its states, transitions and expressions. A rule yields findings, each with the JSON pointer it refers to,
and changes nothing. The docstring of its module is its page in the manual, with a wrong and a right example.

- `RULES` lists the rules in the order of the manual; a new rule is a file and a line there
- ``rule``: the class of rules and the decorator that makes one
- ``analysis``: what rules share, such as data flow and the use of variables
- ``aws``: the same findings as the service's ValidateStateMachineDefinition words them
- ``catalogue``: every rule and code that can be reported, with its manual page
- ``sources``: the validation of files

Start at ``rule`` and any short rule, such as ``unreachable_state``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import import_module
from typing import Final, Literal

from asltool.rules.analysis.per_definition import machines_of
from asltool.rules.analysis.scope import Scope, outermost
from asltool.rules.rule import Finding, Rule
from asltool.syntax.build import build
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT
from asltool.syntax.structure import check_structure

__all__ = ["RULES", "Finding", "Rule", "Scope", "load_rule", "refused", "validate"]

RULES: Final[dict[str, Literal["machine", "expressions"]]] = {
    "start-at-not-found": "machine",
    "next-not-found": "machine",
    "default-not-found": "machine",
    "next-crosses-scope": "machine",
    "unreachable-state": "machine",
    "unreachable-cycle": "machine",
    "no-terminal-state": "machine",
    "terminal-unreachable": "machine",
    "query-language-downgrade": "machine",
    "choice-no-default": "machine",
    "choice-rule-shadowed": "machine",
    "choice-variable-not-guarded": "machine",
    "states-all-position": "machine",
    "retrier-unreachable": "machine",
    "error-name-unknown": "machine",
    "error-name-reserved": "machine",
    "max-delay-below-interval": "machine",
    "heartbeat-not-below-timeout": "machine",
    "service-integration-unknown": "machine",
    "task-required-parameter-missing": "machine",
    "task-token-missing": "machine",
    "task-without-timeout": "machine",
    "express-unsupported-activity": "machine",
    "express-unsupported-integration": "machine",
    "express-unsupported-distributed-map": "machine",
    "distributed-only-field": "machine",
    "result-writer-config-incomplete": "machine",
    "deprecated-field": "machine",
    "duplicate-state-name": "machine",
    "label-duplicate": "machine",
    "json-path-invalid": "expressions",
    "json-path-doubtful": "expressions",
    "json-path-unsupported": "expressions",
    "reference-path-invalid": "expressions",
    "result-path-context-object": "expressions",
    "result-path-variable": "expressions",
    "json-path-or-intrinsic-invalid": "expressions",
    "payload-template-not-string": "expressions",
    "payload-template-duplicate-field": "machine",
    "intrinsic-syntax-error": "expressions",
    "intrinsic-unknown": "expressions",
    "intrinsic-arity": "expressions",
    "intrinsic-format-arity": "expressions",
    "intrinsic-argument-type": "expressions",
    "intrinsic-too-deep": "expressions",
    "intrinsic-not-allowed-here": "expressions",
    "intrinsic-not-string": "expressions",
    "no-dollar": "machine",
    "no-path": "machine",
    "pass-result-is-static": "machine",
    "jsonata-string-required": "machine",
    "jsonata-syntax-error": "expressions",
    "jsonata-function-unknown": "expressions",
    "jsonata-function-unsupported": "expressions",
    "jsonata-root-reference": "expressions",
    "states-without-dollar": "expressions",
    "states-field-unknown": "expressions",
    "states-field-not-available": "expressions",
    "jsonata-delimiters-unbalanced": "machine",
    "jsonata-in-jsonpath-state": "machine",
    "json-path-in-jsonata-state": "machine",
    "variable-name-invalid": "machine",
    "assign-reserved-name": "machine",
    "assign-shadows-outer-scope": "machine",
    "variable-undefined": "machine",
    "variable-out-of-scope": "machine",
    "variable-maybe-undefined": "machine",
    "variable-unused": "machine",
    "path-cannot-exist": "machine",
    "value-cannot-exist": "machine",
}
"""The names of all rules, in the order of the manual, each with what it looks at. ``a_b.py`` holds "a-b".

A rule that looks at expressions reports what was found when they were read. Where nothing was, it is not
loaded.
"""


@cache
def load_rule(name: str) -> Rule:
    """Return a rule; its file is imported on first use."""
    attribute = name.replace("-", "_")
    found: Rule = getattr(import_module(f"{__name__}.{attribute}"), attribute)
    return found


def validate(document: Document) -> list[Diagnostic]:
    """Return all findings about a document, in the order of its text, each finding once.

    If the text has no usable value, only its syntax errors are reported.
    """
    found = list(document.problems)
    if document.value is not ABSENT:
        found += check_structure(document)
        found += _check_rules(document)
    return sorted(dict.fromkeys(found), key=lambda diagnostic: diagnostic.span)


def refused(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the errors that prevent a machine from running. Being too long to create on AWS is not one.

    Warnings, such as a path that never exists, are about runs that may fail; the service starts them.
    """
    return [each for each in diagnostics if each.severity == "error" and each.code != "definition-too-long"]


def _check_rules(document: Document) -> list[Diagnostic]:
    machine = build(document)
    return [
        document.diagnose(rule.name, finding, rule.severity)
        for scope in (machines_of(outermost(document, machine)) if machine else ())
        for rule in _rules_of(frozenset(scope.problem_codes), bool(scope.around))
        for finding in rule.check(scope)
    ]


@lru_cache(maxsize=256)
def _rules_of(codes: frozenset[str], is_inside: bool) -> tuple[Rule, ...]:
    """Return the rules that can find something, given the codes of the problems in expressions."""
    names = (name for name, looks_at in RULES.items() if looks_at == "machine" or name in codes)
    return tuple(rule for rule in map(load_rule, names) if not (rule.once and is_inside))
