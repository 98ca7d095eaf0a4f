"""The service's codes for our findings, and its messages where they are on record.

Sources: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
and recorded answers of ValidateStateMachineDefinition and CreateStateMachine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asltool.expr.jsonata import JsonataSyntaxProblem, expression_in, parse
from asltool.syntax.diagnostics import Finding

__all__ = ["CODES", "NO_OBJECT", "REQUIRED", "SAID", "WORDS", "Wording", "token_fault"]

CODES = {
    "json-syntax-error": "INVALID_JSON_DESCRIPTION",
    "label-invalid": "INVALID_LABEL_NAME",
    "state-name-invalid": "INVALID_STATE_NAME",
}
"""The codes of findings about text and structure; all others are ``SCHEMA_VALIDATION_FAILED``."""

REQUIRED = {
    "states-missing": "States",
    "start-at-missing": "StartAt",
    "state-type-missing": "Type",
    "resource-missing": "Resource",
    "choices-missing": "Choices",
    "branches-missing": "Branches",
    "error-equals-missing": "ErrorEquals",
    "choice-rule-next-missing": "Next",
}
"""The field that is left out, in the order in which the service lists the fields of one object."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence, and where the service sees the problem: ``up`` steps above our finding; None is nowhere.

    The sentence may name the ``field`` or state the finding points to, its ``value``, the ``part`` of a
    text that is marked, the state's query ``language`` and the ``other`` one; ``said`` is what `SAID` makes
    of the finding.
    """

    text: str
    up: int | None = 0


NO_OBJECT = "Definition must be a valid JSON object"

_SAID = Wording("{said}")
_EMPTY = Wording("Value cannot be empty")
_NO_TARGET = Wording("Missing 'Next' target: {value}")
_UNSUPPORTED = Wording("Field '{field}' is not supported", 1)
_NO_CALL = Wording(
    "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call", 1
)

WORDS = {
    "branches-empty": _EMPTY,
    "choices-empty": _EMPTY,
    "credentials-missing-role-arn": Wording("The field 'RoleArn' is required but was missing"),
    "default-not-found": _NO_TARGET,
    "definition-not-object": Wording(NO_OBJECT, None),
    "empty-not-allowed": _EMPTY,
    "express-unsupported-activity": Wording("Express state machine does not support Activity ARN"),
    "express-unsupported-integration": _SAID,
    "field-wrong-query-language": Wording(
        "The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{other}'"
        " QueryLanguage",
        1,
    ),
    "intrinsic-syntax-error": _NO_CALL,
    "intrinsic-unknown": _NO_CALL,
    "json-path-or-intrinsic-invalid": _NO_CALL,
    "jsonata-root-reference": Wording("Reference to '{part}' at the top level is not supported."),
    "jsonata-syntax-error": _SAID,
    "mutually-exclusive-fields": Wording("{said}", 1),
    "next-crosses-scope": _NO_TARGET,
    "next-not-found": _NO_TARGET,
    "next-or-end-forbidden": _UNSUPPORTED,
    "no-dollar": Wording("No .$ on a field that appears to be a JSONPath or Intrinsic Function", 1),
    "no-path": Wording("Field value looks like a path, but field name does not end with 'Path'", 1),
    "no-terminal-state": Wording("Workflow has no terminal state", None),
    "pass-result-is-static": Wording("Attempt to use a path in the result of a pass state", 1),
    "query-language-downgrade": Wording(
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", 1
    ),
    "reference-path-invalid": Wording("Value is not a Reference Path"),
    "service-integration-unknown": Wording(
        "The resource provided {value} is not recognized. The value is not a valid resource ARN, or the"
        " resource is not available in this region."
    ),
    "start-at-not-found": _NO_TARGET,
    "state-type-unknown": Wording(
        "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice,"
        " Parallel, Map]"
    ),
    "timestamp-invalid": Wording("String does not match RFC3339 timestamp"),
    "unknown-field": _UNSUPPORTED,
    "unreachable-state": Wording('State "{field}" is not reachable.'),
    "value-out-of-range": _SAID,
}
"""The sentences on record. All other findings keep our own."""

_WORD = re.compile(r"[^\W\d][\w$]*")
_MOST_SHOWN = 500


def _unread(finding: Finding, value: Any) -> str:
    """Return the JSONata library's message for a text in ``{% %}`` that is not valid."""
    try:
        parse(expression_in(value)[0])
    except JsonataSyntaxProblem as problem:
        return problem.sentence
    return finding.message


def _pattern(finding: Finding, value: Any) -> str:
    pattern = f".{str(value).rpartition('.')[2]}"
    # In the recordings, only the message about callbacks ends with a blank.
    blank = " " * (pattern == ".waitForTaskToken")
    return f"Express state machine does not support '{pattern}' service integration{blank}"


def _one_of_two(finding: Finding, value: Any) -> str:
    """Name a field and its path variant, such as MaxItems and MaxItemsPath: only these have this code."""
    field = str(finding.pointer[-1]).removesuffix("Path")
    return f"There should only be one of the following fields: [{field}, {field}Path]"


def _beyond(finding: Finding, value: Any) -> str:
    if finding.limit is None:
        return finding.message
    if value > finding.limit:
        return f"Maximum value is {finding.limit}"
    # The minimum of an ItemBatcher is 1, but the service's message says 0.
    return f"Minimum value is {0 if 'ItemBatcher' in finding.pointer[-2:] else finding.limit}"


SAID: dict[str, Callable[[Finding, Any], str]] = {
    "express-unsupported-integration": _pattern,
    "jsonata-syntax-error": _unread,
    "mutually-exclusive-fields": _one_of_two,
    "value-out-of-range": _beyond,
}
"""What to say of a finding and the value that it points to, where one sentence does not do."""


def token_fault(text: str, line: int, column: int) -> tuple[str, str] | None:
    """Return the message and location of a bare word in the place of a JSON value; None if there is none.

    ``line`` and ``column`` count from 1.
    """
    lines = text.split("\n")
    before = "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]]).rstrip()
    word = _WORD.match(lines[line - 1], column - 1)
    if word is None or before[-1:] not in ("", ":", "["):
        return None
    shown = text[:_MOST_SHOWN]
    rest = f"[truncated {len(text) - _MOST_SHOWN} chars]" if len(text) > _MOST_SHOWN else ""
    place = f'[Source: (String)"{shown}"{rest}; line: {line}, column: {word.end() + 1}]'
    expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
    return f"Unrecognized token '{word[0]}': was expecting {expected}\n at {place}", place
