"""The service's words about definitions: tests/cases/rules/aws.json, and what data cannot say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool.errors import DefinitionError
from asltool.rules import RULES
from asltool.rules.aws import invalid_definition
from asltool.rules.aws.words import CODES as AWS_CODES
from asltool.rules.aws.words import REQUIRED, WORDS
from asltool.syntax.codes import CODES

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent.parent / "cases" / "rules" / "aws.json").read_text(encoding="utf-8")
)
LOST = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Succeed"}}}
STATIC = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"x": "$.a"}, "End": True}}}


def named(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case["name"])


@named("diagnostics")
def test_diagnostics(case: dict[str, Any]) -> None:
    found = asltool.aws_diagnostics(case["definition"], machine_type=case.get("type", "STANDARD"))
    told = [{"severity": "ERROR", **each} for each in case["expect"]]
    result = "FAIL" if told else "OK"
    assert found == {"result": result, "diagnostics": told, "truncated": False}


@named("refusals")
def test_refusals(case: dict[str, Any]) -> None:
    assert invalid_definition(case["definition"]) == case["expect"]


@named("references")
def test_references(case: dict[str, Any]) -> None:
    assert asltool.variable_references(case["definition"]) == case["expect"]


def test_warnings_are_told_when_asked_for() -> None:
    assert asltool.aws_diagnostics(STATIC)["diagnostics"] == []
    found = asltool.aws_diagnostics(STATIC, severity="WARNING")
    assert found["result"] == "OK"
    assert found["diagnostics"] == [
        {
            "severity": "WARNING",
            "code": "PASS_RESULT_IS_STATIC",
            "message": "Attempt to use a path in the result of a pass state",
            "location": "/States/A/Result",
        }
    ]


def test_more_than_asked_for_is_truncated() -> None:
    whole = asltool.aws_diagnostics(LOST)["diagnostics"]
    assert len(whole) == 2
    assert asltool.aws_diagnostics(LOST, max_results=1) == {
        "result": "FAIL",
        "diagnostics": whole[:1],
        "truncated": True,
    }


def test_references_need_a_state_machine() -> None:
    with pytest.raises(DefinitionError, match=r"^the definition is not a state machine\. expected an object"):
        asltool.variable_references("[]")


def test_every_name_in_the_tables_is_a_code() -> None:
    assert {*AWS_CODES, *REQUIRED, *WORDS} <= {*CODES, *RULES}


@given(st.text(alphabet='{}[]":,ab \n\\1', max_size=20))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_has_an_answer(text: str) -> None:
    failed = asltool.aws_diagnostics(text)["result"] == "FAIL"
    assert failed == (invalid_definition(text) is not None)
