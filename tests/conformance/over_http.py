"""Runs cases through boto3, on a server over HTTP that skips time; tasks go as the case says."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from asltool.driver.jobs import ScriptedOutcomes
from asltool.engine import CallTask, Failed
from asltool.integrations.map_storage import MapStorage
from asltool.service.backend import BackendSettings
from asltool.testing.serving import TestServer, serving
from tests.conformance.cases import (
    ANSWERS,
    NOON,
    Skipped,
    activities_of,
    clock_of,
    definition_of,
    input_of,
    objects_of,
)
from tests.conformance.mocked import Mocked
from tests.conformance.tasks import Functions, Missing, Recorded
from tests.integrations.memory_objects import Memory

__all__ = ["OverHttp", "over_http"]

ACCOUNT = "111111111111"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/case"

_LOGGING = {
    "level": "ALL",
    "includeExecutionData": True,
    "destinations": [
        {"cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:cases:*"}}
    ],
}

_ENDS = {
    "ExecutionAborted": "ABORTED",
    "ExecutionFailed": "FAILED",
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionTimedOut": "TIMED_OUT",
}
"""What the last entry of a log says about the status."""

PATIENCE = 60.0
"""Seconds of real time that an execution has at most."""


class Recording:
    """The surroundings of the case that runs: its time, its tasks and its buckets."""

    def __init__(self) -> None:
        self.missing: Missing | None = None
        self.objects = Memory()
        self.now = NOON
        self._case: dict[str, Any] = {}
        self._tasks = Recorded({})

    def use(self, case: dict[str, Any]) -> None:
        self.missing, self._case = None, case
        self._tasks = Mocked(case) if "mockConfig" in case else Recorded(case)
        self.objects.buckets = objects_of(case).buckets
        self.now = clock_of(case)

    def find(self, call: CallTask) -> Any:
        if self._case["kind"] == "test_state":
            return Functions(self._case).find(call)
        try:
            return ScriptedOutcomes(self._tasks.answer(call))
        except Missing as missing:
            self.missing = missing
            return ScriptedOutcomes([Failed("Missing", str(missing))])


class OverHttp:
    """Observes cases as `tests.conformance.cases.observe` does, with the eyes of a client."""

    def __init__(self, running: TestServer, recording: Recording, log: Path) -> None:
        self._running, self._recording, self._log = running, recording, log
        # The recordings hold requests that a client would refuse.
        self._config = Config(
            parameter_validation=False, inject_host_prefix=False, retries={"total_max_attempts": 1}
        )
        self._clients: dict[str, Any] = {}

    def observe(self, case: dict[str, Any]) -> dict[str, Any]:
        """Run a case; return what happened, in the shape of its expectation.

        Raises:
            Skipped: it needs what asltool or the API does not have.
        """
        reset = urllib.request.Request(f"{self._running.url}/_asltool/reset", method="POST")
        urllib.request.urlopen(reset, timeout=30).close()
        self._recording.use(case)
        observed = self._answer(case) if case["kind"] in ANSWERS else self._execution(case)
        if self._recording.missing is not None:
            raise Skipped(str(self._recording.missing))
        return {"id": case["id"], "kind": case["kind"], **observed}

    def _client(self, account: str) -> Any:
        if account not in self._clients:
            self._clients[account] = self._running.client(config=self._config, aws_access_key_id=account)
        return self._clients[account]

    # One request and its answer.

    def _answer(self, case: dict[str, Any]) -> dict[str, Any]:
        client = self._client(ACCOUNT)
        try:
            if case["kind"] == "test_state":
                return {"response": _tested(client, case)}
            if case.get("operation") == "ValidateStateMachineDefinition":
                answer = client.validate_state_machine_definition(
                    definition=definition_of(case), type=case["type"]
                )
                answer.pop("ResponseMetadata")
                return {"response": answer}
            created = _created(client, case, "case", ROLE)
            shown = client.describe_state_machine(stateMachineArn=created)
        except ClientError as refused:
            error = refused.response["Error"]
            return {"exception": {"code": error["Code"], "message": error["Message"]}}
        references = shown.get("variableReferences")
        return {"response": {"variableReferences": references} if references else {}}

    # Executions.

    def _execution(self, case: dict[str, Any]) -> dict[str, Any]:
        names = case.get("execution", {})
        client = self._client(names["arn"].split(":")[4] if names else ACCOUNT)
        for activity in activities_of(case) or ():
            client.create_activity(name=activity.rpartition(":")[2])
        machine = _created(client, case, names.get("stateMachineName", "case"), names.get("roleArn", ROLE))
        start = {
            "stateMachineArn": machine,
            "name": names.get("name", "case"),
            "input": case.get("inputText") or json.dumps(input_of(case)),
        }
        if case.get("sync"):
            return _outcome(client.start_sync_execution(**start))
        if case["type"] == "EXPRESS":
            return self._logged(client.start_execution(**start)["executionArn"])
        return self._followed(client, client.start_execution(**start)["executionArn"], case["expected"])

    def _followed(self, client: Any, execution: str, expected: dict[str, Any]) -> dict[str, Any]:
        """Return what became of an execution, or of its beginning where the recording ends while it runs."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = client.describe_execution(executionArn=execution)
            if expected["status"] == "RUNNING":
                history = _history(client, execution)[: len(expected.get("history", ()))]
                if len(history) == len(expected.get("history", ())):
                    return {"status": "RUNNING", "history": history}
            elif found["status"] != "RUNNING":
                return {**_outcome(found), "history": _history(client, execution)}
            time.sleep(0.002)
        raise TimeoutError(f"{execution} runs on: {[each['type'] for each in _history(client, execution)]}")

    def _logged(self, execution: str) -> dict[str, Any]:
        """Return what became of an execution that only its log shows."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            text = self._log.read_text(encoding="utf-8") if self._log.exists() else ""
            for entry in map(json.loads, text.splitlines()):
                status = _ENDS.get(entry["type"])
                if status is not None and entry["execution_arn"] == execution:
                    details = {name: entry["details"].get(name) for name in ("output", "error", "cause")}
                    return {"status": status} | {k: v for k, v in details.items() if v is not None}
            time.sleep(0.002)
        raise TimeoutError(f"the log does not show how {execution} ends")


@contextmanager
def over_http() -> Iterator[OverHttp]:
    """Serve, and yield what runs cases there."""
    recording = Recording()
    settings = BackendSettings(
        skips=True,
        integrations=[recording],
        storage=MapStorage(recording.objects),
        time=lambda: recording.now,
    )
    with TemporaryDirectory() as logs, serving(replace(settings, logs=Path(logs))) as running:
        yield OverHttp(running, recording, Path(logs, "cases.jsonl"))


def _created(client: Any, case: dict[str, Any], name: str, role: str) -> str:
    answer = client.create_state_machine(
        name=name,
        definition=definition_of(case),
        roleArn=role,
        type=case.get("type", "STANDARD"),
        loggingConfiguration=_LOGGING,
    )
    return str(answer["stateMachineArn"])


def _tested(client: Any, case: dict[str, Any]) -> dict[str, Any]:
    request = {**case["params"], "definition": definition_of(case)}
    values = {"input": case["input"]} if case.get("input") is not None else {}
    values |= {name: request[name] for name in ("context", "variables") if name in request}
    answer: dict[str, Any] = client.test_state(
        **request | {name: json.dumps(value) for name, value in values.items()}
    )
    answer.pop("ResponseMetadata")
    if "output" in answer:
        answer["output"] = json.loads(answer["output"])
    return answer


def _outcome(found: dict[str, Any]) -> dict[str, Any]:
    outcome = {name: found[name] for name in ("status", "error", "cause") if name in found}
    return outcome | ({"output": json.loads(found["output"])} if "output" in found else {})


def _history(client: Any, execution: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("get_execution_history").paginate(executionArn=execution)
    return [event for page in pages for event in page["events"]]
