"""Clients as people have them, each a process: boto3, the AWS CLI, the JavaScript SDK.

The SDK is a package of npm: ``npm install --prefix FOLDER @aws-sdk/client-sfn`` with ``ASLTOOL_NPM=FOLDER``
runs its session.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asltool import TaskContext, TaskFailed, Tasks
from asltool.integrations.handlers import Handlers
from asltool.service.backend import BackendSettings
from asltool.testing.serving import TestServer, serving
from tests.server.test_server import ROLE, created

CLIENTS = Path(__file__).parent / "clients"
NPM = os.environ.get("ASLTOOL_NPM", "")
ACCOUNT = "123456789012"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function"


def task(resource: str, **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, **({"End": True} | more)}


def one_state(state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": state}}


def session(activity: str) -> str:
    """Return what a client is given."""
    states = {"A": task(f"{FUNCTION}:add", Next="B"), "B": {"Type": "Wait", "Seconds": 86400, "End": True}}
    del states["A"]["End"]
    definitions = {
        "order": {"StartAt": "A", "States": states},
        "express": one_state({"Type": "Pass", "Result": "hello", "End": True}),
        "work": one_state(task(activity, TimeoutSeconds=600, HeartbeatSeconds=60)),
        "flaky": one_state(task(f"{FUNCTION}:flaky")),
    }
    role = f"arn:aws:iam::{ACCOUNT}:role/any"
    return json.dumps({"definitions": definitions, "activity": activity, "role": role})


SEEN = {
    "order": ["3", True],
    "pages": [[1, 2], [3, 4], [5, 6], [7, 8], [9]],
    "last": "ExecutionSucceeded",
    "sync": ['"hello"', '"hello"'],
    "poll": None,
    "work": ['{"n":1}', '{"done":true}'],
    "failure": ["Broken", "by hand", "TaskTimedOut"],
    "redrive": 1,
    "stop": "Enough",
    "refused": ["StateMachineDoesNotExist", "ExecutionAlreadyExists", "InvalidArn", "InvalidDefinition"],
}
"""What each client sees."""


@pytest.fixture
def running() -> Iterator[TestServer]:
    tasks, failed = Tasks(), set[str]()

    @tasks.handler("add")
    def add(event: Any, context: TaskContext) -> Any:
        return event["a"] + event["b"]

    @tasks.handler("flaky")
    def flaky(event: Any, context: TaskContext) -> Any:
        if event["key"] not in failed:
            failed.add(event["key"])
            raise TaskFailed("Flaky", "the first time")
        return event

    settings = BackendSettings(skips=True, integrations=[Handlers(tasks)], poll_seconds=0.5)
    with serving(settings) as found:
        yield found


def seen_by(running: TestServer, *command: str | Path, **environment: str) -> Any:
    """Have a client do its session, and return what it saw."""
    activity = running.client().create_activity(name="activity")["activityArn"]
    return answered(running, session(activity), *command, **environment)


def answered(running: TestServer, given: str, *command: str | Path, **environment: str) -> Any:
    """Run a client's session with what it is given, and return what it saw."""
    done = subprocess.run(
        command,
        input=given,
        env={**os.environ, **running.environment, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_boto3(running: TestServer) -> None:
    assert seen_by(running, sys.executable, CLIENTS / "boto3_session.py") == SEEN


@pytest.mark.skipif(importlib.util.find_spec("awscli") is None, reason="awscli is not installed")
def test_the_aws_cli(running: TestServer) -> None:
    assert seen_by(running, sys.executable, CLIENTS / "aws_session.py") == SEEN


@pytest.mark.skipif(importlib.util.find_spec("awscli") is None, reason="awscli is not installed")
def test_the_aws_cli_with_events_and_schedules(running: TestServer) -> None:
    client = running.client()
    machine = created(client, "m", one_state({"Type": "Pass", "End": True}))
    given = json.dumps({"machine": machine, "role": ROLE})
    assert answered(running, given, sys.executable, CLIENTS / "aws_events_session.py") == {
        "put": 0,
        "targets": True,
        "tags": [{"Key": "team", "Value": "data"}],
        "untagged": [],
        "state": "DISABLED",
        "refused": ["ValidationException", "InvalidEventPatternException"],
        "left": [["default"], []],
        "matches": True,
        "group": [{"Key": "a", "Value": "b"}],
        "schedule": ["cron(0 8 ? * MON *)", "America/Los_Angeles"],
        "schedules": ["once"],
        "gone": "ResourceNotFoundException",
        "groups": ["default"],
    }
    assert json.loads(running.ended("m")["input"]) == {"id": 7}


@pytest.mark.skipif(
    shutil.which("node") is None or not Path(NPM, "node_modules/@aws-sdk/client-sfn").is_dir(),
    reason="node, or ASLTOOL_NPM with @aws-sdk/client-sfn, is not here",
)
def test_the_javascript_sdk(running: TestServer) -> None:
    script = shutil.copy(CLIENTS / "sdk.mjs", Path(NPM) / "asltool_session.mjs")
    assert seen_by(running, "node", script, AWS_REGION="us-east-1") == SEEN
