"""Tasks done by handlers, event for event: the cases in ``tests/cases/integrations/tasks.yaml``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import asltool

CASES = Path(__file__).parent.parent / "cases" / "integrations" / "tasks.yaml"
NOT_COMPARED = ("SdkHttpMetadata", "SdkResponseMetadata")


class OutOfStock(Exception):
    pass


class Scripted:
    """A handler that does what a case says: ``echo``; or sends its token, raises, returns."""

    def __init__(self, script: Any) -> None:
        self.script: dict[str, Any] = {"echo": True} if script == "echo" else script
        self.called = 0

    def __call__(self, event: Any, context: asltool.TaskContext) -> Any:
        self.called += 1
        if "send" in self.script:
            context.send_task_success(self.script["send"])
        if "send failure" in self.script:
            context.send_task_failure(*self.script["send failure"])
        if "raise" in self.script:
            raise OutOfStock("no chairs")
        return event if "echo" in self.script else self.script.get("return")


def read() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(CASES.read_text(encoding="utf-8")))


def plain(value: Any) -> Any:
    """Return a response without what the SDK adds."""
    return (
        {key: part for key, part in value.items() if key not in NOT_COMPARED}
        if isinstance(value, dict)
        else value
    )


@pytest.mark.parametrize("case", read(), ids=lambda case: str(case["name"]))
def test_case(case: dict[str, Any]) -> None:
    state = {"Type": "Task", "Resource": case["resource"], "End": True, **case.get("state", {})}
    if "parameters" in case:
        state["Parameters"] = case["parameters"]
    tasks, handlers = asltool.Tasks(), {name: Scripted(script) for name, script in case["handlers"].items()}
    for name, handler in handlers.items():
        tasks.register(name, handler)
    run = asltool.load({"StartAt": "S", "States": {"S": state}}).run({}, tasks=tasks)
    seen = observed(run) | {"called": sum(handler.called for handler in handlers.values())}
    expect = {"status": "SUCCEEDED", **case["expect"]}
    beginning = expect.pop("cause starts with", "")
    assert (run.cause or "").startswith(beginning)
    assert {name: seen[name] for name in expect} == expect


def observed(run: asltool.Run) -> dict[str, Any]:
    events = [event for event in run.history if event["type"].startswith(("Task", "Lambda", "Activity"))]
    submitted = [event["taskSubmittedEventDetails"] for event in events if event["type"] == "TaskSubmitted"]
    return {
        "status": run.status,
        "output": plain(run.output),
        "error": run.error,
        "cause": run.cause,
        "events": [event["type"] for event in events if not event["type"].startswith("TaskState")],
        "submitted": plain(json.loads(submitted[0]["output"])) if submitted else None,
    }
