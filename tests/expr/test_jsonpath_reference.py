"""Writing to reference paths: the rows of tests/cases/expr/jsonpath_reference.json."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.jsonpath import PathError, compile_reference
from tests.expr.world import World

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "expr" / "jsonpath_reference.json").read_text("utf-8")
)


def name(row: Any) -> str:
    return str(row["path"])


@pytest.mark.parametrize("row", CASES["write"], ids=name)
def test_write(row: Any) -> None:
    document = copy.deepcopy(row["document"])
    reference = compile_reference(row["path"])
    written = reference.write(document, row["value"])
    assert written == row["expect"]
    assert document == row["document"]
    assert reference.read(written, World()) == row["value"]


@pytest.mark.parametrize("row", CASES["conflict"], ids=name)
def test_no_place_for_the_value(row: Any) -> None:
    with pytest.raises(EvaluationError) as caught:
        compile_reference(row["path"]).write(row["document"], 1)
    assert (caught.value.error, caught.value.cause) == ("States.ResultPathMatchFailure", row["cause"])
    assert caught.value.text == row["path"]


@pytest.mark.parametrize("row", CASES["wrong"], ids=name)
def test_wrong(row: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_reference(row["path"])
    assert (caught.value.message, caught.value.offset) == (row["message"], row["offset"])


def test_steps_and_read() -> None:
    reference = compile_reference("$.a['b c'][0]")
    assert reference.steps == ("a", "b c", 0)
    assert reference.read({"a": {"b c": [7]}}, World()) == 7
    assert reference.read({"a": {"b c": []}}, World()) is None
    with pytest.raises(PathError, match="Missing property in path"):
        reference.read({"a": {}}, World())


def test_only_the_way_is_copied() -> None:
    document: dict[str, Any] = {"a": {"b": {}, "other": {}}, "far": []}
    written = compile_reference("$.a.b").write(document, 1)
    assert written["far"] is document["far"]
    assert written["a"]["other"] is document["a"]["other"]
    assert written["a"] is not document["a"]


def test_long_paths() -> None:
    written = compile_reference("$" + ".a" * 5_000).write({}, 1)
    for _ in range(5_000):
        written = written["a"]
    assert written == 1
