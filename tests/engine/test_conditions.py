"""Choice rules: the rows of tests/cases/expr/choice.json, and the recordings of every operator."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.engine.conditions import Holds, compile_condition
from asltool.errors import EvaluationError, ExpressionError
from asltool.syntax.condition import OPERATORS, rule_of
from tests.expr.conformance import cases, needs_recordings
from tests.expr.world import World, outcome

ROWS = json.loads((Path(__file__).parents[1] / "cases" / "expr" / "choice.json").read_text(encoding="utf-8"))


def world() -> World:
    return World(context={"Execution": {"Name": "run-1"}}, variables={"limit": 10})


def compiled(rule: Any) -> Holds:
    return compile_condition(rule_of(rule))


def name(row: Any) -> str:
    return json.dumps(row["rule"])[:80]


@pytest.mark.parametrize("row", [row for row in ROWS if "true" in row], ids=name)
def test_rule(row: Any) -> None:
    condition = compiled(row["rule"])
    for wanted in (True, False):
        for value in row[str(wanted).lower()]:
            assert condition({"v": value, "other": row.get("other")}, world()) is wanted, value


def test_every_operator_has_a_row() -> None:
    in_rows = {key for row in ROWS if "true" in row for key in row["rule"]}
    assert in_rows >= OPERATORS


def test_the_service_has_42_operators() -> None:
    assert len(OPERATORS) == 42


@pytest.mark.parametrize("row", [row for row in ROWS if "missing" in row], ids=name)
def test_rule_whose_path_finds_nothing(row: Any) -> None:
    condition = compiled(row["rule"])
    with pytest.raises(EvaluationError) as caught:
        condition({"v": 1}, world())
    assert (caught.value.error, caught.value.cause) == (
        "States.Runtime",
        f"Invalid path '{row['missing']}': The choice state's condition path references an invalid value.",
    )


@pytest.mark.parametrize("row", [row for row in ROWS if "wrong" in row], ids=name)
def test_rule_that_is_wrong(row: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        compiled(row["rule"])
    assert caught.value.message == row["wrong"]


def test_a_wrong_pattern_says_where() -> None:
    with pytest.raises(ExpressionError) as caught:
        compiled({"Variable": "$.v", "StringMatches": "a*\\d"})
    assert (caught.value.text, caught.value.offset) == ("a*\\d", 2)


def test_a_path_that_cannot_be_read_says_where() -> None:
    with pytest.raises(ExpressionError) as caught:
        compiled({"Variable": "States.ArrayLength($.v)", "NumericEquals": 1})
    assert caught.value.text == "States.ArrayLength($.v)"


def test_a_rule_beyond_all_depth_is_refused() -> None:
    rule: Any = {"Variable": "$.v", "IsNull": True}
    for _ in range(100_000):
        rule = {"Not": rule}
    with pytest.raises(ExpressionError, match="nested too deeply"):
        compiled(rule)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(["a", "b", "ab", "*", "\\*"])), st.text("ab*", max_size=12))
def test_patterns_match_as_a_regular_expression_would(pieces: list[str], text: str) -> None:
    regular = "".join({"*": ".*", "\\*": r"\*"}.get(piece, piece) for piece in pieces)
    condition = compiled({"Variable": "$.v", "StringMatches": "".join(pieces)})
    assert condition({"v": text}, world()) == (re.fullmatch(regular, text) is not None)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["$.v", "$$", "$limit", "a*", "\\", "$.", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*OPERATORS, "Next", "x"]), inner, max_size=2)
        | st.builds(lambda key, value: {"Variable": "$.v", key: value}, st.sampled_from([*OPERATORS]), inner)
    ),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(JSON, JSON)
def test_any_json_is_a_rule_or_refused(rule: Any, value: Any) -> None:
    condition = outcome(lambda: compiled(rule))
    if isinstance(condition, ExpressionError):
        assert not isinstance(condition, EvaluationError)
        assert 0 <= condition.offset <= len(condition.text)
        return
    answer = outcome(lambda: condition({"v": value}, world()))
    assert isinstance(answer, (bool, EvaluationError))


@needs_recordings
@pytest.mark.parametrize(
    "case", cases("choice_operators.json"), ids=lambda case: case["id"].rpartition("::")[2]
)
def test_recording(case: Any) -> None:
    (choice,) = [state for state in case["definition"]["States"].values() if state["Type"] == "Choice"]
    (rule,) = choice["Choices"]
    chosen = rule["Next"] if compiled(rule)(case["input"], World()) else choice["Default"]
    assert case["expected"] == {"status": "SUCCEEDED", "output": {"TestResult.$": chosen}}
