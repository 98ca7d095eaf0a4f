"""Fixes: exact texts, and that nothing gets worse."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.rules import validate
from asltool.syntax.diagnostics import Diagnostic, Edit
from asltool.syntax.document import Document
from asltool.syntax.fixes import apply_fixes
from asltool.syntax.model import ABSENT
from asltool.syntax.reader import read_all
from tests.syntax.cases import CASES
from tests.syntax.world import REAL

FIXES = json.loads((CASES / "syntax" / "fixes.json").read_text(encoding="utf-8"))


def found(text: str, path: str) -> list[Diagnostic]:
    documents = [each for each in read_all(text, path) if isinstance(each, Document)]
    assert all(document.value is not ABSENT for document in documents)
    return [diagnostic for document in documents for diagnostic in validate(document)]


def fixed(text: str, path: str) -> str:
    """Return a text with every fix applied, and those that they bring to light."""
    for _ in range(10):
        fixes = [each.fix for each in found(text, path) if each.fix]
        text, applied = apply_fixes(text, fixes)
        if not applied:
            break
    return text


@pytest.mark.parametrize("case", FIXES, ids=lambda case: str(case["name"]))
def test_case(case: dict[str, Any]) -> None:
    before, after = "\n".join(case["before"]), "\n".join(case["after"] or case["before"])
    assert fixed(before, case["path"]).split("\n") == after.split("\n")
    if case["after"]:
        offered = {(each.code, each.message) for each in found(before, case["path"]) if each.fix}
        assert offered
        assert not offered & {(each.code, each.message) for each in found(after, case["path"])}


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A definition in JSON in which some names of fields and states are misspelt."""
    text = json.dumps(draw(st.sampled_from(REAL)), indent=draw(st.sampled_from([None, 2])))
    for _ in range(draw(st.integers(1, 4))):
        words = list(re.finditer(r'"[A-Z][A-Za-z]{3,}"', text))
        start, end = draw(st.sampled_from(words)).span()
        at = draw(st.integers(start + 2, end - 2))
        text = text[:at] + draw(st.sampled_from(["", "x", text[at] * 2])) + text[at + 1 :]
    return text


def in_a_template(text: str) -> str:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": text}}
    return json.dumps({"Resources": {"M": machine}})


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("x.json", str),
        ("x.yaml", lambda text: yaml.safe_dump(json.loads(text), sort_keys=False)),
        (
            "x.yaml",
            lambda text: yaml.safe_dump(json.loads(text), sort_keys=False, width=20, default_style='"'),
        ),
        ("x.json", in_a_template),
        ("x.yaml", lambda text: yaml.safe_dump(json.loads(in_a_template(text)), default_style="|")),
        ("x.tf", lambda text: f'resource "aws_sfn_state_machine" "m" {{\n definition = <<E\n{text}\nE\n}}\n'),
    ],
)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(text=misspelt())
def test_a_fix_takes_its_finding_away(path: str, written: Callable[[str], str], text: str) -> None:
    """Of the same finding elsewhere there may be others."""
    text = written(text)
    diagnostics = found(text, path)
    before = Counter((each.code, each.message) for each in diagnostics)
    for each in diagnostics:
        if each.fix:
            mended, applied = apply_fixes(text, [each.fix])
            after = Counter((other.code, other.message) for other in found(mended, path))
            assert applied == 1
            assert after[each.code, each.message] < before[each.code, each.message]


def test_several_fixes_of_one_text() -> None:
    insert, replace, overlapping = Edit(0, 0, ">"), Edit(1, 3, "BC"), Edit(2, 4, "CD")
    assert apply_fixes("abcd", []) == ("abcd", 0)
    assert apply_fixes("abcd", [(replace,), (insert,)]) == (">aBCd", 2)
    assert apply_fixes("abcd", [(replace,), (overlapping,)]) == ("aBCd", 1)
    assert apply_fixes("abcd", [(insert, replace), (insert,)]) == (">aBCd", 2)
    assert apply_fixes("abcd", [(insert,), (Edit(0, 0, "<"),)]) == ("<abcd", 1)
