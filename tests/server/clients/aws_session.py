"""What tests/server/test_clients.py has a client do, with the AWS CLI; prints what it saw as JSON.

The commands run one after another in this process: the CLI takes a second to load.
"""

from __future__ import annotations

import io
import json
import re
import socket
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from awscli.clidriver import create_clidriver

given = json.load(sys.stdin)
driver = create_clidriver()
resolve = socket.getaddrinfo


def aws(*words: str) -> Any:
    """Run ``aws stepfunctions``, and return its output, or the name of the error."""
    out, error = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(error):
        status = driver.main(["stepfunctions", *words])
    if status:
        refusal = re.search(r"An error occurred \((\w+)\)", error.getvalue())
        assert refusal is not None, error.getvalue()
        return refusal[1]
    return json.loads(out.getvalue() or "null")


def until(status: str, execution: str) -> dict[str, Any]:
    for _ in range(1000):
        found: dict[str, Any] = aws("describe-execution", "--execution-arn", execution)
        if found["status"] == status:
            return found
    raise AssertionError(f"not {status}: {execution}")


machines = {
    name: aws(
        *("create-state-machine", "--name", name, "--role-arn", given["role"]),
        *("--definition", json.dumps(definition)),
        *("--type", "EXPRESS" if name == "express" else "STANDARD"),
    )["stateMachineArn"]
    for name, definition in given["definitions"].items()
}


def start(machine: str, value: Any, *options: str) -> str:
    on = ("--state-machine-arn", machines[machine], "--input", json.dumps(value))
    return str(aws("start-execution", *on, *options)["executionArn"])


def taken(*options: str) -> Any:
    return aws("get-activity-task", "--activity-arn", given["activity"], *options)


seen: dict[str, Any] = {}
order = start("order", {"a": 1, "b": 2}, "--name", "first")
found = until("SUCCEEDED", order)
seen["order"] = [found["output"], isinstance(found["startDate"], str | float)]

history = ("get-execution-history", "--execution-arn", order)
rest, seen["pages"] = list[str](), list[list[int]]()
while not seen["pages"] or rest:
    page = aws(*history, "--page-size", "1", "--max-items", "2", *rest)
    seen["pages"].append([event["id"] for event in page["events"]])
    rest = ["--starting-token", page["NextToken"]] if "NextToken" in page else []
seen["last"] = aws(*history, "--reverse-order", "--query", "events[0].type")

sync = ("start-sync-execution", "--state-machine-arn", machines["express"], "--input", "{}")
seen["sync"] = [aws(*sync)["output"]]


def resolved(host: Any, *rest: Any, **options: Any) -> Any:
    return resolve(str(host).removeprefix("sync-"), *rest, **options)


socket.getaddrinfo = resolved
driver.session.set_config_variable("disable_host_prefix_injection", False)
seen["sync"].append(aws(*sync)["output"])

seen["poll"] = (taken() or {}).get("taskToken")
work = start("work", {"n": 1})
task = taken("--worker-name", "worker")
aws("send-task-heartbeat", "--task-token", task["taskToken"])
aws("send-task-success", "--task-token", task["taskToken"], "--task-output", '{"done":true}')
seen["work"] = [task["input"], until("SUCCEEDED", work)["output"]]

lost = start("work", {"n": 2})
token = taken()["taskToken"]
aws("send-task-failure", "--task-token", token, "--error", "Broken", "--cause", "by hand")
failed = until("FAILED", lost)
seen["failure"] = [failed["error"], failed["cause"], aws("send-task-heartbeat", "--task-token", token)]

again = start("flaky", {"key": "aws"})
until("FAILED", again)
aws("redrive-execution", "--execution-arn", again)
seen["redrive"] = until("SUCCEEDED", again)["redriveCount"]

stopped = start("work", {"n": 3})
aws("stop-execution", "--execution-arn", stopped, "--error", "Enough")
seen["stop"] = until("ABORTED", stopped)["error"]

on = ("--state-machine-arn", machines["order"])
seen["refused"] = [
    aws("start-execution", "--state-machine-arn", f"{machines['order']}s"),
    aws("start-execution", *on, "--name", "first", "--input", "[]"),
    aws("describe-execution", "--execution-arn", "nothing"),
    aws("create-state-machine", "--name", "bad", "--role-arn", given["role"], "--definition", "{}"),
]
print(json.dumps(seen))
