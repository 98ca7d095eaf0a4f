"""The API over HTTP, asked by boto3 and by plain requests."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from asltool import TaskContext
from asltool.driver.jobs import Job
from asltool.engine.effects import CallTask, Succeeded
from asltool.errors import DefinitionError
from asltool.testing.serving import TestServer, server

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
ROLE = "arn:aws:iam::123456789012:role/any"


def add(event: Any, context: TaskContext) -> Any:
    return event["a"] + event["b"]


@pytest.fixture(scope="module")
def running() -> Iterator[TestServer]:
    with server(tasks={"add": add}) as found:
        yield found


def ask(
    running: TestServer, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send a request; ``_`` in the names of headers stands for ``-``."""
    address = urlsplit(running.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def created(client: Any, name: str, definition: dict[str, Any], **options: Any) -> str:
    answer = client.create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE, **options
    )
    return str(answer["stateMachineArn"])


def finished(client: Any, execution: str) -> dict[str, Any]:
    for _ in range(1000):
        found: dict[str, Any] = client.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0)
    raise AssertionError("the execution does not end")


def test_boto3_creates_starts_and_reads(running: TestServer) -> None:
    client = running.client()
    states = {
        "Add": {"Type": "Task", "Resource": f"{FUNCTION}:add", "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 86400, "End": True},
    }
    machine = created(client, "adding", {"StartAt": "Add", "States": states})
    execution = client.start_execution(stateMachineArn=machine, name="one", input='{"a": 1, "b": 2}')
    found = finished(client, execution["executionArn"])
    assert (found["status"], found["output"]) == ("SUCCEEDED", "3")
    assert (found["stopDate"] - found["startDate"]).total_seconds() >= 86400
    pages = client.get_paginator("get_execution_history").paginate(
        executionArn=execution["executionArn"], PaginationConfig={"PageSize": 2}
    )
    types = [event["type"] for page in pages for event in page["events"]]
    assert (types[0], types[-1], len(types)) == ("ExecutionStarted", "ExecutionSucceeded", 9)


def test_dates_are_those_of_the_events(running: TestServer) -> None:
    client = running.client()
    states = {"A": {"Type": "Wait", "Seconds": 5, "Next": "B"}, "B": {"Type": "Pass", "End": True}}
    machine = created(client, "dated", {"StartAt": "A", "States": states})
    for _ in range(20):
        started = client.start_execution(stateMachineArn=machine)
        found = finished(client, started["executionArn"])
        events = client.get_execution_history(executionArn=started["executionArn"])["events"]
        assert started["startDate"] == found["startDate"] == events[0]["timestamp"]
        assert found["stopDate"] == events[-1]["timestamp"]


def test_express_executions_answer_at_once(running: TestServer) -> None:
    client = running.client()
    states = {"Hello": {"Type": "Pass", "Result": "hello", "End": True}}
    machine = created(client, "express", {"StartAt": "Hello", "States": states}, type="EXPRESS")
    answer = client.start_sync_execution(stateMachineArn=machine)
    assert (answer["status"], answer["output"]) == ("SUCCEEDED", '"hello"')


def test_errors_are_those_of_the_client(running: TestServer) -> None:
    client = running.client()
    with pytest.raises(client.exceptions.StateMachineDoesNotExist) as missing:
        client.start_execution(stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:missing")
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert missing.value.response["ResponseMetadata"]["RequestId"]


def test_an_account_and_a_region_do_not_see_the_machines_of_another(running: TestServer) -> None:
    states = {"Done": {"Type": "Succeed"}}
    created(running.client(), "mine", {"StartAt": "Done", "States": states})
    for other in ({"aws_access_key_id": "999999999999"}, {"region_name": "eu-west-1"}):
        assert running.client(**other).list_state_machines()["stateMachines"] == []


def test_a_task_without_a_handler_fails_its_execution(running: TestServer) -> None:
    client = running.client()
    states = {"Lost": {"Type": "Task", "Resource": f"{FUNCTION}:nowhere", "End": True}}
    machine = created(client, "lost", {"StartAt": "Lost", "States": states})
    found = finished(client, client.start_execution(stateMachineArn=machine)["executionArn"])
    assert (found["status"], found["error"]) == ("FAILED", "States.Runtime")
    assert found["cause"].startswith(f'no handler for "{FUNCTION}:nowhere", the Resource of state "Lost"')


class Bug:
    """Ends a task with what is not JSON, which no integration of asltool does."""

    def find(self, call: CallTask) -> Any:
        return self._work

    async def _work(self, job: Job) -> Succeeded:
        return Succeeded(object())


def test_a_bug_blocks_its_execution_and_no_other() -> None:
    with server(integrations=[Bug()]) as running:
        client = running.client()
        states = {"Lost": {"Type": "Task", "Resource": f"{FUNCTION}:lost", "End": True}}
        machine = created(client, "lost", {"StartAt": "Lost", "States": states})
        execution = client.start_execution(stateMachineArn=machine)["executionArn"]
        for _ in range(1000):
            health = json.loads(ask(running, "GET", "/_asltool/health")[2])
            if health["blocked"]:
                break
        assert (health["running"], health["blocked"]) == (0, 1)
        assert client.describe_execution(executionArn=execution)["status"] == "RUNNING"
        passing = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
        good = created(client, "good", passing)
        started = client.start_execution(stateMachineArn=good)["executionArn"]
        assert finished(client, started)["status"] == "SUCCEEDED"
        client.stop_execution(executionArn=execution)
        assert client.describe_execution(executionArn=execution)["status"] == "ABORTED"
        express = created(client, "express-lost", {"StartAt": "Lost", "States": states}, type="EXPRESS")
        target = {"X_Amz_Target": "AWSStepFunctions.StartSyncExecution"}
        body = json.dumps({"stateMachineArn": express}).encode()
        status, _, answer = ask(running, "POST", "/", body, **target)
        assert (status, json.loads(answer)["__type"]) == (500, "InternalServerError")


def test_a_server_ends_although_a_handler_does_not() -> None:
    over, begun = threading.Event(), threading.Event()

    def stuck(event: Any, context: TaskContext) -> None:
        begun.set()
        assert over.wait(600)

    with server(tasks={"stuck": stuck}) as running:
        client = running.client()
        states = {"A": {"Type": "Task", "Resource": f"{FUNCTION}:stuck", "End": True}}
        client.start_execution(stateMachineArn=created(client, "stuck", {"StartAt": "A", "States": states}))
        assert begun.wait(60)
    over.set()


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"X_Amz_Target": "AWSStepFunctions.Nothing"}, b"{}", 404, "UnknownOperationException"),
        ({}, b"{}", 404, "UnknownOperationException"),
        ({"X_Amz_Target": "AWSStepFunctions.ListActivities"}, b"[]", 400, "SerializationException"),
        ({"X_Amz_Target": "AWSStepFunctions.ListActivities"}, b"\xff", 400, "SerializationException"),
        ({"X_Amz_Target": "AWSStepFunctions.DescribeActivity"}, b"", 400, "ValidationException"),
        ({"Host": "evil.example"}, b"{}", 403, "AccessDeniedException"),
        ({"Origin": "https://evil.example"}, b"{}", 403, "AccessDeniedException"),
    ],
)
def test_refusals_have_the_shape_of_the_service(
    running: TestServer, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    found, _, answer = ask(running, "POST", "/", body, **headers)
    assert (found, json.loads(answer)["__type"]) == (status, code)


def test_a_body_has_a_limit(running: TestServer) -> None:
    status, _, answer = ask(
        running, "POST", "/", b" " * (8 * 1024 * 1024 + 1), X_Amz_Target="AWSStepFunctions.ListActivities"
    )
    assert status == 413
    assert json.loads(answer)["message"] == "a body has at most 8388608 bytes"
    assert ask(running, "POST", "/_asltool/time", b" " * (8 * 1024 * 1024 + 1))[0] == 413


def test_the_root_leads_to_what_asltool_serves_itself(running: TestServer) -> None:
    status, headers, _ = ask(running, "GET", "/")
    assert (status, headers["location"]) == (307, "/_asltool/")
    health = json.loads(ask(running, "GET", "/_asltool/health")[2])
    assert {"status", "version", "running", "blocked"} == set(health)
    running.client().list_state_machines()
    assert b"asltool_request_duration_seconds_bucket" in ask(running, "GET", "/_asltool/metrics")[2]


def metrics(running: TestServer) -> dict[str, float]:
    """Return the counters and gauges of a server, without the latencies."""
    lines = ask(running, "GET", "/_asltool/metrics")[2].decode().splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if line.startswith(("asltool_ex", "asltool_steps"))]
    return {name: float(value) for name, value in pairs if "_created" not in name}


