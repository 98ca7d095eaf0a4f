"""What every integration is spared: what the service says before a task's end, whoever does it."""

from __future__ import annotations

from typing import Any

import pytest

from asltool import TaskFailed
from asltool.driver.jobs import LATER, Job
from asltool.driver.ports import Answer
from asltool.driver.workers import Workers
from asltool.engine import AskAgain, CallTask, Failed, Heartbeat, Started, Submitted, Succeeded
from asltool.integrations.integration import integration, is_known
from asltool.syntax.resource import Resource

PLAIN = "arn:aws:states:::mqtt:publish"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:a"
TOKEN = "0123456789abcdef" * 4


def reported(work: Any, resource: str = PLAIN, submitted: Any = None) -> list[Answer]:
    """Return all that is reported of a call that this function does."""
    token = None if resource == PLAIN else TOKEN
    call = CallTask(
        task_id=1, state="S", resource=Resource(resource), input={}, token=token, submitted=submitted
    )

    class Whatever:
        def find(self, call: CallTask) -> Any:
            return work

    with Workers(Whatever()) as workers:
        workers.start(1, call, alone=True)
        return [outcome for _, outcome in workers.wait(0)]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (PLAIN, [Succeeded(7)]),
        (PLAIN + ".sync", [Submitted({}), Succeeded(7)]),
        (PLAIN + ".sync:2", [Submitted({}), Succeeded(7)]),
        (PLAIN + ".waitForTaskToken", [Submitted(7)]),
        (ACTIVITY, [Started(None), Succeeded(7)]),
    ],
)
def test_a_function_that_returns_a_result(resource: str, expected: list[Answer]) -> None:
    assert reported(lambda job: 7, resource) == expected


def test_null_is_a_result() -> None:
    assert reported(lambda job: None) == [Succeeded(None)]
    assert reported(lambda job: None, PLAIN + ".waitForTaskToken") == [Submitted({})]


def test_a_job_begins_once_with_its_own_response() -> None:
    def work(job: Job) -> Any:
        job.begin({"id": 1})
        job.begin({"id": 2})
        job.heartbeat()
        return 7

    assert reported(work, PLAIN + ".sync") == [Submitted({"id": 1}), Heartbeat(), Succeeded(7)]
    assert reported(work) == [Heartbeat(), Succeeded(7)]
    assert reported(work, PLAIN + ".sync", submitted={"id": 0}) == [Heartbeat(), Succeeded(7)]


def test_a_failure_comes_without_a_response() -> None:
    def work(job: Job) -> Any:
        raise TaskFailed("Mqtt.Refused", "no")

    for pattern in ("", ".sync", ".waitForTaskToken"):
        assert reported(work, PLAIN + pattern) == [Failed("Mqtt.Refused", "no")]


def test_work_that_goes_on_elsewhere() -> None:
    assert reported(lambda job: LATER, PLAIN + ".sync") == []
    assert reported(lambda job: AskAgain(5), PLAIN + ".sync") == [AskAgain(5)]


def test_a_callback_task_that_was_accepted_is_not_begun_again() -> None:
    assert reported(lambda job: pytest.fail("called again"), PLAIN + ".waitForTaskToken", submitted={}) == []


def test_an_integration_is_a_function() -> None:
    @integration("mqtt:publish", "aws-sdk:iot:publish")
    def publish(job: Job) -> Any:
        return {"sent": job.call.input}

    def call(resource: str) -> CallTask:
        return CallTask(task_id=1, state="S", resource=Resource(resource), input=1)

    known = (PLAIN, PLAIN + ".sync", "arn:aws:states:::aws-sdk:iot:publish")
    unknown = (PLAIN + "Batch", "arn:aws:states:::mqtt:subscribe", ACTIVITY, "publish")
    assert all(is_known([publish], call(resource)) for resource in known)
    assert not any(is_known([publish], call(resource)) for resource in unknown)
    with Workers(publish) as workers:
        workers.start(1, call(PLAIN), alone=False)
        assert workers.wait(None) == [(1, Succeeded({"sent": 1}))]
