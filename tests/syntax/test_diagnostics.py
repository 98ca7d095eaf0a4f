"""How a finding is printed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asltool.syntax.diagnostics import Diagnostic, Span, excerpt
from asltool.syntax.document import Document, report
from tests.syntax.cases import CASES

EXCERPTS = json.loads((CASES / "syntax" / "excerpts.json").read_text(encoding="utf-8"))
LONG = "[" + ", ".join(str(number) for number in range(1000, 2000)) + "]"


@pytest.mark.parametrize("case", EXCERPTS, ids=lambda case: str(case["name"]))
def test_excerpt(case: dict[str, Any]) -> None:
    assert excerpt(case["text"], Span(*case["span"])).split("\n") == case["lines"]


@pytest.mark.parametrize("number", [1000, 1003, 1500, 1999])
def test_a_long_line_is_cut_around_the_caret(number: int) -> None:
    line, caret = excerpt(LONG, Span(1, LONG.index(str(number)) + 1, 4)).split("\n")
    marked = caret.index("^")
    assert line[marked : marked + 4] == str(number)
    assert caret[marked:] == "^~~~"
    assert len(line) <= 110


def test_a_long_span_ends_where_the_line_is_cut() -> None:
    line, caret = excerpt(LONG, Span(1, 1, len(LONG))).split("\n")
    assert line.endswith("…")
    assert len(caret) == len(line) - 1


def test_a_diagnostic_as_text() -> None:
    error = Diagnostic("a.json", Span(1, 2), "a-rule", "it is wrong")
    warning = Diagnostic("a.json", Span(1, 1), "a-rule", "it may be wrong", "warning")
    assert str(error) == "a.json:1:2: it is wrong [a-rule]"
    assert str(warning) == "a.json:1:1: warning: it may be wrong [a-rule]"
    assert report(Document("a.json", {}, "{}"), [warning, error]) == (
        "a.json:1:1: warning: it may be wrong [a-rule]\n  1 | {}\n    | ^\n"
        "a.json:1:2: it is wrong [a-rule]\n  1 | {}\n    |  ^"
    )
