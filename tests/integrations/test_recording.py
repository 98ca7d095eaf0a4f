"""What a recording says, line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import asltool
from asltool import Mocks, Recorder, Tasks
from asltool.driver.jobs import Job, ScriptedOutcomes, Work
from asltool.driver.workers import Workers
from asltool.engine import AskAgain, CallTask, Heartbeat, Started, Submitted, Succeeded
from asltool.syntax.resource import Resource

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
SQS = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
GLUE = "arn:aws:states:::glue:startJobRun.sync"


def machine(resource: str, **fields: Any) -> asltool.Machine:
    state = {"Type": "Task", "Resource": resource, "End": True, **fields}
    return asltool.load({"StartAt": "S", "States": {"S": state}})


def lines(path: Path) -> list[dict[str, Any]]:
    first, *others = map(json.loads, path.read_text("utf-8").splitlines())
    assert first == {"asltool": "recording", "version": 1}
    return others


def test_calls_and_how_they_went(tmp_path: Path) -> None:
    tasks = Tasks()

    @tasks.handler("f")
    async def f(event: Any, context: asltool.TaskContext) -> Any:
        if context.attempt == 0:
            raise asltool.TaskFailed("Busy")
        return {"got": event}

    path = tmp_path / "run.jsonl"
    retrying = machine(LAMBDA, Retry=[{"ErrorEquals": ["Busy"]}])
    assert retrying.run({"a": "ä"}, integrations=[Recorder(path, tasks)]).status == "SUCCEEDED"
    about = {"state": "S", "resource": LAMBDA, "input": {"a": "ä"}}
    assert lines(path) == [
        {"call": 1, **about, "attempt": 0},
        {"call": 1, "failed": {"error": "Busy", "cause": ""}},
        {"call": 2, **about, "attempt": 1},
        {"call": 2, "succeeded": {"got": {"a": "ä"}}},
    ]


def test_a_token_that_somebody_else_sends(tmp_path: Path) -> None:
    tasks = Tasks()

    @tasks.handler(SQS)
    def send(event: Any, context: asltool.TaskContext) -> Any:
        context.send_task_heartbeat()
        tasks.send_task_success(event["token"], '"done"')
        return {"MessageId": "1"}

    path = tmp_path / "run.jsonl"
    asking = machine(SQS, Parameters={"token.$": "$$.Task.Token"})
    run = asking.run(integrations=[Recorder(path, tasks)])
    assert run.output == "done"
    assert [line for line in lines(path) if "state" not in line] == [
        {"call": 1, "heartbeat": True},
        {"call": 1, "succeeded": "done"},
        {"call": 1, "submitted": {"MessageId": "1"}},
    ]
    again = asking.run(integrations=[asltool.Replay.load(path)])
    assert again.output == "done"
    assert [event["type"] for event in again.history] == [event["type"] for event in run.history]


def test_a_job_that_is_asked_how_it_stands_is_one_call(tmp_path: Path) -> None:
    class Polled:
        def find(self, call: CallTask) -> Work:
            def work(job: Job) -> Any:
                if call.submitted is None:
                    job.report(Submitted({"JobRunId": "1"}))
                    return AskAgain(60)
                return Succeeded("done")

            return work

    path = tmp_path / "run.jsonl"
    run = machine(GLUE).run(integrations=[Recorder(path, Polled())])
    assert [line for line in lines(path) if "state" not in line] == [
        {"call": 1, "submitted": {"JobRunId": "1"}},
        {"call": 1, "ask_again": 60},
        {"call": 1, "succeeded": "done"},
    ]
    again = machine(GLUE).run(integrations=[asltool.Replay.load(path)], clock=asltool.VirtualClock(0))
    assert again.output == run.output == "done"
    assert [event["timestamp"][14:19] for event in again.history][-3:] == ["01:00"] * 3


def test_what_comes_too_late_is_left_out(tmp_path: Path) -> None:
    class Slow:
        def find(self, call: CallTask) -> Work:
            def work(job: Job) -> Any:
                job.report(Started("w"))
                job.report(Heartbeat())
                job.cancelled.set()
                return Succeeded("late")

            return work

    path = tmp_path / "run.jsonl"
    with Workers(Recorder(path, Slow())) as workers:
        workers.start(1, CallTask(task_id=1, state="S", resource=Resource("f"), input=None), alone=True)
    assert [line for line in lines(path) if "state" not in line] == [
        {"call": 1, "started": "w"},
        {"call": 1, "heartbeat": True},
    ]


def test_what_a_script_has_left_when_it_is_cancelled_is_left_out(tmp_path: Path) -> None:
    class Scripted:
        def __init__(self) -> None:
            self._left: list[list[Any]] = [[Submitted({}), AskAgain(60)], [Succeeded("late")]]

        def find(self, call: CallTask) -> Work:
            return ScriptedOutcomes(self._left.pop(0))

    path = tmp_path / "run.jsonl"
    run = machine(GLUE, TimeoutSeconds=30).run(integrations=[Recorder(path, Scripted())])
    assert run.error == "States.Timeout"
    assert [line for line in lines(path) if "state" not in line] == [
        {"call": 1, "submitted": {}},
        {"call": 1, "ask_again": 60},
    ]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_failure_that_is_raised(is_async: bool, tmp_path: Path) -> None:
    class Failing:
        def find(self, call: CallTask) -> Work:
            def work(job: Job) -> Any:
                raise asltool.TaskFailed("Busy", "later")

            async def later(job: Job) -> Any:
                return work(job)

            return later if is_async else work

    path = tmp_path / "run.jsonl"
    run = machine(LAMBDA).run(integrations=[Recorder(path, Failing())])
    assert (run.error, run.cause) == ("Busy", "later")
    assert lines(path)[1:] == [{"call": 1, "failed": {"error": "Busy", "cause": "later"}}]


def test_what_nobody_does_is_not_recorded(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "run.jsonl", Mocks())
    assert recorder.find(CallTask(task_id=1, state="S", resource=Resource("f"), input=None)) is None
    assert lines(tmp_path / "run.jsonl") == []
