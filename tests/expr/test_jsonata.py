"""JSONata in the fields of a state: the cases of tests/cases/expr/jsonata.yaml, and what data cannot say."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.expr.jsonata import (
    JsonataSyntaxProblem,
    QueryEvaluationError,
    compile_field,
    compile_jsonata,
    compile_template,
    engines,
    is_expression,
)
from asltool.expr.jsonata.job import EvaluationFailure
from asltool.expr.jsonata.program import JsonataProgram, compile_program
from asltool.expr.jsonata.syntax import parse
from asltool.expr.values import dumps
from tests.expr.conformance import cases, differences, needs_recordings
from tests.expr.world import World, outcome

DATA = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "expr" / "jsonata.yaml").read_text(encoding="utf-8")
)
STATES = DATA["given"]["states"]
NOON = 1_700_000_000.123


def world(**variables: Any) -> World:
    return World(variables=variables or DATA["given"]["variables"], now=NOON)


def name(case: Any) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", [case for case in DATA["cases"] if "value" in case], ids=name)
def test_value(case: Any) -> None:
    assert compile_template(case["output"], "Output")(STATES, world()) == case["value"]


@pytest.mark.parametrize("case", [case for case in DATA["cases"] if "fails" in case], ids=name)
def test_failure(case: Any) -> None:
    with pytest.raises(QueryEvaluationError) as caught:
        compile_template(case["output"], "Output")(STATES, world())
    error, location = caught.value, case.get("location", "Output")
    assert (error.error, error.code, error.location) == (
        "States.QueryEvaluationError",
        case["code"],
        location,
    )
    assert error.cause == (
        f"The JSONata expression '{error.text}' specified for the field '{location}' {case['fails']}"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "'null' for value: null"),
        (True, "'boolean' for value: true"),
        (1.5, "'number' for value: 1.5"),
        ("é", "'string' for value: \"é\""),
        ({"a": [1, 2]}, "'object' for value: {\"a\":[1,2]}"),
    ],
)
def test_a_field_says_what_type_it_wants(value: Any, shown: str) -> None:
    items = compile_field("{% $items %}", "Items", "array")
    assert items(None, World(variables={"items": [1]})) == [1]
    with pytest.raises(QueryEvaluationError) as caught:
        items(None, World(variables={"items": value}))
    assert caught.value.cause == (
        "The JSONata expression '$items' specified for the field 'Items' returned an unexpected result "
        f"type. Expected 'array', but was {shown}"
    )
    assert (caught.value.code, caught.value.location) == ("type", "Items")


def test_an_array_in_a_field_is_a_template() -> None:
    items = compile_field([1, "{% $limit %}", "{% $nobody %}"], "Items", "array")
    with pytest.raises(QueryEvaluationError, match="returned nothing") as caught:
        items(None, world())
    assert caught.value.location == "Items[2]"


@pytest.mark.parametrize("text", ["", "{%", "{%}", "x", " {% 1 %}", "{% 1 %} ", "{% 1 %}\n"])
def test_strings_that_are_no_expressions(text: str) -> None:
    assert not is_expression(text)
    assert compile_template(text, "Output")(None, world()) == text


def test_a_constant_is_passed_on_as_it_is() -> None:
    constant = {"a": [1, {"b": "x"}]}
    assert compile_template(constant, "Output")(None, world()) is constant
    mixed = compile_template({"constant": constant, "moving": "{% 1 %}"}, "Output")
    assert mixed(None, world())["constant"] is constant


def test_untouched_parts_are_shared_and_exact() -> None:
    states = {"input": {"big": 2**64 + 1, "price": 1.0}}
    assert compile_jsonata("$states.input")(states, world()) is states["input"]
    assert compile_jsonata("$states.input.big")(states, world()) == 2**64 + 1
    assert compile_jsonata("{'whole': $states.input}")(states, world())["whole"] == states["input"]
    small = {"input": {"id": 1}}
    assert compile_jsonata("{'whole': $states.input}")(small, world())["whole"] is small["input"]


N = 2**53 + 1
LARGE = {
    "id": N,
    "ids": [N, N - 1],
    "row": [N - 1, N, N + 1, N + 2, -N],
    "ns": 1764432000123456789,
    "long": 10**400,
    "rows": [{"id": N, "k": 1}, {"id": N - 1, "k": 2}],
    "text": f'{{"a": {N}, "b": [{N - 1}, 1e20, {10**20}]}}',
}


@pytest.mark.parametrize("engine", ["native", "fallback"])
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[$d.id, -$d.id, $d.long]", [N, -N, 10**400]),
        ("$merge([{'k': 1}, $d.rows[0]])", {"k": 1, "id": N}),
        ("$map($d.ids, function($v){$v})", [N, N - 1]),
        ("$reduce($d.ids, function($a, $v){$v})", N - 1),
        ("$distinct($append($d.ids, $d.ids))", [N, N - 1]),
        ("$sort($d.row)", [-N, N - 1, N, N + 1, N + 2]),
        ("$d.rows^(>k).id", [N - 1, N]),
        ("[$max($d.row), $min($d.row), $abs($d.row[4])]", [N + 2, -N, N]),
        (f"[$d.id = {N}, $d.id = {N - 1}, $d.id < {N + 1}, {N} in $d.ids]", [True, False, True, True]),
        (f"[$d.rows[id = {N - 1}].k, $d.long > 1e308]", [2, True]),
        (f"[{N}, -{N}]", [N, -N]),
        ("$parse($d.text)", {"a": N, "b": [N - 1, 10**20, 10**20]}),
        (f"$number('{N}')", N),
        ("[$floor($d.ns / 1e9), $d.id + 0, $count($d.ids), $d.rows[1].k + 1]", [1764432000, N, 2, 3]),
    ],
)
def test_whole_numbers_keep_their_digits(
    monkeypatch: pytest.MonkeyPatch, engine: str, expression: str, value: Any
) -> None:
    monkeypatch.setattr(engines, "choose", lambda: engine)
    found = compile_jsonata(expression)(None, world(d=LARGE))
    assert dumps(found) == dumps(value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[$d.id & '', $string($d.rows[0])]", [f"{N}", f'{{"id":{N},"k":1}}']),
        ("$d.rows{$string(id): k}", {f"{N}": 1, f"{N - 1}": 2}),
    ],
)
def test_digits_in_strings(expression: str, value: Any) -> None:
    """jsonata-python rounds them to 15 digits, and fails."""
    assert compile_jsonata(expression)(None, world(d=LARGE)) == value


@pytest.mark.parametrize(
    "expression",
    ["$d.id + 1", "$d.ns + 1", "$d.ns % 10", "$d.ns * 2", "$sum($d.ids)", "$substring($string($d.id), 12)"],
)
def test_what_would_lose_digits_fails(expression: str) -> None:
    with pytest.raises(QueryEvaluationError) as caught:
        compile_jsonata(expression)(None, world(d=LARGE))
    assert caught.value.cause == (
        f"The JSONata expression '{expression}' threw an error during evaluation: an integer over 2^53 would "
        "lose digits here: it stays exact only if it is passed on or compared. Make it a string at its source"
    )


def test_the_offset_of_a_mistake_counts_from_the_start_of_the_string() -> None:
    error = outcome(lambda: compile_template({"a": "{%  1 + %}"}, "Output"))
    assert isinstance(error, JsonataSyntaxProblem)
    assert (error.code, error.text, error.offset) == ("S0207", "{%  1 + %}", 7)


def test_chance_comes_from_the_execution() -> None:
    draw = compile_jsonata("{'uuid': $uuid(), 'draws': [$random(), $random()], 'order': $shuffle([1..9])}")
    first, second = draw(None, world()), draw(None, world())
    assert first == second
    again = world()
    assert draw(None, again) != draw(None, again)
    assert first["draws"][0] != first["draws"][1]
    assert sorted(first["order"]) == list(range(1, 10))


def test_an_expression_without_chance_draws_none() -> None:
    untouched, used = world(), world()
    compile_jsonata("$now() & $limit")(None, used)
    assert used.uniform() == untouched.uniform()


@pytest.mark.parametrize("expression", ["$n & ''", "$reduce([$n, 1], function($a, $b){$a + $b}) & ''"])
def test_every_thread_may_evaluate(expression: str) -> None:
    evaluate = compile_jsonata(expression)
    barrier = threading.Barrier(4)

    def work(n: int) -> list[str]:
        barrier.wait()
        return [evaluate(None, world(n=n)) for _ in range(20)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(4)))
    assert [len(set(texts)) for texts in found] == [1, 1, 1, 1]
    assert len({texts[0] for texts in found}) == 4


NAMES = st.sampled_from(["a", "b", "c d", "and"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("xyz", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
INDEXES = st.just("") | st.integers(-3, 3).map("[{}]".format) | st.just("[]")
STEPS = st.lists(st.builds("`{}`{}".format, NAMES, INDEXES), max_size=4)


@given(value=VALUES, steps=STEPS, first=INDEXES)
@settings(derandomize=True, deadline=None, max_examples=300)
def test_a_plain_path_is_read_as_an_engine_reads_it(value: Any, steps: list[str], first: str) -> None:
    path = ".".join([f"$v{first}", *steps])
    program, environment = JsonataProgram(path, parse(path)), world(v=value)
    assert repr(program.run(None, environment)) == repr(program.evaluate({"v": value}, environment))


TEXTS = st.text(st.sampled_from("$ab1.\"'`[](){}?:;,@#*%+-/|=<>!&^~ \\\nλ\ud800\u00e9"), max_size=25)
PIECES = st.lists(
    st.sampled_from(
        ["$x", "$states", ".a", "[0]", "(", ")", "{", "}", "+", "&", "'s'", "1", "~>", "$sum", ":=", "$map"]
    ),
    max_size=12,
).map("".join)


@given(text=TEXTS | PIECES, value=VALUES, engine=st.sampled_from(["native", "fallback"]))
@settings(derandomize=True, deadline=None, max_examples=500)
def test_any_text_works_or_raises_our_error(text: str, value: Any, engine: str) -> None:
    with patch.object(engines, "choose", lambda: engine):
        program = outcome(lambda: compile_program(text))
    if isinstance(program, JsonataSyntaxProblem):
        assert 0 <= program.offset <= len(text)
    elif isinstance(program, JsonataProgram):
        found = program.run({"input": value}, world(x=value))
        assert isinstance(found, EvaluationFailure) or dumps(found)


RECORDED = [case for case in cases("intrinsic_functions.json") if case["family"].endswith("_jsonata")]


@needs_recordings
@pytest.mark.parametrize("case", RECORDED, ids=lambda case: str(case["id"]).rpartition("::")[2])
def test_functions_are_what_was_recorded(case: Any) -> None:
    output = case["definition"]["States"]["State_0"]["Output"]
    found = compile_template(output, "Output")({"input": case["input"]}, world())
    assert differences(case["expected"]["output"], found) == []
