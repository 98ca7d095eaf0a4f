"""What a JSONata text says about itself: the cases of tests/cases/expr/jsonata_syntax.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from asltool.expr.jsonata import JsonataSyntaxProblem, parse
from asltool.expr.jsonata.cost import is_bounded
from asltool.expr.jsonata.references import references
from asltool.expr.jsonata.syntax import DEEPEST

DATA = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "expr" / "jsonata_syntax.yaml").read_text(encoding="utf-8")
)


def text(case: Any) -> str:
    return str(case["text"])


@pytest.mark.parametrize("case", DATA["wrong"], ids=text)
def test_mistake(case: Any) -> None:
    with pytest.raises(JsonataSyntaxProblem) as caught:
        parse(case["text"])
    problem = caught.value
    assert (problem.code, problem.offset, problem.message) == (case["code"], case["at"], case["message"])
    assert problem.sentence == case["says"]


@pytest.mark.parametrize("case", DATA["refers"], ids=text)
def test_references(case: Any) -> None:
    found = references(parse(case["text"]))
    assert sorted(found.variables) == case["variables"]
    assert sorted(found.functions) == case["functions"]
    assert sorted(found.context) == case["context"]


def test_references_know_where_they_stand() -> None:
    found = references(parse("$a + b.c & $sum($x) & $a"))
    assert found.variables == {"a": 0, "sum": 11, "x": 16}
    assert found.functions == {"sum": 11}
    assert found.context == {"b": 5}


@pytest.mark.parametrize("expression", DATA["bounded"])
def test_bounded(expression: str) -> None:
    assert is_bounded(parse(expression))


@pytest.mark.parametrize("expression", DATA["unbounded"])
def test_unbounded(expression: str) -> None:
    assert not is_bounded(parse(expression))


@pytest.mark.parametrize(
    ("opening", "closing", "deepest"),
    [("(", ")", 99), ("[", "]", 99), ("{'a':", "}", 99), ("$string(", ")", 99), ("-", "", 99)],
)
def test_levels(opening: str, closing: str, deepest: int) -> None:
    assert parse(f"{opening * deepest}1{closing * deepest}").height == DEEPEST
    for levels in (deepest + 1, 10_000):
        with pytest.raises(JsonataSyntaxProblem) as caught:
            parse(f"{opening * levels}1{closing * levels}")
        assert caught.value.code == "U1001"


def test_a_long_chain_has_levels_and_a_long_path_has_none() -> None:
    assert parse("1" + "+1" * 99).height == DEEPEST
    with pytest.raises(JsonataSyntaxProblem, match="more than 100 levels"):
        parse("1" + "+1" * 100)
    assert parse("$a" + ".b" * 5000).height == 2
