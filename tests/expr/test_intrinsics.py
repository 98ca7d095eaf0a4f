"""The intrinsic functions: the rows of tests/cases/expr/intrinsics*.json, and what rows cannot say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.intrinsics.compiler import compile_intrinsic
from asltool.expr.intrinsics.functions import FUNCTIONS
from asltool.expr.intrinsics.problems import find_problems
from asltool.expr.values import dumps, json_equal
from tests.expr.world import World, outcome

CASES = Path(__file__).parents[1] / "cases" / "expr"
SETTINGS = settings(derandomize=True, deadline=None, max_examples=200)


def rows(name: str) -> list[Any]:
    read: list[Any] = json.loads((CASES / name).read_text(encoding="utf-8"))
    return read


def world() -> World:
    return World(context={"Execution": {"Name": "run-1"}}, variables={"name": {"first": "Ada"}})


def cause(row: Any) -> str:
    """Return the cause that the service gives, from what is particular to a row."""
    if "missing" in row:
        return (
            f"The function '{row['call']}' had the following error: The JsonPath argument for the field "
            f"'{row['missing']}' could not be found in the input '{dumps(row['input'])}'"
        )
    detail = row["refused"] or "Invalid arguments in " + row["call"].partition("(")[0]
    return f"There was an error while evaluating the intrinsic function: {row['call']}. {detail}"


@pytest.mark.parametrize("row", rows("intrinsics.json"), ids=lambda row: row["call"][:60])
def test_call(row: Any) -> None:
    evaluate = compile_intrinsic(row["call"])
    if "expect" in row:
        value = evaluate(row.get("input"), world())
        assert json_equal(value, row["expect"]), value
        return
    with pytest.raises(EvaluationError) as caught:
        evaluate(row.get("input"), world())
    assert (caught.value.error, caught.value.cause) == ("States.Runtime", cause(row))
    assert caught.value.text == row["call"]


def test_an_index_into_what_is_no_array_has_the_cause_of_the_path() -> None:
    with pytest.raises(EvaluationError) as caught:
        compile_intrinsic("States.Format('{}', $.a[0])")({"a": {"b": 1}}, world())
    assert caught.value.cause == (
        "The function 'States.Format('{}', $.a[0])' had the following error: "
        "Filter: [0] can only be applied to arrays. Current context is: {b=1}"
    )


def test_an_undefined_variable_fails_the_state() -> None:
    with pytest.raises(EvaluationError):
        compile_intrinsic("States.Array($nobody)")({}, world())


def test_every_function_has_rows_that_work_and_rows_that_fail() -> None:
    total = {"States.Array", "States.JsonToString", "States.UUID"}  # these take anything
    outermost = {(row["call"].partition("(")[0], "expect" in row) for row in rows("intrinsics.json")}
    assert {(name, True) for name in FUNCTIONS} - outermost == {("States.UUID", True)}
    assert {(name, False) for name in FUNCTIONS} - outermost == {(name, False) for name in total}


def test_the_service_has_eighteen_functions() -> None:
    assert len(FUNCTIONS) == 18


@pytest.mark.parametrize("row", rows("intrinsics_wrong.json"), ids=lambda row: row["call"][:60])
def test_wrong_text(row: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_intrinsic(row["call"])
    assert not isinstance(caught.value, EvaluationError)
    assert (caught.value.message, caught.value.offset) == (row["message"], row["offset"])
    if row["code"] == "intrinsic-syntax-error":
        with pytest.raises(ExpressionError):
            list(find_problems(row["call"]))
    else:
        assert [problem._asdict() for problem in find_problems(row["call"])] == [
            {"code": row["code"], "message": row["message"], "offset": row["offset"]}
        ]


@pytest.mark.parametrize("row", rows("intrinsics_literals.json"), ids=lambda row: row["call"])
def test_wrong_literals_compile_and_are_found(row: Any) -> None:
    compile_intrinsic(row["call"])
    problem = {"code": row["code"], "message": row["message"], "offset": row["offset"]}
    assert [found._asdict() for found in find_problems(row["call"])] == [problem]


@pytest.mark.parametrize("call", [row["call"] for row in rows("intrinsics.json") if "expect" in row])
def test_what_works_has_no_problems(call: str) -> None:
    assert list(find_problems(call)) == []


def test_a_bad_path_is_placed_in_the_whole_text() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_intrinsic("States.Array(1, $.a[)")
    assert caught.value.text == "States.Array(1, $.a[)"
    assert 16 <= caught.value.offset <= 21


def test_all_problems_are_found_at_once() -> None:
    found = [problem.code for problem in find_problems("States.UUID(States.Nope(), States.ArrayLength())")]
    assert found == ["intrinsic-arity", "intrinsic-unknown", "intrinsic-arity"]


@pytest.mark.parametrize("call", ["States.ArrayUnique($)", "States.JsonToString($)"])
def test_an_argument_nested_beyond_all_depth_is_refused(call: str) -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(EvaluationError, match="Invalid arguments in States"):
        compile_intrinsic(call)(value, world())


@pytest.mark.parametrize("function", ["Base64Encode($)", "Base64Decode($)", "Hash($, 'MD5')"])
def test_ten_thousand_characters_are_the_limit(function: str) -> None:
    evaluate = compile_intrinsic(f"States.{function}")
    assert evaluate("A" * 10_000, world())
    with pytest.raises(EvaluationError, match="Invalid arguments in States"):
        evaluate("A" * 10_001, world())


def test_base64_is_one_line() -> None:
    assert len(compile_intrinsic("States.Base64Encode($)")("a" * 100, world()).split()) == 1


def test_uuids_are_version_4_and_come_from_the_execution() -> None:
    evaluate = compile_intrinsic("States.Array(States.UUID(), States.UUID())")
    first, second = evaluate(None, world())
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first)
    assert first != second
    assert evaluate(None, world()) == [first, second]


def test_random_numbers_come_from_the_execution_and_stay_in_their_range() -> None:
    evaluate = compile_intrinsic("States.MathRandom(-2, 3)")
    here = world()
    drawn = [evaluate(None, here) for _ in range(200)]
    assert set(drawn) == {-2, -1, 0, 1, 2}
    here = world()
    assert [evaluate(None, here) for _ in range(200)] == drawn


def test_a_seeded_number_from_the_widest_range() -> None:
    evaluate = compile_intrinsic("States.MathRandom(-2147483648, 2147483647, 42)")
    assert evaluate(None, world()) == -1170105035  # the first nextInt() of java.util.Random(42)


def test_the_document_is_not_changed() -> None:
    document = {"a": [3, 1], "o": {"x": 1}}
    compile_intrinsic("States.JsonMerge($.o, States.StringToJson('{\"y\": 2}'), false)")(document, world())
    compile_intrinsic("States.ArrayUnique($.a)")(document, world())
    assert document == {"a": [3, 1], "o": {"x": 1}}


PIECES = [
    "States.Array",
    "States.MathAdd",
    "States.Format",
    "(",
    ")",
    ",",
    "'{}'",
    "'",
    "\\",
    "$.a",
    "$$",
    "1",
    " ",
    "null",
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


@SETTINGS
@given(TEXTS)
def test_any_text_works_or_says_where_it_does_not(text: str) -> None:
    evaluate = outcome(lambda: compile_intrinsic(text))
    if isinstance(evaluate, ExpressionError):
        assert evaluate.text == text
        assert 0 <= evaluate.offset <= len(text)
        return
    value = outcome(lambda: evaluate({"a": 1}, world()))
    assert not isinstance(value, ExpressionError) or value.text == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@settings(derandomize=True, deadline=None, max_examples=40)
@given(data=st.data())
def test_any_arguments_work_or_are_refused(name: str, data: st.DataObject) -> None:
    function = FUNCTIONS[name]
    count = data.draw(st.sampled_from([count for count in range(5) if function.takes(count)]))
    arguments = data.draw(st.lists(JSON, min_size=count, max_size=count))
    call = f"{name}({', '.join(f'$[{index}]' for index in range(count))})"
    value = outcome(lambda: compile_intrinsic(call)(arguments, world()))
    if isinstance(value, ExpressionError):
        assert str(value).startswith(f"There was an error while evaluating the intrinsic function: {call}. ")
    else:
        dumps(value)


@SETTINGS
@given(st.text("ab,;\\."), st.text("ab,;\\.", min_size=1))
def test_string_split_cuts_at_each_character(text: str, delimiters: str) -> None:
    evaluate = compile_intrinsic("States.StringSplit($.text, $.delimiters)")
    pieces = re.split("[" + re.escape(delimiters) + "]", text)
    assert evaluate({"text": text, "delimiters": delimiters}, world()) == [piece for piece in pieces if piece]


@SETTINGS
@given(st.lists(JSON))
def test_unique_keeps_one_of_each(values: list[Any]) -> None:
    unique = compile_intrinsic("States.ArrayUnique($)")(values, world())
    assert all(any(json_equal(value, kept) for kept in unique) for value in values)
    texts = [dumps(value) for value in unique]
    assert len(texts) == len(set(texts))
