"""The service's own answers about a definition.

If the service's message is not on record, the code is the service's and the message is ours.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from asltool.rules import RULES, load_rule
from asltool.rules.aws.document import Placed, RequestDocument, request_document
from asltool.rules.aws.findings import service_findings
from asltool.rules.aws.words import CODES, NO_OBJECT, REQUIRED, SAID, WORDS, token_fault
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import MachineType
from asltool.syntax.model import Pointer
from asltool.syntax.schema import declared_language
from asltool.syntax.text import at

__all__ = ["aws_diagnostics", "invalid_definition"]

_SCHEMA = "SCHEMA_VALIDATION_FAILED"


def aws_diagnostics(
    definition: str | Mapping[str, Any],
    *,
    machine_type: MachineType = "STANDARD",
    severity: Literal["ERROR", "WARNING"] = "ERROR",
    max_results: int = 100,
) -> dict[str, Any]:
    """Return the answer of ValidateStateMachineDefinition for a definition, given as JSON text or an object.

    ``result`` is ``OK`` or ``FAIL``, ``diagnostics`` a list of ``severity``, ``code``, ``message`` and, where
    there is one, ``location``; ``truncated`` says that there are more than ``max_results``. With
    ``severity="WARNING"``, warnings are included.
    """
    found = _diagnostics(request_document(definition, machine_type))
    shown = [each for each in found if severity == "WARNING" or each["severity"] == "ERROR"]
    failed = any(each["severity"] == "ERROR" for each in found)
    return {
        "result": "FAIL" if failed else "OK",
        "diagnostics": shown[:max_results],
        "truncated": len(shown) > max_results,
    }


def invalid_definition(
    definition: str | Mapping[str, Any], *, machine_type: MachineType = "STANDARD"
) -> str | None:
    """Return the message of CreateStateMachine's InvalidDefinition error; None if there is no error."""
    found = _diagnostics(request_document(definition, machine_type))
    errors = [each for each in found if each["severity"] == "ERROR"]
    listed = (f"{each['code']}: {each['message']} at {each.get('location', 'null')}" for each in errors)
    return f"Invalid State Machine Definition: '{', '.join(listed)}'" if errors else None


def _diagnostics(document: RequestDocument) -> list[dict[str, Any]]:
    """Return all diagnostics, each once. Unreachable states are checked only if the machine has an end."""
    document, found = service_findings(document)
    found = [each for each in found if _code(each) is not None]
    if any(each.code == "no-terminal-state" for each in found):
        found = [each for each in found if each.code != "unreachable-state"]
    return list({tuple(each.values()): each for each in _told(found, document)}.values())


def _told(found: list[Diagnostic], document: RequestDocument) -> Iterator[dict[str, Any]]:
    for each in found:
        message, location = _said(each, found, document)
        answer = {"severity": each.severity.upper(), "code": _code(each), "message": message}
        yield answer if location is None else {**answer, "location": location}


def _said(
    diagnostic: Diagnostic, found: list[Diagnostic], document: RequestDocument
) -> tuple[str, str | None]:
    """Return message and location."""
    if diagnostic.code == "definition-empty":
        return NO_OBJECT, None
    if not isinstance(diagnostic, Placed):
        line, column = diagnostic.span.line, diagnostic.span.column
        fault = token_fault(document.text, line, column)
        return fault or (diagnostic.message, f"line: {line}, column: {column}")
    if diagnostic.code in REQUIRED:
        pointer = diagnostic.finding.pointer
        return _required(found, pointer), _location(pointer)
    return _words(diagnostic, document)


def _code(diagnostic: Diagnostic) -> str | None:
    """Return the service's code; None for findings that it does not report."""
    if diagnostic.code in RULES:
        return load_rule(diagnostic.code).aws_code
    return CODES.get(diagnostic.code, _SCHEMA)


def _required(found: list[Diagnostic], pointer: Pointer) -> str:
    """Return the message about all missing fields of one object."""
    codes = {each.code for each in found if isinstance(each, Placed) and each.finding.pointer == pointer}
    return f"These fields are required: [{', '.join(REQUIRED[code] for code in REQUIRED if code in codes)}]"


def _words(placed: Placed, document: RequestDocument) -> tuple[str, str | None]:
    """Return the message and location of a finding that has a position in the value."""
    finding = placed.finding
    value = at(document.value, finding.pointer)
    if placed.code not in WORDS:
        return placed.message, _location(finding.pointer)
    words = WORDS[placed.code]
    language = _language(document.value, finding.pointer)
    message = words.text.format(
        field=finding.pointer[-1] if finding.pointer else "",
        value=value,
        part=str(value)[slice(*(finding.within or (0, None)))],
        language=language,
        other="JSONata" if language == "JSONPath" else "JSONPath",
        said=SAID[placed.code](finding, value) if placed.code in SAID else "",
    )
    if words.up is None:
        return message, None
    return message, _location(finding.pointer[: len(finding.pointer) - words.up])


def _language(value: Any, pointer: Pointer) -> str | None:
    """Return the query language of the innermost state on the path of a pointer."""
    language = declared_language(value, "JSONPath")
    names = [index + 1 for index, step in enumerate(pointer) if step == "States" and index + 1 < len(pointer)]
    return declared_language(at(value, pointer[: names[-1] + 1]), language) if names else language


def _location(pointer: Pointer) -> str:
    """Return a pointer as the service writes it: ``/States/A/Branches[0]/StartAt``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in pointer) or "/"
