"""Children in processes of their own."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from asltool.errors import InputError, TasksError
from asltool.integrations.handlers import Handlers
from asltool.integrations.jobs import Integration
from asltool.integrations.tasks import Tasks
from asltool.machine import loads

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:do"
INNER = {
    "Type": "Map",
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Do",
        "States": {"Do": {"Type": "Task", "Resource": LAMBDA, "End": True}},
    },
    "End": True,
}
OUTER = {
    **INNER,
    "ToleratedFailureCount": 1,
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Inner",
        "States": {"Inner": INNER},
    },
}


def make(folder: str, parent: int) -> Sequence[Integration]:
    """Return what does the tasks; it notes each, and kills its process once for a 13."""
    tasks = Tasks()

    @tasks.handler("do")
    def do(event: Any, context: Any) -> Any:
        assert os.getpid() != parent
        marker = Path(folder, "killed")
        if event == 13 and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        with Path(folder, "calls").open("a", encoding="utf-8") as file:
            file.write(f"{event}\n")
        if event == "bad":
            raise ValueError("bad")
        return [event, context.state]

    return [Handlers(tasks)]


def test_children_run_elsewhere_with_all_that_they_have_here(tmp_path: Path) -> None:
    machine = loads(json.dumps({"StartAt": "Outer", "States": {"Outer": OUTER}}))
    items = [[1, 2], ["bad"], [], [3]]
    run = machine.run(items, processes=2, remake=partial(make, str(tmp_path), os.getpid()), seed=7)
    assert run.status == "SUCCEEDED"
    assert [run.output[0], run.output[2], run.output[3]] == [[[1, "Do"], [2, "Do"]], [], [[3, "Do"]]]
    assert run.output[1]["Error"] == "States.ExceedToleratedFailureThreshold"
    (failed,) = run.map_runs[0].failed
    assert failed.input == ["bad"]
    assert [event["type"] for event in failed.history][-2:] == ["MapStateFailed", "ExecutionFailed"]
    assert failed.history[0]["executionStartedEventDetails"]["input"] == '["bad"]'


def test_a_process_that_is_killed_is_told_of_and_loses_nothing(tmp_path: Path) -> None:
    machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": {**INNER, "MaxConcurrency": 1}}}))
    go = partial(
        machine.run,
        items := list(range(20)),
        processes=2,
        remake=partial(make, str(tmp_path), os.getpid()),
        name="n",
        state_dir=tmp_path / "state",
    )
    with pytest.raises(TasksError, match='a process that ran children of Map state "Each" was killed'):
        go()
    run = go(resume=True)
    assert run.output == [[item, "Do"] for item in items]
    calls = (tmp_path / "calls").read_text(encoding="utf-8").split()
    assert sorted(map(int, calls)) == items


def test_processes_need_to_know_who_does_the_tasks() -> None:
    with pytest.raises(InputError, match="processes need remake"):
        loads(json.dumps({"StartAt": "Each", "States": {"Each": INNER}})).run([], processes=2)


def nobody() -> Sequence[Integration]:
    return []


def test_what_goes_wrong_there_is_told_here() -> None:
    machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": INNER}}))
    with pytest.raises(TasksError, match=f'no handler for "{LAMBDA}", the Resource of state "Do"'):
        machine.run([1], processes=1, remake=nobody)
