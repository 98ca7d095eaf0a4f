"""Texts that are no paths: the rows of tests/cases/expr/jsonpath_wrong.json, and any text at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.jsonpath import compile_path, compile_reference
from asltool.expr.jsonpath.parser import parse
from tests.expr.world import World, outcome

CASES = json.loads((Path(__file__).parents[1] / "cases" / "expr" / "jsonpath_wrong.json").read_text("utf-8"))
DOCUMENT = {"a": [{"a": 1, "b": "x"}, [1, "1", None, True]], "b": {"a": {"b": "a"}}, "": 1.5}


@pytest.mark.parametrize(
    "row", [row for rows in CASES["groups"].values() for row in rows], ids=lambda row: row["path"]
)
def test_wrong(row: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_path(row["path"])
    assert (caught.value.message, caught.value.offset) == (row["message"], row["offset"])
    assert caught.value.text == row["path"]


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.from_regex(r"\w{1,3}", fullmatch=True), min_size=1, max_size=4))
def test_names_alone_are_read_as_all_steps_are(names: list[str]) -> None:
    path = ".".join(names)
    at_once, step_by_step = parse(f"$.{path}"), parse(f"@.{path}")
    assert (at_once.segments, at_once.starts) == (step_by_step.segments, step_by_step.starts)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(ExpressionError, match="nested too deeply"):
        compile_path(f"${'[?(@' * 60}.a{')]' * 60}")


def test_brackets_do_not_nest() -> None:
    path = compile_path(f"$[?({'(' * 60}@.a{')' * 60})]")
    assert path.read([{"a": 1}, {}], World()) == [{"a": 1}]


@pytest.mark.parametrize(
    "text",
    [
        "$" + "[" * 20_000,
        "$[?(" + "(" * 20_000,
        "$" + "[?(@" * 20_000,
        "$" + ".a" * 20_000,
        "$" + "..a" * 20_000,
        "$.a(" * 20_000,
        "$[?(@.a in " + "[" * 20_000 + "]" * 20_000 + ")]",
        "$[?(@.a == " + "9" * 20_000 + ")]",
        "$[?(@.a == '" + "\\" * 20_000 + "')]",
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_end(text: str) -> None:
    check(text)


PIECES = [
    *("$", "$$", "$x", "@", ".", "..", "*", "a", "b", "['a']", '["b"]', "[0]", "[-1]", "[0,1]", "[1:]", "[:"),
    *("[?(", ")]", "@.a", " == ", "&&", " || ", "!", "'x'", "'", '"', "\\", "\\u00", "1", "1.5", "null"),
    *(" in ", "[1,'x']", "]", " =~ ", "/a*/", "/i", ".sum(", "[(@.length-1)]", "[(@.", "$.b", ",", " ", "("),
    *(")", ">=", "<", "!@.a", "[1:", ":1:", "-2", "'a'", "['", "']", ".length()", "é", "\U0001f600"),
    *("true", "\ud800"),
]

anything = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.sampled_from(PIECES)).map("$".join)
)


@settings(derandomize=True, deadline=None, max_examples=2_000)
@given(anything)
def test_any_text_works_or_is_refused(text: str) -> None:
    check(text)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(anything)
def test_any_reference_works_or_is_refused(text: str) -> None:
    reference = outcome(lambda: compile_reference(text))
    if isinstance(reference, ExpressionError):
        assert 0 <= reference.offset <= len(text)
        return
    written = outcome(lambda: reference.write(DOCUMENT, [7]))
    if not isinstance(written, ExpressionError):
        assert reference.read(written, World()) == [7]


def check(text: str) -> None:
    """A text is a path or refused at a place inside it; a path gives a value or an error of the run."""
    path = outcome(lambda: compile_path(text))
    if isinstance(path, ExpressionError):
        assert path.text == text
        assert 0 <= path.offset <= len(text)
        return
    value = outcome(lambda: path.read(DOCUMENT, World(variables={"x": 1})))
    if isinstance(value, ExpressionError):
        assert isinstance(value, EvaluationError)
        return
    assert path.definite or isinstance(value, list)
