"""The structure check: compare every machine, state and rule with its definition in the schema.

This module chooses the definition for each part. A state is judged by the definition of its Type for its
query language, so that a fault is about that type of state and not about eight alternatives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from asltool.syntax.diagnostics import Add, Diagnostic, Finding
from asltool.syntax.document import Document
from asltool.syntax.judge import faults
from asltool.syntax.model import Pointer, QueryLanguage
from asltool.syntax.schema import declared_language, definition, table
from asltool.syntax.text import at
from asltool.syntax.violation import Fault, JudgedObject

__all__ = ["LONGEST", "check_structure"]

LONGEST = 1_048_576
"""How many characters a definition may have.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
"""

_SURELY_SHORT = LONGEST // 8
"""A file of fewer characters cannot hold a definition that is too long, whatever form it has."""


def check_structure(document: Document) -> list[Diagnostic]:
    """Return the findings of the structure check, in no particular order."""
    found = list(_too_long(document))
    language = declared_language(document.value, "JSONPath")
    waiting = [JudgedObject("StateMachine", document.value, (), language)]
    while waiting:
        place = waiting.pop()
        found += [diagnostic for fault in faults(place) for diagnostic in _explained(document, fault, place)]
        waiting.extend(_inside(place, language))
    return found


def _too_long(document: Document) -> Iterator[Diagnostic]:
    """Yield a finding if a definition has more characters than the service accepts.

    JSON is counted as it is written, other formats as the shortest equivalent JSON.
    """
    if len(document.text) < _SURELY_SHORT:
        return
    whole = document.source is None
    text = document.text.strip() if whole else document.places.text.characters
    if not whole and text is document.text:
        try:
            text = json.dumps(document.value, separators=(",", ":"), ensure_ascii=False)
        except ValueError:
            return  # an integer that is too long for Python to print
    if len(text) > LONGEST:
        message = f"the definition has {len(text):,} characters. the service accepts at most {LONGEST:,}"
        yield document.diagnose("definition-too-long", Finding((), message))


def _explained(document: Document, fault: Fault, place: JudgedObject) -> Iterator[Diagnostic]:
    if document.unknown and _is_filled_in(fault, document.unknown):
        return
    from asltool.syntax.explain import explain

    for code, finding in explain(fault, place):
        yield document.diagnose(code, _ended(document, code, finding))


def _is_filled_in(fault: Fault, unknown: frozenset[str]) -> bool:
    """Return whether a value has an unknown type, or is an object whose missing fields may be filled in."""
    if isinstance(fault.value, str):
        return fault.value in unknown
    lacks = fault.keyword in ("anyOf", "dependentRequired", "oneOf", "required")
    return lacks and isinstance(fault.value, dict) and not unknown.isdisjoint(fault.value)


def _ended(document: Document, code: str, finding: Finding) -> Finding:
    """Offer ``End`` as the fix for the last state without a transition, if every state is named somewhere.

    A state that nothing names may be the intended next state.
    """
    if code != "next-or-end-missing" or finding.pointer[-2:-1] != ("States",):
        return finding
    states = at(document.value, finding.pointer[:-1])
    if finding.pointer[-1] != next(reversed(states)):
        return finding
    named = set(_texts(at(document.value, finding.pointer[:-2])))
    if not named.issuperset(states):
        return finding
    return finding._replace(fix=(Add(finding.pointer, "End", True),))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value


def _inside(place: JudgedObject, language: QueryLanguage | None) -> Iterator[JudgedObject]:
    """Yield the parts of an object that have definitions of their own.

    ``language`` is that of the whole document. A state whose Type is missing or unknown is judged only by
    its Type, which is what all states have in common.
    """
    links = _links(place.kind, place.language)
    for kind, part, pointer in _visits(links, place.value, place.pointer):
        if kind == "State":
            own = part["Type"] if part.get("Type") in table()["$defs"]["Type"]["enum"] else kind
            yield JudgedObject(own, part, pointer, declared_language(part, language), str(pointer[-1]))
        else:
            yield JudgedObject(kind, part, pointer, place.language, place.state)


@cache
def _links(kind: str, language: QueryLanguage | None) -> dict[str, Any]:
    """Return the parts of a definition that lead to other definitions."""
    return _leading(definition(kind, language))


def _leading(schema: Any) -> dict[str, Any]:
    if not isinstance(schema, dict):
        return {}
    fields = {name: _leading(field) for name, field in schema.get("properties", {}).items()}
    others, items = _leading(schema.get("additionalProperties")), _leading(schema.get("items"))
    visit = schema.get("x-visit")
    if not (visit or others or items or any(fields.values())):
        return {}
    return {"visit": visit, "fields": fields, "others": others, "items": items}


def _visits(links: dict[str, Any], value: Any, pointer: Pointer) -> Iterator[tuple[str, Any, Pointer]]:
    """Yield the objects at and below a value that are judged by other definitions."""
    if isinstance(value, dict) and links:
        if links["visit"]:
            yield links["visit"], value, pointer
        for name, part in value.items():
            below = links["fields"].get(name, links["others"])
            if below and isinstance(part, dict | list):
                yield from _visits(below, part, (*pointer, name))
    elif isinstance(value, list) and links:
        for index, item in enumerate(value):
            yield from _visits(links["items"], item, (*pointer, index))
