"""What redaction takes out of an execution, and what stays."""

from __future__ import annotations

from typing import Any

import pytest

from asltool.expr.values import dumps, loads
from asltool.testing.redaction import Redaction, redaction_paths


def redaction(given: Any) -> Redaction:
    """Return the redaction of ``$.secret`` in an input."""
    started = {"type": "ExecutionStarted", "executionStartedEventDetails": {"input": dumps(given)}}
    return Redaction(redaction_paths(["$.secret"]), [[started]])


VALUES: list[tuple[Any, Any, Any]] = [
    # a number in strings, as a string, and not as a part of another number
    (4711, "card 4711, 14711", "card 1000001, 14711"),
    (4711, ["4711", 4711, -4711, 47110], ["1000001", 1000001, -4711, 47110]),
    ("4711", [4711, "4711", "no. 4711"], [1000001, "1000001", "no. 1000001"]),
    (["0471", "007"], ["0471", 471, "a 0471", "a 007"], ["redacted-1", 471, "a redacted-1", "a 007"]),
    ("17612345", ["+4917612345", "170 17612345"], ["+491000001", "170 1000001"]),
    ("0471", "+490471", "+49redacted-1"),
    (12.25, "12.25 EUR", "1000001 EUR"),
    # object keys
    ("jo@example.com", {"jo@example.com": 1, "to jo@example.com": 2}, {"redacted-1": 1, "to redacted-1": 2}),
    # JSON in strings, at any depth, also what is too short for a longer string
    ("Bo", '{"name":"Bo"}', '{"name":"redacted-1"}'),
    (7, dumps({"body": dumps([7, 77])}), dumps({"body": dumps([1000001, 77])})),
    ("Bo", '{"name": "Bob"}', '{"name": "Bob"}'),
    ('a"bcd', '["x a\\"bcd"] and a\\"bcd', '["x redacted-1"] and redacted-1'),
    # a value that is in another one, or in a replacement
    (["acted", "redacted"], "redacted, acted", "redacted-2, redacted-1"),
    ([True, None, ""], [True, None, ""], [True, None, ""]),
]


@pytest.mark.parametrize(("secret", "value", "expected"), VALUES)
def test_values(secret: Any, value: Any, expected: Any) -> None:
    assert dumps(redaction({"secret": secret}).value(value)) == dumps(expected)


def test_the_structure_of_a_definition_stays() -> None:
    definition = """{
      "StartAt": "Done",
      "States": {
        "Done": {"Type": "Pass", "Result": {"Type": "Pass", "Next": "Done", "of": 3}, "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": 3, "Comment": "Pass", "Next": "Choose"},
        "Choose": {"Type": "Choice", "Default": "Done", "Choices": [
          {"Variable": "$.x", "StringEquals": "Pass", "Next": "Done"},
          {"Variable": "$.x", "NumericEquals": 3, "Next": "Done"}
        ]}
      }
    }"""
    expected = (
        definition.replace(
            '"Result": {"Type": "Pass", "Next": "Done", "of": 3}',
            '"Result": {"Type": "redacted-1", "Next": "redacted-2", "of": 1000003}',
        )
        .replace('"Comment": "Pass"', '"Comment": "redacted-1"')
        .replace('"StringEquals": "Pass"', '"StringEquals": "redacted-1"')
        .replace('"NumericEquals": 3', '"NumericEquals": 1000003')
    )
    redacted = redaction({"secret": ["Pass", "Done", 3]}).definition(loads(definition))
    assert redacted == loads(expected)
