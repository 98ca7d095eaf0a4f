"""Each case in tests/cases/engine: a definition, what its tasks answer, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.scripted import NOON, Script, execute

FOLDER = Path(__file__).parent.parent / "cases" / "engine"
CASES = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load_all(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    script = Script(case.get("tasks", {}))
    execution = execute(json.dumps(case["definition"]), case.get("input", {}), script)
    expect = case["expect"]
    found: dict[str, Any] = {
        "status": execution.status,
        "output": execution.output,
        "error": execution.error,
        "cause": execution.cause,
        "slept": script.slept,
        "inputs": [call.input for call in script.calls],
        "events": [event["type"] for event in execution.history],
        "chain": [[event["id"], event["previousEventId"], event["type"]] for event in execution.history],
        "submitted": [call.submitted for call in script.calls],
        "cancelled": script.cancelled,
        "took": execution.now - NOON,
        "history": execution.history,
    }
    assert {name: found[name] for name in expect} == expect


def test_names_are_unique() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
