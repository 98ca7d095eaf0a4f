"""What is written on states and beside edges."""

from __future__ import annotations

import pytest

from asltool.errors import RenderError
from asltool.render.conditions import COMPARISONS, IS, condition_text
from asltool.render.labels import shorten, visible, wrap
from asltool.render.services import service
from asltool.syntax.condition import expression_of, rule_of
from asltool.syntax.resource import Resource
from tests.render.cases import load


@pytest.mark.parametrize("case", load("conditions.json"), ids=lambda case: case["text"])
def test_a_condition_reads_as_people_say_it(case: dict[str, object]) -> None:
    condition = case["condition"]
    tree = rule_of(condition) if isinstance(condition, dict) else expression_of(condition)
    assert condition_text(tree) == case["text"]


def test_every_operator_of_the_specification_is_known() -> None:
    ordered = ("Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    expected = {f"{kind}{sign}" for kind in ("String", "Numeric", "Timestamp") for sign in ordered}
    expected = {operator + path for operator in (*expected, "BooleanEquals") for path in ("", "Path")}
    assert {*COMPARISONS, "BooleanEquals"} == expected | {"StringMatches"}
    assert len(IS) == 6


def test_a_rule_without_an_operator_is_an_error() -> None:
    with pytest.raises(RenderError) as caught:
        condition_text(rule_of({"Variable": "$.a", "StringEqual": "b"}))
    assert str(caught.value) == (
        'a Choice rule has no comparison that can be read: {"Variable": "$.a", "StringEqual": "b"}'
    )


@pytest.mark.parametrize(("resource", "text"), list(load("services.json").items()))
def test_a_resource_has_a_short_name(resource: str, text: str) -> None:
    assert service(Resource(resource)) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("", [""]),
        ("one two three four", ["one two", "three four"]),
        ("ValidateCustomerOrder", ["Validate", "Customer", "Order"]),
        ("validate_customer-order", ["validate_", "customer-", "order"]),
        ("x" * 25, ["x" * 10, "x" * 10, "x" * 5]),
        ("two\nlines of it\tall", ["two", "lines of", "it␉all"]),
        ("注文を処理して請求書", ["注文を処理", "して請求書"]),
    ],
)
def test_text_is_broken_where_it_reads_best(text: str, lines: list[str]) -> None:
    assert wrap(text, 10) == tuple(lines)


def test_shortening_shows() -> None:
    assert shorten("x" * 10, 10) == "x" * 10
    assert shorten("one two three", 5) == "one…"


def test_what_cannot_be_drawn_is_replaced() -> None:
    assert visible("a\x00\t\n\x7f\x85\ud800\uffffé😀") == "a␀␉␊␡���é😀"
