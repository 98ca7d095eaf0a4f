"""What depends on how a definition is written: block scalars of YAML, and the length of the text."""

from __future__ import annotations

import json

import pytest

from asltool.rules import validate
from asltool.syntax.reader import read
from asltool.syntax.structure import LONGEST

HEAD = "QueryLanguage: JSONata\nStartAt: A\nStates:\n"


@pytest.mark.parametrize("style", ["|", ">", "|+"])
@pytest.mark.parametrize(
    "state",
    [
        "  A: {Type: Choice, Default: B, Choices: [{Next: B, Condition: X}]}\n  B: {Type: Succeed}\n",
        "  A: {Type: Pass, End: true, Output: X}\n",
        "  A: {Type: Wait, End: true, Seconds: X}\n",
    ],
)
def test_a_block_scalar_around_jsonata(state: str, style: str) -> None:
    """The scalar stands behind an anchor, so that it needs no indentation of its own in the state."""
    for chomped in (False, True):
        scalar = f"Comment: &x {style.rstrip('+')}{'-' if chomped else ''}\n  {{% $states.input.x = 1 %}}\n"
        found = [str(each) for each in validate(read(scalar + HEAD + state.replace("X", "*x"), "x.yaml"))]
        assert [text for text in found if 'in YAML write "|-" or ">-" instead of "|" or ">"' in text] == found
        assert len(found) == (not chomped)


@pytest.mark.parametrize("name", ["x.json", "x.yaml"])
def test_a_definition_that_is_too_long(name: str) -> None:
    definition = {"Comment": "", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    size = len(json.dumps(definition, separators=(",", ":")))
    for extra, found in ((0, []), (1, ["definition-too-long"])):
        definition["Comment"] = "x" * (LONGEST - size + extra)
        text = json.dumps(definition, separators=(",", ":") if name == "x.json" else None)
        assert [each.code for each in validate(read(text, name))] == found
