"""Event patterns: recorded answers of the service's own rule engine, cases of our own, and any text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.diagnostic import Span
from asltool.errors import PatternError
from asltool.syntax.wording import quoted
from asltool.triggers.patterns import Leaves, compile_pattern, leaves_of, pattern_of
from asltool.triggers.patterns.alternatives import Alternative
from asltool.triggers.patterns.leaves import Place, joined

CASES = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "triggers" / "patterns.yaml").read_text("utf-8")
)
RECORDED = Path(__file__).parents[3] / "shared" / "eventbridge" / "patterns.json"


def refusal(text: str) -> PatternError:
    with pytest.raises(PatternError) as caught:
        compile_pattern(text)
    return caught.value


@pytest.mark.skipif(not RECORDED.exists(), reason="no recorded answers")
def test_recorded_answers() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))
    for case in recorded["cases"]:
        text = json.dumps(case["pattern"])
        if "error" in case:
            assert refusal(text).reason == case["error"], text
        else:
            assert compile_pattern(text).matches(recorded["event"]) is case["matches"], text


@pytest.mark.parametrize("pattern", CASES["matches"], ids=quoted)
def test_it_matches(pattern: Any) -> None:
    assert compile_pattern(json.dumps(pattern)).explain(CASES["event"]) is None


@pytest.mark.parametrize(("pattern", "reason"), CASES["differs"], ids=quoted)
def test_it_does_not_match(pattern: Any, reason: str) -> None:
    found = pattern_of(pattern)
    assert not found.matches(CASES["event"])
    assert found.explain(CASES["event"]) == reason


@pytest.mark.parametrize(("pattern", "reason", "part"), CASES["errors"], ids=quoted)
def test_it_is_refused_where_it_is_wrong(pattern: Any, reason: str, part: str) -> None:
    text = json.dumps(pattern)
    error = refusal(text)
    start, end = error.place
    assert (error.reason, text[start:end]) == (reason, part)
    with pytest.raises(PatternError) as caught:
        pattern_of(pattern)
    assert (caught.value.reason, caught.value.pointer) == (reason, error.pointer)


def test_conditions_of_an_or_continue_what_was_before_it() -> None:
    before = pattern_of({"a": [1], "$or": [{"a": [2]}, {"b": [3]}]})
    after = pattern_of({"$or": [{"a": [2]}, {"b": [3]}], "a": [1]})
    assert [before.matches({"a": 1}), before.matches({"a": 2})] == [False, True]
    assert [after.matches({"a": 1}), after.matches({"a": 2}), after.matches({"a": 1, "b": 3})] == [
        True,
        False,
        True,
    ]


def test_too_many_combinations_are_refused() -> None:
    branches = [{"a": [number]} for number in range(11)]
    nested: Any = {"$or": branches}
    for _ in range(2):
        nested = {"$or": [{"b": [1]}] * 10, "c": nested}
    assert refusal(json.dumps(nested)).reason == "Event pattern contains more than 1000 rule combinations"


def test_deep_patterns_are_refused() -> None:
    reason = "Event pattern is nested deeper than 100 levels"
    assert refusal('{"a": ' * 150 + "[1]" + "}" * 150).reason == reason


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ("", "Filter is not an object", (0, 0)),
        ('{"a": [1,]}', 'remove the "," before "]"', (8, 9)),
        ('{"a": [NaN]}', '"NaN" is not a JSON number', (7, 10)),
    ],
)
def test_text_that_is_not_json(text: str, reason: str, place: tuple[int, int]) -> None:
    error = refusal(text)
    assert (error.reason, error.place) == (reason, place)


def test_a_fault_has_its_line_and_column() -> None:
    error = refusal('{\n  "a": [1],\n  "b": [{"prefixx": "x"}]\n}')
    assert (error.span, error.on_key) == (Span(3, 10, 9), True)
    assert refusal('{"a": [{"b":\n[1]}]}').span == Span(1, 9, 3)
    assert refusal('{"a": 5,\n "b": "c').span == Span(2, 7, 2)


def test_many_arrays_take_no_time() -> None:
    """Every combination of elements would be 200 ** 6."""
    event = {name: [{"x": number} for number in range(200)] for name in "abcdef"}
    pattern = {name: {"x": [199]} for name in "abcdef"}
    assert pattern_of(pattern).matches(event)
    assert not pattern_of({**pattern, "f": {"x": [200]}}).matches(event)


WORDS = [
    "a",
    "b",
    "$or",
    "prefix",
    "anything-but",
    "numeric",
    "exists",
    "cidr",
    "wildcard",
    "*",
    "\\",
    "<",
    "",
    "::/3",
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(WORDS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=12,
)
EVENTS = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=3)


@settings(derandomize=True, deadline=None)
@given(st.text() | VALUES.map(json.dumps), EVENTS)
def test_any_text_works_or_is_refused(text: str, event: dict[str, Any]) -> None:
    try:
        pattern = compile_pattern(text)
    except PatternError as error:
        start, end = error.place
        assert 0 <= start <= end <= len(text)
    else:
        assert (pattern.explain(event) is None) is pattern.matches(event)


def tries(alternative: Alternative, leaves: Leaves, here: Place = ()) -> bool:
    """Match as event-ruler walks: path by path, each leaf with the elements chosen before it."""
    if not alternative:
        return True
    condition, *others = alternative
    found = leaves.get(condition.path, [])
    nexts = [both for leaf, place in found if condition.test(leaf) for both in (joined(here, place),)]
    if condition.absent and all(joined(here, place) is None for _, place in found):
        nexts.append(here)
    return any(both is not None and tries(tuple(others), leaves, both) for both in nexts)


NUMBERS = st.recursive(
    st.integers(1, 3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, min_size=1),
)
ENTRIES = st.sampled_from([[1], [2, 3], [{"exists": False}], [{"exists": False}, 1], [{"anything-but": 1}]])
PATTERNS = st.recursive(ENTRIES, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.dictionaries(st.sampled_from("abc"), PATTERNS, min_size=1),
    st.dictionaries(st.sampled_from("abc"), NUMBERS, min_size=1),
)
def test_it_agrees_with_trying_every_element(value: Any, event: dict[str, Any]) -> None:
    pattern = pattern_of(value)
    assert pattern.matches(event) is tries(pattern.alternatives[0], leaves_of(event))


@settings(derandomize=True, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b"]), SCALARS, min_size=1))
def test_an_event_matches_its_own_leaves(event: dict[str, Any]) -> None:
    assert pattern_of({key: [value] for key, value in event.items()}).matches(event)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": ["app"]}, True),
        ({"source": ["other"]}, False),
        ({"source": [{"prefix": "a"}], "detail": {"a": [1]}}, True),
        ({"source": [{"anything-but": "app"}]}, False),
        ({"source": [{"exists": False}]}, True),
        ({"detail": {"a": [1]}}, True),
        ({"detail-type": ["Order"], "source": ["other"]}, False),
        ({"$or": [{"source": ["other"]}, {"detail": {"a": [1]}}]}, True),
        ({"$or": [{"source": ["other"]}, {"source": ["third"]}]}, False),
    ],
)
def test_whether_an_event_may_match_of_which_little_is_known(pattern: Any, expected: bool) -> None:
    known = {"source": "app", "detail-type": "Order"}
    assert compile_pattern(json.dumps(pattern)).may_match(known) is expected
