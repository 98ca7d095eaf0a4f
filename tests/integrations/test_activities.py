"""Activities whose tasks are taken by workers in other threads."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import asltool
from asltool import Tasks, TaskTimedOut
from asltool.driver.workers import Workers
from asltool.engine import CallTask
from asltool.integrations.activities import ActivityTask
from asltool.integrations.handlers import Handlers
from asltool.syntax.resource import Resource

ARN = "arn:aws:states:us-east-1:123456789012:activity:approve"


def machine(**state: Any) -> asltool.Machine:
    task = {"Type": "Task", "Resource": ARN, "End": True, **state}
    return asltool.load({"StartAt": "Approve", "States": {"Approve": task}})


@contextmanager
def worker(tasks: Tasks, work: Callable[[ActivityTask], None], name: str | None = "joe") -> Iterator[None]:
    """Have one task taken and worked on in another thread."""
    activity = tasks.activity("approve")

    def take() -> None:
        task = activity.get_task(name, timeout=30)
        assert task is not None
        work(task)

    thread = threading.Thread(target=take)
    thread.start()
    yield
    thread.join()


def details(run: asltool.Run, kind: str) -> dict[str, Any]:
    event = next(event for event in run.history if event["type"] == kind)
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def test_a_worker_takes_the_task_and_succeeds() -> None:
    tasks = Tasks()

    def work(task: ActivityTask) -> None:
        task.heartbeat()
        task.succeed({"got": task.input})

    with worker(tasks, work):
        run = machine(TimeoutSeconds=3600, HeartbeatSeconds=600).run({"a": 1}, tasks=tasks)
    assert run.output == {"got": {"a": 1}}
    assert [event["type"] for event in run.history][2:-2] == [
        "ActivityScheduled",
        "ActivityStarted",
        "ActivitySucceeded",
    ]
    assert details(run, "ActivityStarted") == {"workerName": "joe"}


def test_a_worker_without_a_name_fails_the_task() -> None:
    tasks = Tasks()
    with worker(tasks, lambda task: task.fail("Refused", "no"), name=None):
        run = machine().run({}, tasks=tasks)
    assert (run.error, run.cause) == ("Refused", "no")
    assert details(run, "ActivityStarted") == {}


def test_the_clock_stands_while_a_worker_is_expected() -> None:
    tasks = Tasks()
    clock = asltool.VirtualClock(0)
    with worker(tasks, lambda task: task.succeed(1)):
        machine(TimeoutSeconds=3600).run({}, tasks=tasks, clock=clock)
    assert clock.now() == 0


def test_the_names_of_boto3() -> None:
    tasks = Tasks()
    tasks.activity(ARN)

    def take() -> None:
        response = tasks.get_activity_task(activityArn=ARN, workerName="joe")
        output = json.dumps({"got": json.loads(response["input"])})
        tasks.send_task_success(taskToken=response["taskToken"], output=output)

    thread = threading.Thread(target=take)
    thread.start()
    assert machine().run({"a": 1}, tasks=tasks).output == {"got": {"a": 1}}
    thread.join()


def test_there_may_be_no_task() -> None:
    assert Tasks().activity(ARN).get_task(timeout=0) is None


def test_an_activity_is_the_same_under_its_arn_and_its_name() -> None:
    tasks = Tasks()
    assert tasks.activity(ARN) is tasks.activity("approve")
    assert tasks.find_activity(ARN) is tasks.activity("approve")
    assert tasks.find_activity("arn:aws:states:us-east-1:123456789012:activity:other") is None


def test_a_task_that_nobody_wants_any_more_is_passed_over() -> None:
    tasks = Tasks()
    activity = tasks.activity("approve")
    with Workers(Handlers(tasks)) as workers:
        for ticket in (5, 6, 7):
            call = CallTask(task_id=ticket, state="Approve", resource=Resource(ARN), input=ticket)
            workers.start(ticket, call, alone=False)
        first = activity.get_task(timeout=30)
        assert first is not None
        workers.cancel(5)
        workers.cancel(6)
        with pytest.raises(TaskTimedOut):
            first.succeed({})
        task = activity.get_task(timeout=30)
        assert task is not None
        assert task.input == 7
        assert activity.get_task(timeout=0) is None
        assert workers.busy


def test_without_a_worker_the_error_says_what_to_write() -> None:
    with pytest.raises(asltool.NoHandler, match=r'tasks\.activity\("approve"\)\.get_task\(\)$'):
        machine().run({}, tasks=Tasks())
