"""The regular expressions of ``=~``: tests/cases/expr/jsonpath_regex.json, and Python's re beside."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from asltool.expr.jsonpath import PathError, compile_path
from asltool.expr.jsonpath.regex import RegexPattern, UnsupportedRegexError, compile_regex
from tests.expr.world import World

CASES = json.loads((Path(__file__).parents[1] / "cases" / "expr" / "jsonpath_regex.json").read_text("utf-8"))


@pytest.mark.parametrize("row", CASES["rows"], ids=lambda row: f"{row['pattern']}/{row['flags']}")
def test_matches(row: Any) -> None:
    pattern = compile_regex(row["pattern"], row["flags"])
    assert [text for text in CASES["texts"] if pattern.matches(text)] == row["matches"]


@pytest.mark.parametrize(("source", "message"), CASES["wrong"], ids=lambda text: text[:20])
def test_wrong(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        compile_regex(source)


@pytest.mark.parametrize(("source", "what"), CASES["unsupported"], ids=lambda text: text)
def test_unsupported_is_an_error_when_it_is_used(source: str, what: str) -> None:
    pattern = compile_regex(source)
    with pytest.raises(UnsupportedRegexError, match=re.escape(f"{what} is not supported in a pattern")):
        pattern.matches("a")


def test_unsupported_fails_the_path() -> None:
    path = compile_path("$[?(@ =~ /(?=a)a/)]")
    with pytest.raises(PathError) as caught:
        path.read(["a"], World())
    assert caught.value.kind == "UnsupportedOperationException"
    assert caught.value.detail == "look-around is not supported in a pattern: /(?=a)a/"


@pytest.mark.parametrize(
    "source", ["(a+)+b", "(a*)*b", "(a|a)*b", "(a|aa)+b", "a*a*a*a*a*b", "(.*)*x", "((a?){30}a)+b"]
)
def test_what_backtracks_forever_elsewhere_ends(source: str) -> None:
    pattern = compile_regex(source)
    assert not pattern.matches("a" * 3_000)
    assert pattern.matches("a" * 3_000 + source[-1])


PIECES = [
    "a",
    "b",
    "(",
    ")",
    "(?:",
    "|",
    "*",
    "+",
    "?",
    "*?",
    "{2}",
    "{1,}",
    "[ab]",
    "[^a]",
    ".",
    "^",
    "$",
    r"\w",
    r"\b",
]


@settings(derandomize=True, deadline=None, max_examples=1_000)
@given(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.text("abc", max_size=6), max_size=8),
)
def test_same_as_python(source: str, texts: list[str]) -> None:
    pattern = compiled(source)
    try:
        peer = re.compile(source)
    except re.error:
        assume(False)
    assume(pattern is not None and pattern.unsupported is None)
    assert pattern
    assert [pattern.matches(text) for text in texts] == [peer.fullmatch(text) is not None for text in texts]


@settings(derandomize=True, deadline=None, max_examples=1_000)
@given(
    st.one_of(st.text(), st.text("()[]{}|*+?\\^$.&-,:<=!>abdpPQEux01 ")),
    st.sampled_from(["", "i", "x", "imsuU"]),
)
def test_any_text_works_or_is_a_value_error(source: str, flags: str) -> None:
    try:
        pattern = compile_regex(source, flags)
    except ValueError:
        return
    if pattern.unsupported is None:
        pattern.matches("a1 \n")


def compiled(source: str) -> RegexPattern | None:
    try:
        return compile_regex(source)
    except ValueError:
        return None