def test_executions_are_counted() -> None:
    with server() as running:
        client = running.client()
        states: dict[str, Any] = {"A": {"Type": "Pass", "End": True}}
        machine = created(client, "passing", {"StartAt": "A", "States": states})
        for name in ("one", "two"):
            finished(client, client.start_execution(stateMachineArn=machine, name=name)["executionArn"])
        states = {"A": {"Type": "Fail"}}
        machine = created(client, "failing", {"StartAt": "A", "States": states}, type="EXPRESS")
        client.start_sync_execution(stateMachineArn=machine)
        activity = client.create_activity(name="open")["activityArn"]
        states = {"A": {"Type": "Task", "Resource": activity, "End": True}}
        machine = created(client, "waiting", {"StartAt": "A", "States": states})
        client.start_execution(stateMachineArn=machine)
        assert metrics(running) == {
            "asltool_executions_started_total": 4,
            'asltool_executions_ended_total{status="succeeded"}': 2,
            'asltool_executions_ended_total{status="failed"}': 1,
            'asltool_executions_ended_total{status="timed_out"}': 0,
            'asltool_executions_ended_total{status="aborted"}': 0,
            "asltool_executions_running": 1,
            "asltool_executions_blocked": 0,
            "asltool_steps_total": 4,
        }
        page = ask(running, "GET", "/_asltool/metrics")[2]
        assert b'request_duration_seconds_count{operation="StartExecution"} 3.0' in page


