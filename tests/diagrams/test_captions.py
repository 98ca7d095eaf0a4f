"""What is written on states and beside edges."""

from __future__ import annotations

import pytest

from asltool.diagrams.captions import ShownTransitions
from asltool.diagrams.conditions import COMPARISONS, IS, condition_text
from asltool.diagrams.edge_labels import Numbers, labels
from asltool.diagrams.labels import elide, shorten, visible, wrap
from asltool.diagrams.services import service
from asltool.syntax.condition import expression_of, rule_of
from asltool.syntax.resource import Resource
from tests.diagrams.cases import load


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


def test_a_rule_that_cannot_be_read_is_shown_as_it_stands() -> None:
    rule = {"Variable": "$.a", "StringEqual": "b"}
    assert condition_text(rule_of(rule)) == '? {"Variable": "$.a", "StringEqual": "b"}'


@pytest.mark.parametrize(("resource", "text"), list(load("services.json").items()))
def test_a_resource_has_a_short_name(resource: str, text: str) -> None:
    assert service(Resource(resource)) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("", [""]),
        ("one two three four", ["one two", "three four"]),
        ("ValidateCustomerOrder", ["Validate↵", "Customer↵", "Order"]),
        ("validate_customer-order", ["validate_↵", "customer-↵", "order"]),
        ("x" * 25, ["x" * 9 + "↵", "x" * 9 + "↵", "x" * 7]),
        ("two\nlines of it\tall", ["two", "lines of", "it␉all"]),
        ("注文を処理して請求書", ["注文を処↵", "理して請↵", "求書"]),
    ],
)
def test_text_is_broken_where_it_reads_best(text: str, lines: list[str]) -> None:
    assert wrap(text, 10) == tuple(lines)


def test_shortening_shows() -> None:
    assert shorten("x" * 10, 10) == "x" * 10
    assert shorten("one two three", 5) == "one…"


def test_what_cannot_be_drawn_is_replaced() -> None:
    assert visible("a\x00\t\n\x7f\x85\ud800\uffffé😀") == "a␀␉␊␡���é😀"


def test_the_end_of_what_is_cut_stays() -> None:
    assert elide("x" * 10, 10) == "x" * 10
    assert elide("arn:aws:lambda:function", 13) == "arn:…function"


PREFIX = "$.FlowConfig.DestinationFlowConfigList[0].S3OutputFormatConfig"
TYPES = ("boolean", "decimal", "long", "timestamp")
LONG = " and ".join(f"$.items.field_{letter} is present" for letter in "abcdef")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["$.a == 1", "$.a == 2"], ["1. $.a == 1", "2. $.a == 2"]),
        (
            [f'{PREFIX}.FileType == "CSV"', f'{PREFIX}.FileType == "PARQUET"'],
            ['1. ….FileType == "CSV"', '2. ….FileType == "PARQUET"'],
        ),
        (
            ["$.the.left.hand.side.of.it.all.status", "$.the.right.hand.side.of.it.all.status"],
            ["1. $.the.left.hand.side.of.it.all.status", "2. $.the.right.hand.side.of.it.all.status"],
        ),
        (
            [" or ".join(f'{PREFIX}.DestinationType == "{name}"' for name in TYPES)],
            ['1. ….DestinationType == "boolean" … or ….DestinationType == "timestamp"'],
        ),
        ([f"{LONG} and $.x", f"{LONG} and $.y"], ["1. … $.x", "2. … $.y"]),
        (
            [LONG],
            ["1. $.items.field_a is present … and $.items.field_e is present and $.items.field_f is present"],
        ),
    ],
)
def test_a_label_keeps_what_differs(texts: list[str], expected: list[str]) -> None:
    transitions: ShownTransitions = {(str(number), False): [text] for number, text in enumerate(texts, 1)}
    numbers: Numbers = {(str(number), False): [number] for number in range(1, len(texts) + 1)}
    assert list(labels(transitions, numbers).values()) == [(text,) for text in expected]


def test_rules_to_one_state_share_a_label_and_errors_are_never_cut_apart() -> None:
    transitions: ShownTransitions = {
        ("A", False): ["$.a", "Default"],
        ("B", False): ["$.b"] * 6,
        ("C", True): ["Some.LongErrorName"] * 7,
    }
    numbers: Numbers = {("A", False): [1, None], ("B", False): [2, 3, 4, 5, 6, 7]}
    assert labels(transitions, numbers) == {
        ("A", False): ("1. $.a", "Default"),
        ("B", False): ("2. $.b", "3. $.b", "4. $.b", "5. $.b", "2 more"),
        ("C", True): (", ".join(["Some.LongErrorName"] * 4), "3 more"),
    }
