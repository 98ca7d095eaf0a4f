"""The service's findings: the same as ours, except where it decides differently.

It treats an unknown query language as JSONata. It does not guess which state a misspelt target means, so the
intended state is reported as unreachable too. It reports last that a machine has no end.

Source: measurements by others, floci-io/floci#2786 and #2972, aws-cloudformation/cfn-lint#4074
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from asltool.rules import Scope, validate
from asltool.rules.analysis.graph import reach, turned
from asltool.rules.analysis.per_definition import machines_of
from asltool.rules.analysis.scope import outermost
from asltool.rules.aws.document import Placed, RequestDocument
from asltool.syntax.build import build
from asltool.syntax.diagnostics import Diagnostic, Finding
from asltool.syntax.model import Pointer
from asltool.syntax.placeholders import has_placeholder

__all__ = ["service_findings"]

_UNREACHABLE = "unreachable-state"
_LOST = {"default-not-found", "next-crosses-scope", "next-not-found", "start-at-not-found"}


def service_findings(document: RequestDocument) -> tuple[RequestDocument, list[Diagnostic]]:
    """Return the findings about a definition, and the definition as the service understands it."""
    found = validate(document)
    unknown = [each for each in found if isinstance(each, Placed) and each.code == "query-language-invalid"]
    if unknown:
        document = replace(document, value=_in_jsonata(document.value, unknown))
        found = unknown + validate(document)
    if any(each.code in _LOST for each in found):
        found = [each for each in found if each.code != _UNREACHABLE] + list(_unreachable(document))
    found = sorted(found, key=lambda each: (each.code == "no-terminal-state", each.span))
    return document, found


def _in_jsonata(value: Any, unknown: list[Placed]) -> Any:
    """Return a value with ``QueryLanguage`` JSONata at these pointers."""
    for each in unknown:
        value = _with(value, each.finding.pointer, "JSONata")
    return value


def _with(value: Any, pointer: Pointer, new: Any) -> Any:
    """Return a value with the value at a pointer replaced."""
    if not pointer:
        return new
    step, rest = pointer[0], pointer[1:]
    inside = _with(value[step], rest, new)
    if isinstance(value, list):
        return [inside if index == step else item for index, item in enumerate(value)]
    return {**value, step: inside}


def _unreachable(document: RequestDocument) -> Iterator[Diagnostic]:
    machine = build(document)
    for scope in machines_of(outermost(document, machine)) if machine else ():
        for name in _unnamed(scope):
            finding = Finding(scope.states[name].pointer, f'state "{name}" is not reachable', key=True)
            yield document.diagnose(_UNREACHABLE, finding)


def _unnamed(scope: Scope) -> list[str]:
    """Return the unreachable states that no other state names, without correcting misspelt names."""
    start, states = scope.machine.start_at, scope.states
    names = [start, *(name for targets in scope.targets.values() for name in targets)]
    if not start or any(map(has_placeholder, names)):
        return scope.unnamed
    graph = {
        name: [target for target in targets if target in states] for name, targets in scope.targets.items()
    }
    reachable, back = reach(graph, [start] if start in states else []), turned(graph)
    return [name for name in states if name not in reachable and set(back[name]) <= {name}]