def test_time_can_be_moved_on() -> None:
    states = {"Rest": {"Type": "Wait", "Seconds": 3600, "End": True}}
    with server(time="real") as running:
        client = running.client()
        machine = created(client, "resting", {"StartAt": "Rest", "States": states})
        execution = client.start_execution(stateMachineArn=machine)["executionArn"]
        assert client.describe_execution(executionArn=execution)["status"] == "RUNNING"
        status, _, answer = ask(running, "POST", "/_asltool/time", b'{"jump": 3600}')
        assert (status, json.loads(answer)["mode"]) == (200, "real")
        assert finished(client, execution)["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"mode": "fast"}',
        b'{"jump": -1}',
        b'{"jump": true}',
        b'{"jump": 1e999}',
        b'{"when": 1}',
        b"\xff",
    ],
)
def test_time_refuses_what_it_does_not_know(running: TestServer, body: bytes) -> None:
    status, _, answer = ask(running, "POST", "/_asltool/time", body)
    assert status == 400
    assert json.loads(answer)["message"]


def test_a_reset_removes_everything() -> None:
    with server() as running:
        client = running.client()
        states = {"Rest": {"Type": "Wait", "Seconds": 3600, "End": True}}
        machine = created(client, "resting", {"StartAt": "Rest", "States": states})
        client.start_execution(stateMachineArn=machine)
        assert ask(running, "POST", "/_asltool/reset")[0] == 200
        assert client.list_state_machines()["stateMachines"] == []
        with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
            client.start_execution(stateMachineArn=machine)


def test_definitions_are_created_and_updated(tmp_path: Path) -> None:
    file = tmp_path / "orders.asl.json"
    file.write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', encoding="utf-8")
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
    with server(file, data=tmp_path / "data") as running:
        first = running.client().describe_state_machine(stateMachineArn=arn)
    file.write_text('{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}', encoding="utf-8")
    with server(file, data=tmp_path / "data") as running:
        second = running.client().describe_state_machine(stateMachineArn=arn)
    assert json.loads(second["definition"])["StartAt"] == "B"
    assert second["revisionId"] != first.get("revisionId")
    with server(data=tmp_path / "data") as running:
        names = [each["name"] for each in running.client().list_state_machines()["stateMachines"]]
    assert names == ["orders"]


def test_a_definition_with_errors_is_refused_before_the_server_starts(tmp_path: Path) -> None:
    file = tmp_path / "orders.asl.json"
    file.write_text('{"StartAt": "A", "States": {}}', encoding="utf-8")
    with pytest.raises(DefinitionError), server(file):
        pass


def test_what_runs_goes_on_after_the_server_ends(tmp_path: Path) -> None:
    states = {"Rest": {"Type": "Wait", "Seconds": 3600, "Next": "Done"}, "Done": {"Type": "Succeed"}}
    with server(data=tmp_path, time="real") as running:
        client = running.client()
        machine = created(client, "resting", {"StartAt": "Rest", "States": states})
        execution = client.start_execution(stateMachineArn=machine, name="one")["executionArn"]
    with server(data=tmp_path) as running:
        client = running.client()
        assert finished(client, execution)["status"] == "SUCCEEDED"
        events = client.get_execution_history(executionArn=execution)["events"]
        assert [event["id"] for event in events] == [1, 2, 3, 4, 5, 6]


def test_the_fixture(stepfunctions: TestServer) -> None:
    assert stepfunctions.client().list_state_machines()["stateMachines"] == []
    assert stepfunctions.environment["AWS_ENDPOINT_URL_SFN"] == stepfunctions.url
