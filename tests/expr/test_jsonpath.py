"""Reading paths: the rows of tests/cases/expr/jsonpath.json, roots, errors, and Jayway's recorded answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asltool.expr.jsonpath import PathError, compile_path
from asltool.expr.jsonpath.comparisons import COMPARISONS
from asltool.expr.jsonpath.filter_parser import OPERATORS
from asltool.expr.values import dumps, json_equal
from tests.expr.world import World
from tests.expressions import jsonpath

CASES = json.loads((Path(__file__).parents[1] / "cases" / "expr" / "jsonpath.json").read_text("utf-8"))
ROWS = [row for rows in CASES["groups"].values() for row in rows]
RECORDED = Path(__file__).parents[3] / "shared" / "jsonpath" / "cases.json"


def name(row: Any) -> str:
    return str(row["path"])


@pytest.mark.parametrize("row", [row for row in ROWS if "expect" in row], ids=name)
def test_path(row: Any) -> None:
    path = compile_path(row["path"])
    value = path.read(CASES["document"], World())
    assert json_equal(value, row["expect"]), value
    assert path.definite or isinstance(value, list)


@pytest.mark.parametrize("row", [row for row in ROWS if "detail" in row], ids=name)
def test_path_that_fails(row: Any) -> None:
    with pytest.raises(PathError) as caught:
        compile_path(row["path"]).read(CASES["document"], World())
    assert (caught.value.kind, caught.value.detail) == (row["kind"], row["detail"])
    assert (caught.value.error, caught.value.text) == ("States.Runtime", row["path"])
    assert caught.value.cause == f"Invalid path '{row['path']}' : {row['detail']}"


def test_document_stays_as_it_is() -> None:
    before = dumps(CASES["document"])
    for row in ROWS:
        try:
            compile_path(row["path"]).read(CASES["document"], World())
        except PathError:
            continue
    assert dumps(CASES["document"]) == before


@pytest.mark.parametrize(
    ("text", "root", "definite", "value"),
    [
        ("$", "", True, {"x": 1}),
        ("$.x", "", True, 1),
        ("$$", "$$", True, {"Execution": {"Id": "arn"}}),
        ("$$.Execution.Id", "$$", True, "arn"),
        ("$$['Execution']['Id']", "$$", True, "arn"),
        ("$who", "who", True, {"name": "Ada", "at": [1, 2]}),
        ("$who.name", "who", True, "Ada"),
        ("$who.at[1]", "who", True, 2),
        ("$who.at[*]", "who", False, [1, 2]),
        ("$who.at[?(@ == $.at[0])]", "who", False, [1]),
        ("$naïve_2", "naïve_2", True, None),
    ],
)
def test_roots(text: str, root: str, definite: bool, value: Any) -> None:
    world = World(
        context={"Execution": {"Id": "arn"}},
        variables={"who": {"name": "Ada", "at": [1, 2]}, "naïve_2": None},
    )
    path = compile_path(text)
    assert (path.text, path.root, path.definite) == (text, root, definite)
    assert path.read({"x": 1}, world) == value


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("$$.Task.Token", "Invalid path '$$.Task.Token' : Missing property in path $['Task']"),
        ("$who.age", "Invalid path '$who.age' : No results for path: $['age']"),
        ("$nobody", "Invalid path '$nobody' : Variable 'nobody' is not defined"),
        ("$nobody.name", "Invalid path '$nobody.name' : Variable 'nobody' is not defined"),
    ],
)
def test_roots_that_fail(text: str, cause: str) -> None:
    with pytest.raises(PathError) as caught:
        compile_path(text).read({}, World(variables={"who": {"name": "Ada"}}))
    assert caught.value.cause == cause


def nested(levels: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = wrap(value)
    return value


@pytest.mark.parametrize(
    ("text", "document", "detail"),
    [
        (
            "$[?(@ =~ /.*/)]",
            [nested(100_000, lambda value: [value])],
            "the path or the document is nested too deeply",
        ),
        (
            "$[*][?(@.a == 1 || @.b == 2 || @.c == 3)]",
            [[0] * 400_000],
            "the path visits more than 1,000,000 values",
        ),
        ("$..a..a..a", nested(300, lambda value: {"a": value}), "the path visits more than 1,000,000 values"),
        ("$" + "[0,0]" * 30, nested(30, lambda value: [value]), "the path visits more than 1,000,000 values"),
    ],
    ids=["deep", "filters", "scans", "indexes"],
)
def test_too_much_is_an_error(text: str, document: Any, detail: str) -> None:
    with pytest.raises(PathError) as caught:
        compile_path(text).read(document, World())
    assert caught.value.detail == detail


def test_every_operator_has_a_meaning() -> None:
    assert {*COMPARISONS, "=~"} == set(OPERATORS)


UNSUPPORTED = {"$.list[?(@.s =~ /op(?=en)en/)].id"}
"""Look-around: patterns are matched in linear time here, which leaves it out."""


@pytest.mark.skipif(not RECORDED.is_file(), reason="needs Jayway's recorded answers")
def test_recorded_answers() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))
    wrong = {
        case["expr"]
        for case in recorded["cases"]
        if not jsonpath.agrees(case, jsonpath.observe(case, recorded[case.get("on", "doc")]))
    }
    assert wrong == UNSUPPORTED


@pytest.mark.parametrize(
    ("case", "observed"),
    [
        ({"expr": "$.a", "definite": True, "value": 1}, {"definite": True, "value": 1.0}),
        (
            {"expr": "$x", "error": "E", "message": "m", "definite": True},
            {"error": "E", "message": "m", "definite": True},
        ),
    ],
)
def test_agreement(case: Any, observed: Any) -> None:
    assert jsonpath.agrees(case, observed)
    assert not jsonpath.agrees(case, {**observed, "definite": False})
    assert not jsonpath.agrees(case, {**observed, "value": 2, "message": "other"})


def test_runner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [
        {"section": "names", "expr": "$.a", "definite": True, "value": 1},
        {"section": "names", "expr": "$.b", "on": "other", "definite": True, "value": 1},
        {"section": "syntax", "expr": "$a", "error": "InvalidPathException", "message": "another text"},
    ]
    (tmp_path / "cases.json").write_text(
        json.dumps({"doc": {"a": 1}, "other": {"a": 2}, "cases": cases}), "utf-8"
    )
    jsonpath.main(tmp_path / "cases.json", tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"expr": "$.a", "definite": True, "value": 1},
        {
            "expr": "$.b",
            "definite": True,
            "error": "PathNotFoundException",
            "message": "No results for path: $['b']",
        },
        {
            "expr": "$a",
            "error": "InvalidPathException",
            "message": "com.jayway.jsonpath.InvalidPathException: Invalid path $a",
        },
    ]
    assert capsys.readouterr().out.splitlines() == [
        f"{'names':32}    1 of    2",
        f"{'syntax':32}    0 of    1",
        f"{'all':32}    1 of    3  33.33%",
    ]
