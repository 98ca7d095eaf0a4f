"""The structure check: exact messages at exact places, and none where nothing is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document
from asltool.syntax.structure import check_structure
from tests.syntax.cases import pairs, said


def in_order(document: Document) -> list[Diagnostic]:
    found = dict.fromkeys([*document.problems, *check_structure(document)])
    return sorted(found, key=lambda diagnostic: diagnostic.span)


@pytest.mark.parametrize("path", pairs("syntax/structure"), ids=lambda path: str(path.name))
def test_definition(path: Path) -> None:
    found, wanted = said(path, in_order)
    assert found == wanted


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "the definition must be an object, not an array"),
        (None, "the definition must be an object, not null"),
        ("x", "the definition must be an object, not a string"),
        (1.5, "the definition must be an object, not the number 1.5"),
    ],
)
def test_no_object_at_all(value: object, message: str) -> None:
    assert [(each.code, each.message) for each in check_structure(Document("x", value))] == [
        ("definition-not-object", message)
    ]


def test_a_value_alone_has_one_place() -> None:
    """Such as a definition that was made in Python."""
    [found] = check_structure(Document("x", {"StartAt": "A", "States": {"A": {"Type": "Pass"}}}))
    assert str(found) == 'x:1:1: Pass state "A" needs "Next" or "End" [next-or-end-missing]'


def test_a_language_that_cannot_be_told_gives_no_consequences() -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "End": True,
        "ResultPath": "$",
        "Output": 1,
    }
    definition = {"QueryLanguage": "${Language}", "StartAt": "A", "States": {"A": state}}
    assert check_structure(Document("x", definition)) == []
