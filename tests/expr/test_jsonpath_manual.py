"""The manual of JSONPath is true: every example in docs/jsonpath.md is evaluated."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.jsonata import compile_jsonata
from asltool.expr.payload import compile_value
from tests.expr.world import World

PAGE = (Path(__file__).parents[2] / "docs" / "jsonpath.md").read_text(encoding="utf-8")
DOCUMENT = json.loads(re.findall(r"^```json\n(.*?)^```$", PAGE, re.M | re.S)[0])


def rows() -> list[dict[str, str]]:
    """Return the rows of all tables that say what the service gives, by their columns."""
    found: list[dict[str, str]] = []
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.M):
        head, _, *lines = (
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()
        )
        if "the service gives" in head:
            found += [dict(zip(head, line, strict=True)) for line in lines]
    return found


def code(cell: str) -> str:
    match = re.search(r"`(.+)`", cell)
    assert match, cell
    return match[1].replace("\\|", "|")


def value(text: str) -> Any:
    if text.startswith("{%"):
        return compile_jsonata(text)({"input": DOCUMENT}, World())
    return compile_value(text)(DOCUMENT, World())


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(next(iter(row.values()))))
def test_the_service_gives_what_the_page_says(row: dict[str, str]) -> None:
    path, gives = code(next(iter(row.values()))), row["the service gives"]
    if gives.startswith("refused"):
        with pytest.raises(ExpressionError) as refused:
            value(path)
        assert not isinstance(refused.value, EvaluationError)
        assert refused.value.message == code(gives)
    elif gives.startswith("fails"):
        with pytest.raises(EvaluationError) as failed:
            value(path)
        assert gives == "fails" or failed.value.cause == f"Invalid path '{path}' : {code(gives)}"
    else:
        assert value(path) == json.loads(code(gives))
    assert row["known"] in ("recorded", "reported", "inferred")


@pytest.mark.parametrize(
    "row", [row for row in rows() if "write instead" in row], ids=lambda row: str(row["write instead"])
)
def test_what_to_write_instead_gives_what_the_page_says(row: dict[str, str]) -> None:
    assert value(code(row["write instead"])) == json.loads(code(row["which gives"]))


def test_there_are_examples() -> None:
    assert len(rows()) >= 50
