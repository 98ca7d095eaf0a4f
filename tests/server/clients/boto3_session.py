"""What tests/server/test_clients.py has a client do, with boto3; prints what it saw as JSON."""

from __future__ import annotations

import datetime
import json
import socket
import sys
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

given = json.load(sys.stdin)
client = boto3.client("stepfunctions")
resolve = socket.getaddrinfo


def resolved(host: Any, *rest: Any, **options: Any) -> Any:
    return resolve(str(host).removeprefix("sync-"), *rest, **options)


socket.getaddrinfo = resolved
prefixed = boto3.client("stepfunctions", config=Config(inject_host_prefix=True))


def refused(operation: str, **request: Any) -> str:
    try:
        getattr(client, operation)(**request)
    except ClientError as problem:
        return type(problem).__name__  # an error that the client knows has a class of its own
    return "nothing"


def until(status: str, execution: str) -> dict[str, Any]:
    for _ in range(1000):
        found: dict[str, Any] = client.describe_execution(executionArn=execution)
        if found["status"] == status:
            return found
    raise AssertionError(f"not {status}: {execution}")


machines = {
    name: client.create_state_machine(
        name=name,
        definition=json.dumps(definition),
        roleArn=given["role"],
        type="EXPRESS" if name == "express" else "STANDARD",
    )["stateMachineArn"]
    for name, definition in given["definitions"].items()
}


def start(machine: str, value: Any, **options: str) -> str:
    started = client.start_execution(stateMachineArn=machines[machine], input=json.dumps(value), **options)
    return str(started["executionArn"])


seen: dict[str, Any] = {}
order = start("order", {"a": 1, "b": 2}, name="first")
found = until("SUCCEEDED", order)
seen["order"] = [found["output"], isinstance(found["startDate"], datetime.datetime)]

pages = client.get_paginator("get_execution_history").paginate(
    executionArn=order, PaginationConfig={"PageSize": 2}
)
seen["pages"] = [[event["id"] for event in page["events"]] for page in pages]
last = client.get_execution_history(executionArn=order, reverseOrder=True, maxResults=1)
seen["last"] = last["events"][0]["type"]

seen["sync"] = [
    each.start_sync_execution(stateMachineArn=machines["express"], input="{}")["output"]
    for each in (client, prefixed)
]

seen["poll"] = client.get_activity_task(activityArn=given["activity"]).get("taskToken")
work = start("work", {"n": 1})
task = client.get_activity_task(activityArn=given["activity"], workerName="worker")
client.send_task_heartbeat(taskToken=task["taskToken"])
client.send_task_success(taskToken=task["taskToken"], output='{"done":true}')
seen["work"] = [task["input"], until("SUCCEEDED", work)["output"]]

lost = start("work", {"n": 2})
token = client.get_activity_task(activityArn=given["activity"])["taskToken"]
client.send_task_failure(taskToken=token, error="Broken", cause="by hand")
failed = until("FAILED", lost)
seen["failure"] = [failed["error"], failed["cause"], refused("send_task_heartbeat", taskToken=token)]

again = start("flaky", {"key": "boto3"})
until("FAILED", again)
client.redrive_execution(executionArn=again)
seen["redrive"] = until("SUCCEEDED", again)["redriveCount"]

stopped = start("work", {"n": 3})
client.stop_execution(executionArn=stopped, error="Enough")
seen["stop"] = until("ABORTED", stopped)["error"]

seen["refused"] = [
    refused("start_execution", stateMachineArn=f"{machines['order']}s"),
    refused("start_execution", stateMachineArn=machines["order"], name="first", input="[]"),
    refused("describe_execution", executionArn="nothing"),
    refused("create_state_machine", name="bad", roleArn=given["role"], definition="{}"),
]
print(json.dumps(seen))
