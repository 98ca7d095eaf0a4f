"""JSON equality, order and text, and timestamps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.expr.timestamps import nanoseconds
from asltool.expr.values import dumps, json_equal, loads, string_less

CASES = Path(__file__).parents[1] / "cases" / "expr"
SETTINGS = settings(derandomize=True, deadline=None, max_examples=200)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([1.0, 2.5]) | st.sampled_from(["", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 1.0),
        (0, -0.0),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}),
        ([], []),
        (None, None),
        ("é", "é"),
        (2**60, 2**60),
    ],
)
def test_equal(left: Any, right: Any) -> None:
    assert json_equal(left, right)
    assert json_equal(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (True, 1),
        (False, 0),
        (False, None),
        (0, None),
        (1, "1"),
        ([], {}),
        ([1], [True]),
        ([1], [1, 1]),
        ({"a": 1}, {"a": True}),
        ({"a": None}, {}),
        ({"a": 1}, {"b": 1}),
        ("é", "e\u0301"),
        (2**60, 2.0**60 + 256),
    ],
)
def test_not_equal(left: Any, right: Any) -> None:
    assert not json_equal(left, right)
    assert not json_equal(right, left)


@SETTINGS
@given(JSON, JSON)
def test_equality_agrees_with_canonical_text(left: Any, right: Any) -> None:
    def canonical(value: Any) -> str:
        return json.dumps(value, sort_keys=True).replace(".0", "")

    assert json_equal(left, right) == (canonical(left) == canonical(right))


def test_strings_are_ordered_by_utf16_units() -> None:
    assert string_less("A", "AB")
    assert not string_less("A", "A")
    assert string_less("Z", "a")
    assert string_less("\U0001f600", "\uff5e")  # by code point it would be the other way around
    assert not string_less("\uff5e", "\U0001f600")
    assert string_less("\ud800", "\ue000")


@SETTINGS
@given(st.text("aé\uff5e\U0001f600"), st.text("aé\uff5e\U0001f600"))
def test_order_is_total(left: str, right: str) -> None:
    assert string_less(left, right) + string_less(right, left) + (left == right) == 1


def test_dumps_is_compact_and_escapes_only_what_it_must() -> None:
    assert dumps({"a": [1, 2.5, True, None, 'é"\\\n\x01']}) == '{"a":[1,2.5,true,null,"é\\"\\\\\\n\\u0001"]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x", datetime(2024, 1, 1)])
def test_dumps_refuses_what_is_not_json(value: Any) -> None:
    with pytest.raises(ValueError, match="JSON"):
        dumps([value])


def test_dumps_refuses_a_circle() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular"):
        dumps(circle)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NaN", "NaN is not JSON"),
        ('{"a": -Infinity}', "-Infinity is not JSON"),
        ("1e999", "1e999 is not JSON"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("1 2", "Extra data: line 1 column 3 (char 2)"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_loads_refuses_what_is_not_json(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the message is compared below
        loads(text)
    assert str(caught.value) == message


@SETTINGS
@given(JSON)
def test_text_and_back(value: Any) -> None:
    assert json_equal(loads(dumps(value)), value)


@SETTINGS
@given(st.text())
def test_any_text_is_json_or_refused(text: str) -> None:
    try:
        value = loads(text)
    except ValueError:
        return
    assert json_equal(loads(dumps(value)), value)


@pytest.mark.parametrize(
    "row", json.loads((CASES / "timestamps.json").read_text(encoding="utf-8")), ids=lambda row: row["text"]
)
def test_timestamp(row: Any) -> None:
    assert nanoseconds(row["text"]) == row["nanoseconds"]


@SETTINGS
@given(st.datetimes(timezones=st.just(UTC)))
def test_timestamps_agree_with_datetime(moment: datetime) -> None:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    assert nanoseconds(moment.isoformat().replace("+00:00", "Z")) == microseconds * 1000


@SETTINGS
@given(st.text("0123456789-:.TZ+ "))
def test_any_text_is_a_timestamp_or_not(text: str) -> None:
    assert nanoseconds(text) is None or text[10] == "T"
