"""What the service calls our findings: its codes, and its sentences where they are on record.

Sources: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
and recorded answers of ValidateStateMachineDefinition and CreateStateMachine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from asltool.expr.jsonata import SyntaxProblem, expression_in, parse

__all__ = ["CODES", "REQUIRED", "WORDS", "Words", "jsonata_sentence", "label_fault", "token_fault"]

CODES = {
    "definition-empty": "MISSING_DESCRIPTION",
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
class Words:
    """A sentence, and where the service sees the problem: ``up`` steps above our finding; None is nowhere.

    The sentence may name the ``field`` or state the finding points to, its ``value``, the ``part`` of a
    text that is marked, the ``pattern`` of a Resource, the state's query ``language`` and the ``other`` one.
    """

    text: str
    up: int | None = 0


_NO_TARGET = Words("Missing 'Next' target: {value}")
_UNSUPPORTED = Words("Field '{field}' is not supported", 1)
_NO_CALL = Words(
    "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call", 1
)

WORDS = {
    "credentials-missing-role-arn": Words("The field 'RoleArn' is required but was missing"),
    "default-not-found": _NO_TARGET,
    "express-unsupported-activity": Words("Express state machine does not support Activity ARN"),
    "express-unsupported-integration": Words(
        "Express state machine does not support '{pattern}' service integration"
    ),
    "field-wrong-query-language": Words(
        "The QueryLanguage is set to '{language}', but field '{field}' is only supported for the '{other}'"
        " QueryLanguage",
        1,
    ),
    "intrinsic-syntax-error": _NO_CALL,
    "intrinsic-unknown": _NO_CALL,
    "json-path-or-intrinsic-invalid": _NO_CALL,
    "jsonata-root-reference": Words("Reference to '{part}' at the top level is not supported."),
    "next-crosses-scope": _NO_TARGET,
    "next-not-found": _NO_TARGET,
    "next-or-end-forbidden": _UNSUPPORTED,
    "no-dollar": Words("No .$ on a field that appears to be a JSONPath or Intrinsic Function", 1),
    "no-path": Words("Field value looks like a path, but field name does not end with 'Path'", 1),
    "no-terminal-state": Words("Workflow has no terminal state", None),
    "pass-result-is-static": Words("Attempt to use a path in the result of a pass state", 1),
    "query-language-downgrade": Words(
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", 1
    ),
    "service-integration-unknown": Words(
        "The resource provided {value} is not recognized. The value is not a valid resource ARN, or the"
        " resource is not available in this region."
    ),
    "start-at-not-found": _NO_TARGET,
    "state-type-unknown": Words(
        "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice,"
        " Parallel, Map]"
    ),
    "timestamp-invalid": Words("String does not match RFC3339 timestamp"),
    "unknown-field": _UNSUPPORTED,
    "unreachable-state": Words('State "{field}" is not reachable.'),
}
"""The sentences on record. All other findings keep our own."""

_LONGEST_LABEL = 40
_NO_LABEL = re.compile(r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]""")
_WORD = re.compile(r"[^\W\d][\w$]*")
_MOST_SHOWN = 500


def jsonata_sentence(text: str) -> str | None:
    """Return what jsonata says about a text in ``{% %}`` that it cannot read; None if it can."""
    try:
        parse(expression_in(text)[0])
    except SyntaxProblem as problem:
        return problem.sentence
    return None


def label_fault(label: Any) -> str | None:
    """Return what the service says about a Label; None where it has nothing on record to say."""
    if not isinstance(label, str):
        return None
    if len(label) > _LONGEST_LABEL:
        return f"Label cannot exceed {_LONGEST_LABEL} characters"
    wrong = _NO_LABEL.search(label)
    return wrong and f"Label contains invalid character: {wrong[0]!r}"


def token_fault(text: str, line: int, column: int) -> tuple[str, str] | None:
    """Return message and location of a word that stands where JSON has a value; None if there is none.

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
