"""Each case in tests/cases/engine: a definition, what its tasks answer, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from asltool.driver.map_outside import Maps
from asltool.integrations.map_storage import MapStorage
from tests.engine.scripted import NOON, Script, execute, redrive
from tests.integrations.memory_objects import Memory

FOLDER = Path(__file__).parent.parent / "cases" / "engine"
CASES = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load_all(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    script = Script(case.get("tasks", {}))
    objects = Memory(*case.get("s3", {}))
    for bucket, stored in case.get("s3", {}).items():
        objects.buckets[bucket] |= {key: body.encode() for key, body in stored.items()}
    maps = Maps(MapStorage(objects))
    execution = execute(json.dumps(case["definition"]), case.get("input", {}), script, maps=maps)
    for _ in range(case.get("redrives", 0)):
        redrive(execution, script, maps)
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
        "map_runs": [run.record for run in maps.runs],
        "items": [counts(run.items.record) for run in maps.runs],
        "executions": [counts(run.executions.record) for run in maps.runs],
        "failed": [[child.error for child in run.failed] for run in maps.runs],
        "children": [[event["type"] for event in child.history] for run in maps.runs for child in run.failed],
    }
    assert {name: found[name] for name in expect} == expect


def counts(record: dict[str, int]) -> dict[str, int]:
    """Return the counts that are not 0."""
    return {name: count for name, count in record.items() if count}


def test_names_are_unique() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
