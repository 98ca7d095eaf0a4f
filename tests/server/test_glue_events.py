"""Glue's events about jobs and crawlers that tasks have run start machines."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from asltool import TaskFailed
from asltool.testing.serving import TestServer, server
from tests.server.test_events import PASS
from tests.server.test_server import created, finished

SYNC = "arn:aws:states:::glue:startJobRun.sync"
START = "arn:aws:states:::aws-sdk:glue:startCrawler"
LOOK = "arn:aws:states:::aws-sdk:glue:getCrawler"


def task(resource: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, **more}


JOB: dict[str, Any] = {"StartAt": "A", "States": {"A": task(SYNC, {"JobName": "clean"}, End=True)}}
CRAWL = {
    "StartAt": "Start",
    "States": {
        "Start": task(START, {"Name": "landing"}, Next="First"),
        "First": task(LOOK, {"Name": "landing"}, Next="Second"),
        "Second": task(LOOK, {"Name": "landing"}, Next="Third"),
        "Third": task(LOOK, {"Name": "landing"}, End=True),
    },
}


def events_of(tasks: dict[str, Any], definition: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Run a machine; return its type and detail of each event of Glue, once there are so many."""
    with server(tasks=tasks) as running:
        client, events = running.client(), running.client("events")
        machine, listener = created(client, "m", definition), created(client, "l", PASS)
        events.put_rule(Name="r", EventPattern='{"source": ["aws.glue"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": listener}])
        finished(client, client.start_execution(stateMachineArn=machine)["executionArn"])
        return heard(running, listener, count)


def heard(running: TestServer, listener: str, count: int) -> list[dict[str, Any]]:
    client, until = running.client(), time.monotonic() + 30
    while True:
        found = client.list_executions(stateMachineArn=listener)["executions"]
        if len(found) >= count or time.monotonic() > until:
            break
        time.sleep(0.01)
    texts = [finished(client, each["executionArn"])["input"] for each in reversed(found)]
    return [{"type": event["detail-type"], **event["detail"]} for event in map(json.loads, texts)]


def failing(error: str, cause: str) -> Any:
    def handler(event: Any, context: Any) -> None:
        raise TaskFailed(error, cause)

    return handler


def test_a_job_that_succeeds() -> None:
    result = {"JobRunState": "SUCCEEDED", "Id": "jr_1"}
    assert events_of({SYNC: lambda event, context: result}, JOB, 1) == [
        {
            "type": "Glue Job State Change",
            "jobName": "clean",
            "severity": "INFO",
            "state": "SUCCEEDED",
            "jobRunId": "jr_1",
            "message": "Job run succeeded",
        }
    ]


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("out of memory", ("ERROR", "FAILED", "out of memory")),
        ('{"JobRunState": "TIMEOUT", "JobName": "clean"}', ("WARN", "TIMEOUT", "Job run timed out")),
        ('{"JobRunState": "FAILED", "ErrorMessage": "no access"}', ("ERROR", "FAILED", "no access")),
        ('{"JobRunState": "STOPPED"}', ("INFO", "STOPPED", "Job run stopped")),
    ],
)
def test_a_job_that_fails(cause: str, expected: tuple[str, str, str]) -> None:
    [event] = events_of({SYNC: failing("States.TaskFailed", cause)}, JOB, 1)
    assert event["jobName"] == "clean"
    assert event["jobRunId"].startswith("jr_")
    assert (event["severity"], event["state"], event["message"]) == expected


def test_a_job_that_glue_refuses_to_start_has_not_changed() -> None:
    handlers = {SYNC: failing("Glue.ConcurrentRunsExceededException", "busy")}
    definition = {
        "StartAt": "A",
        "States": {
            "A": {**JOB["States"]["A"], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]},
            "B": task("arn:aws:states:::aws-sdk:glue:startCrawler", {"Name": "c"}, End=True),
        },
    }
    found = events_of({**handlers, START: lambda event, context: {}}, definition, 1)
    assert [(each["type"], each["state"]) for each in found] == [("Glue Crawler State Change", "Started")]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ({"Status": "SUCCEEDED"}, {"state": "Succeeded", "message": "Crawler Succeeded"}),
        (
            {"Status": "FAILED", "ErrorMessage": "no access"},
            {"state": "Failed", "message": "Crawler Failed", "errorMessage": "no access"},
        ),
    ],
)
def test_a_crawler_starts_and_is_seen_to_end(last: dict[str, str], expected: dict[str, str]) -> None:
    states = iter(["RUNNING", "READY", "READY"])

    def look(event: Any, context: Any) -> Any:
        return {"Crawler": {"Name": "landing", "State": next(states), "LastCrawl": last}}

    started, ended = events_of({START: lambda event, context: {}, LOOK: look}, CRAWL, 2)
    assert started.pop("startTime").endswith("Z")
    about = {"type": "Glue Crawler State Change", "accountId": "123456789012", "crawlerName": "landing"}
    assert started == {**about, "state": "Started", "message": "Crawler Started"}
    assert {name: ended[name] for name in (*about, *expected)} == {**about, **expected}
