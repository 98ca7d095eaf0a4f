"""variable-unused: a variable is assigned and never read.

Why: the assignment has no effect, or the state that reads it misspells the name.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"total": 1}, "End": true}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"total": 1}, "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$total", "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import RESERVED, is_valid, variables_of
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["variable_unused"]


@rule("variable-unused", severity="warning", once=True)
def variable_unused(scope: Scope) -> Iterator[Finding]:
    found = variables_of(scope)
    if any(variables.reads_unknown or variables.assigns_unknown for variables in found):
        return
    mentioned = frozenset[str]().union(*(variables.mentioned for variables in found))
    for variables in found:
        for name, (first, *_) in variables.own.items():
            if name not in mentioned and is_valid(name) and name != RESERVED:
                yield Finding(first, f"the variable {quoted('$' + name)} is never read", key=True)
