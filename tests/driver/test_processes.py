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

from asltool.driver.jobs import Integration
from asltool.errors import NoHandler, OptionError, WorkerError
from asltool.integrations.executions import Executions
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_runs import MapRuns
from asltool.integrations.tasks import Tasks
from asltool.machine import loads
from asltool.store.checkpoint import Checkpoints

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:do"
INNER: dict[str, Any] = {
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


def elsewhere(folder: Path, processes: int) -> MapRuns:
    return MapRuns(processes=processes, integrations=partial(make, str(folder), os.getpid()))


def test_children_run_elsewhere_with_all_that_they_have_here(tmp_path: Path) -> None:
    machine = loads(json.dumps({"StartAt": "Outer", "States": {"Outer": OUTER}}))
    items = [[1, 2], ["bad"], [], [3]]
    run = machine.run(items, map_runs=elsewhere(tmp_path, 2), seed=7)
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
        map_runs=elsewhere(tmp_path, 2),
        name="n",
    )
    state = tmp_path / "state"
    with pytest.raises(WorkerError, match='a process that ran children of Map state "Each" was killed'):
        go(checkpoints=Checkpoints(state))
    run = go(checkpoints=Checkpoints(state, resume=True))
    assert run.output == [[item, "Do"] for item in items]
    calls = (tmp_path / "calls").read_text(encoding="utf-8").split()
    assert sorted(map(int, calls)) == items


def test_processes_need_to_know_who_does_the_tasks() -> None:
    with pytest.raises(OptionError) as refused:
        MapRuns(processes=2)
    message = "processes needs integrations, a picklable callable that returns each worker's integrations"
    assert str(refused.value) == message


def nobody() -> Sequence[Integration]:
    return []


def test_what_goes_wrong_there_is_told_here() -> None:
    machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": INNER}}))
    with pytest.raises(NoHandler, match=f'no handler for "{LAMBDA}", the Resource of state "Do"'):
        machine.run([1], map_runs=MapRuns(processes=1, integrations=nobody))


def test_machines_that_are_started_have_their_children_run_elsewhere_too(tmp_path: Path) -> None:
    """Whatever name an execution goes by, and though both machines have a Map of the same name."""
    child = loads(json.dumps({"StartAt": "Each", "States": {"Each": INNER}}), "child.asl.json")
    arns = ("child", "arn:aws:states:us-east-1:123456789012:stateMachine:ship")
    start = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}
    branches = [
        {"StartAt": arn, "States": {arn: {**start, "Parameters": {"StateMachineArn": arn, "Input": [item]}}}}
        for item, arn in enumerate(arns)
    ]
    each = {**INNER, "Label": "Mine", "Next": "P", "ResultPath": None}
    del each["End"]
    parallel = {"Type": "Parallel", "Branches": branches, "ResultSelector": {"all.$": "$[*].Output"}}
    machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": each, "P": {**parallel, "End": True}}}))
    run = machine.run(
        [2],
        integrations=[Executions({"child": child, arns[1]: child})],
        map_runs=elsewhere(tmp_path, 1),
    )
    assert run.output == {"all": [[[0, "Do"]], [[1, "Do"]]]}
    assert sorted((tmp_path / "calls").read_text(encoding="utf-8").split()) == ["0", "1", "2"]


def test_machines_of_the_same_name_are_not_mixed_up(tmp_path: Path) -> None:
    """Their executions look alike, but each has its own definition."""
    text = json.dumps({"StartAt": "Each", "States": {"Each": INNER}})
    child = loads(
        text.replace('"Type": "Task"', '"Type": "Pass"').replace(f'"Resource": "{LAMBDA}", ', ""), "a"
    )
    resource = "arn:aws:states:::states:startExecution.sync:2"
    start = {"Type": "Task", "Resource": resource, "Parameters": {"StateMachineArn": "a", "Input": [1]}}
    states = {"Start": {**start, "OutputPath": "$.Output", "Next": "Each"}, "Each": INNER}
    machine = loads(json.dumps({"StartAt": "Start", "States": states}), "a")
    run = machine.run(integrations=[Executions({"a": child})], map_runs=elsewhere(tmp_path, 1))
    assert run.output == [[1, "Do"]]
