"""Placeholders that a run cannot do without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asltool.rules.analysis.unfilled import unfilled
from asltool.syntax.build import build
from asltool.syntax.reader import read

CASES = json.loads((Path(__file__).parent.parent / "cases" / "rules" / "unfilled.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_must_be_filled_in(case: dict[str, Any]) -> None:
    document = read(json.dumps(case["definition"]), "case.asl.json")
    machine = build(document)
    assert machine is not None
    assert unfilled(machine, document.value) == case["unfilled"]
