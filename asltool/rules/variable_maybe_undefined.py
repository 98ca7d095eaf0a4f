"""variable-maybe-undefined: a variable is read before it is certain to be assigned.

Why: on a path that does not assign it, reading it fails the state. A state reads variables before it assigns
them; the states after it see what it assigns. A Choice can check for a variable first: with ``IsPresent``, or
with ``$exists`` in JSONata. In JSONata, variables that are never assigned are reported here too, because the
service accepts them.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "C", "Choices": [
            {"Variable": "$.x", "IsPresent": true, "Next": "B"}]},
        "B": {"Type": "Pass", "Assign": {"v": 1}, "Next": "C"},
        "C": {"Type": "Pass", "InputPath": "$v", "End": true}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "C", "Assign": {"v": 0}, "Choices": [
            {"Variable": "$.x", "IsPresent": true, "Next": "B"}]},
        "B": {"Type": "Pass", "Assign": {"v": 1}, "Next": "C"},
        "C": {"Type": "Pass", "InputPath": "$v", "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.flow import flow_of
from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import VariableRead, asks_for, unseen, variables_of
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Pointer
from asltool.syntax.wording import quoted

__all__ = ["variable_maybe_undefined"]


@rule("variable-maybe-undefined", severity="warning", once=True)
def variable_maybe_undefined(scope: Scope) -> Iterator[Finding]:
    for read, message in (*unseen(scope, "JSONata"), *_too_early(scope)):
        if not asks_for(read):
            yield Finding(read.text.pointer, message, within=read.within)


def _too_early(scope: Scope) -> Iterator[tuple[VariableRead, str]]:
    """Yield the first read of each variable in each state that may be entered before it is assigned."""
    said: set[tuple[Pointer, str]] = set()
    for variables in variables_of(scope):
        for read in () if variables.assigns_unknown else variables.reads:
            data = flow_of(scope).entering.get(read.state.pointer)
            if data is None or data.variables.is_certain(read.name) or read.name not in variables.visible:
                continue
            if (read.state.pointer, read.name) not in said:
                said.add((read.state.pointer, read.name))
                which = "not every" if read.name in data.variables else "no"
                name, state = quoted(f"${read.name}"), quoted(read.state.name)
                yield read, f"{which} path to state {state} assigns the variable {name}"
