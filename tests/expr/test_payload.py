"""Payload templates: the rows of tests/cases/expr/payload.json, and the recordings of intrinsic functions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.payload import compile_template, compile_value
from asltool.expr.values import json_equal
from tests.expr.conformance import cases, differences, needs_recordings
from tests.expr.world import World, outcome

ROWS = json.loads((Path(__file__).parents[1] / "cases" / "expr" / "payload.json").read_text(encoding="utf-8"))


def world() -> World:
    return World(context={"DayOfWeek": "TUESDAY"}, variables={"who": {"name": "Ada"}})


@pytest.mark.parametrize("row", [row for row in ROWS if "expect" in row], ids=lambda row: row["name"])
def test_template(row: Any) -> None:
    value = compile_template(row["template"])(row.get("input"), world())
    assert json_equal(value, row["expect"]), value


@pytest.mark.parametrize("row", [row for row in ROWS if "cause" in row], ids=lambda row: row["name"])
def test_template_that_fails(row: Any) -> None:
    evaluate = compile_template(row["template"])
    with pytest.raises(EvaluationError) as caught:
        evaluate(row["input"], world())
    assert (caught.value.error, caught.value.cause) == ("States.Runtime", row["cause"])


@pytest.mark.parametrize("row", [row for row in ROWS if "wrong" in row], ids=lambda row: row["name"])
def test_template_that_is_wrong(row: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_template(row["template"])
    assert caught.value.message == row["wrong"]


def test_the_field_is_named() -> None:
    with pytest.raises(ExpressionError, match=r'"ResultSelector/a\.\$" must be a string'):
        compile_template({"a.$": None}, "ResultSelector")


def test_fields_keep_their_order() -> None:
    template = {"z.$": "$.a", "m": 1, "a.$": "$.a", "b": 2}
    assert list(compile_template(template)({"a": 0}, world())) == ["z", "m", "a", "b"]


def test_a_constant_template_is_given_as_it_is() -> None:
    template = {"a": [1, {"b": "$.x"}]}
    evaluate = compile_template(template)
    assert evaluate({}, world()) is template


def test_constant_parts_are_shared_and_results_are_not() -> None:
    template = {"constant": [1], "x.$": "$.x"}
    evaluate = compile_template(template)
    first, second = evaluate({"x": 1}, world()), evaluate({"x": 2}, world())
    assert first == {"constant": [1], "x": 1}
    assert second == {"constant": [1], "x": 2}
    assert first["constant"] is second["constant"] is template["constant"]


def test_a_value_for_a_field_has_the_cause_of_that_field() -> None:
    assert compile_value("States.Format('{}!', $.a)", "CausePath")({"a": 1}, world()) == "1!"
    with pytest.raises(EvaluationError) as caught:
        compile_value("$.nope", "CausePath")({}, world())
    assert caught.value.cause == (
        "The JSONPath '$.nope' specified for the field 'CausePath' could not be found in the input '{}'"
    )


def test_a_value_without_a_field_has_the_cause_of_its_path() -> None:
    assert compile_value("$who.name")({}, world()) == "Ada"
    with pytest.raises(EvaluationError, match=r"^Invalid path '\$\.nope'"):
        compile_value("$.nope")({}, world())


def test_a_template_beyond_all_depth_is_refused() -> None:
    template: Any = {"x.$": "$"}
    for _ in range(100_000):
        template = [template]
    with pytest.raises(ExpressionError, match="nested too deeply"):
        compile_template(template)


TEXTS = st.sampled_from(
    ["$", "$.a", "$.a[9]", "$$.x", "$v", "$.", "States.UUID()", "States.Array($.a)", "x", "", "$.a.b"]
)
TEMPLATES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "a.$", "b.$", ".$"]) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(TEMPLATES)
def test_any_json_is_a_template_or_refused(template: Any) -> None:
    evaluate = outcome(lambda: compile_template(template))
    if isinstance(evaluate, ExpressionError):
        assert not isinstance(evaluate, EvaluationError)
        assert 0 <= evaluate.offset <= len(evaluate.text)
        return
    value = outcome(lambda: evaluate({"a": 1}, world()))
    assert not isinstance(value, ExpressionError) or isinstance(value, EvaluationError)


RECORDED = [case for case in cases("intrinsic_functions.json") if "jsonata" not in case["needs"]]


@needs_recordings
@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["id"].rpartition("::")[2])
def test_recording(case: Any) -> None:
    (state,) = case["definition"]["States"].values()
    context = {
        "Execution": {"Input": case["input"]},
        "StateMachine": {"Name": case["execution"]["stateMachineName"]},
    }
    output = compile_template(state["Parameters"])(case["input"], World(context))
    assert differences(case["expected"]["output"], output) == []
