"""Whatever it is given, the front end answers with diagnostics, and every place is inside the text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.rules import validate
from asltool.syntax.build import build
from asltool.syntax.document import Document, report
from asltool.syntax.model import StateMachine
from asltool.syntax.reader import read
from tests.syntax.world import definitions, json_values, tampered


def check(document: Document) -> None:
    found = validate(document)
    lines = document.text.split("\n")
    for diagnostic in found:
        line = lines[diagnostic.span.line - 1]
        assert 1 <= diagnostic.span.column <= len(line) + 1
        assert diagnostic.span.column + diagnostic.span.length <= max(len(line), diagnostic.span.column) + 1
        assert "\n" not in diagnostic.message
        assert diagnostic.message == diagnostic.message.strip()
        assert not diagnostic.message.endswith(".")
    assert len(set(found)) == len(found)
    assert [each.span for each in found] == sorted(each.span for each in found)
    assert found == validate(read(document.text, document.path))
    assert report(document, found).count("\n") == max(0, 3 * len(found) - 1)
    machine = build(document)
    if machine is None:
        assert any(diagnostic.severity == "error" for diagnostic in found)
    else:
        states_as_written(machine, document.value)


def states_as_written(machine: StateMachine, value: Any) -> None:
    """Every state is in the model, under its name and with its place."""
    for inside in machine.walk():
        assert list(inside.states) == [state.name for state in inside.states.values()]
        for state in inside.states.values():
            part = value
            for step in state.pointer:
                part = part[step]
            if state.type and isinstance(part.get("Comment"), str):
                assert state.comment == part["Comment"]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text() | st.text(st.sampled_from('{}[]",:\\ \n0-1.etrufalsn')))
def test_any_text(text: str) -> None:
    check(read(text, "x"))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(json_values())
def test_any_json(value: Any) -> None:
    check(read(json.dumps(value, ensure_ascii=False), "x"))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(definitions())
def test_the_languages_words_in_any_order(value: Any) -> None:
    check(read(json.dumps(value, indent=1), "x"))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(tampered())
def test_a_definition_that_was_tampered_with(value: Any) -> None:
    check(read(json.dumps(value, indent=1), "x"))
