"""Load on a server: executions of every kind, answers to tokens and activity tasks, changes of machines.

What the server has acknowledged is remembered, and compared with what it has in the end.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.server.load_machines import ACTIVITY, MACHINES
from tests.server.served import PLACE, Api, Refused

__all__ = ["Load"]

ROLE = "arn:aws:iam::123456789012:role/any"
_MANY = [1, 2, 3, 4, 5, 6, 7]
_GONE = (OSError, http.client.HTTPException, json.JSONDecodeError)


class Load:
    """What clients do to one server after the other; ``wrong`` is what they were wrongly answered."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._tokens = folder / "tokens.txt"
        self._chance = chance
        self._lock = threading.Lock()
        self._made = 0
        self._read = 0
        self.started: dict[str, tuple[str, int]] = {}
        self.stopped: set[str] = set()
        self.sent: set[int] = set()
        self.answered: dict[str, int] = {}
        self.versions: list[int] = []
        self.routed = 0
        self.wrong: list[str] = []

    def prepare(self, api: Api) -> None:
        """Create the machines, the activity and the alias."""
        for name, states in MACHINES.items():
            definition = {"StartAt": next(iter(states)), "QueryLanguage": "JSONata", "States": states}
            api("CreateStateMachine", name=name, definition=json.dumps(definition), roleArn=ROLE)
        api("CreateActivity", name="poll")
        version = api("PublishStateMachineVersion", stateMachineArn=_machine("retried"))
        routes = [{"stateMachineVersionArn": version["stateMachineVersionArn"], "weight": 100}]
        api("CreateStateMachineAlias", name="LIVE", routingConfiguration=routes)
        self.versions.append(1)
        self.routed = 1

    def threads(self, url: str, until: threading.Event) -> list[threading.Thread]:
        """Put load on the server at ``url`` until it is gone, or the event is set."""
        works = [self._starts, self._starts, self._answers, self._polls, self._changes]
        found = [threading.Thread(target=self._run, args=(work, url, until)) for work in works]
        for thread in found:
            thread.start()
        return found

    def _run(self, work: Callable[[Api], None], url: str, until: threading.Event) -> None:
        api = Api(url)
        try:
            while not until.is_set():
                work(api)
        except _GONE:
            return  # it was killed
        except Refused as refused:
            self.wrong.append(f"{work.__name__}: {refused}")
        finally:
            api.close()

    def _starts(self, api: Api) -> None:
        with self._lock:
            self._made += 1
            number = self._made
            name = self._chance.choice([*MACHINES, "retried:LIVE"])
            stops = self._chance.random() < 0.05
        arn = api(
            "StartExecution", stateMachineArn=_machine(name), name=f"e{number}", input=f'{{"n": {number}}}'
        )
        self.started[arn["executionArn"]] = name, number
        if stops:
            api("StopExecution", executionArn=arn["executionArn"], error="Stopped")
            self.stopped.add(arn["executionArn"])
        time.sleep(0.005)

    def _answers(self, api: Api) -> None:
        """Answer the tokens that handlers were given, and redrive what has failed."""
        time.sleep(0.02)
        lines = self._tokens.read_bytes().splitlines() if self._tokens.exists() else []
        for line in lines[self._read :]:
            self._answer(api, line.decode())
            self._read += 1
        for arn, (name, _) in list(self.started.items())[-20:]:
            if name == "redriven" and arn not in self.stopped:
                self._redrive(api, arn)

    def _answer(self, api: Api, token: str) -> None:
        nonce = random.getrandbits(40)
        self.sent.add(nonce)
        try:
            api("SendTaskSuccess", taskToken=token, output=str(nonce))
        except Refused as refused:
            if refused.code != "TaskTimedOut":
                raise
        else:
            if token in self.answered:
                self.wrong.append(f"token {token} was answered twice")
            self.answered[token] = nonce

    def _redrive(self, api: Api, arn: str) -> None:
        if api("DescribeExecution", executionArn=arn)["redriveStatus"] == "REDRIVABLE":
            api("RedriveExecution", executionArn=arn)

    def _polls(self, api: Api) -> None:
        task = api("GetActivityTask", activityArn=ACTIVITY)
        if task.get("taskToken"):
            self._answer(api, task["taskToken"])

    def _changes(self, api: Api) -> None:
        """Publish a version, and route the alias to it."""
        time.sleep(0.1)
        comment = {"Comment": str(random.getrandbits(40)), "QueryLanguage": "JSONata"}
        definition = json.dumps({**comment, "StartAt": "Work", "States": MACHINES["retried"]})
        changed = api(
            "UpdateStateMachine", stateMachineArn=_machine("retried"), definition=definition, publish=True
        )
        version = int(changed["stateMachineVersionArn"].rpartition(":")[2])
        self.versions.append(version)
        routes = [{"stateMachineVersionArn": changed["stateMachineVersionArn"], "weight": 100}]
        api(
            "UpdateStateMachineAlias",
            stateMachineAliasArn=_machine("retried:LIVE"),
            routingConfiguration=routes,
        )
        self.routed = version
        old = self.versions[0]
        if len(self.versions) > 20:
            api("DeleteStateMachineVersion", stateMachineVersionArn=_machine(f"retried:{old}"))
            self.versions.remove(old)

    # What has become of it.

    def finish(self, api: Api, seconds: float) -> None:
        """See that everything ends as it must, and that the history of each is whole."""
        until, outputs = time.monotonic() + seconds, set[str | None]()
        everything = [(name, arn) for name in MACHINES for arn in listed(api, name)]
        missing = self.started.keys() - {arn for _, arn in everything}
        assert not missing, f"acknowledged, and not listed: {missing}"
        for name, arn in everything:
            while not _is_over(found := api("DescribeExecution", executionArn=arn), name):
                assert time.monotonic() < until, f"{arn} does not end"
                self._answers(api)
                if name == "polled":
                    self._polls(api)
                if name == "redriven":
                    self._redrive(api, arn)
            self._check_end(found, name)
            outputs.add(found.get("output"))
            check_history(api, arn)
        lost = set(map(str, self.answered.values())) - outputs
        assert not lost, f"answers were taken, and lost: {lost}"
        self._check_machines(api)

    def _check_end(self, found: dict[str, Any], name: str) -> None:
        status, arn, number = found["status"], found["executionArn"], json.loads(found["input"])["n"]
        assert arn not in self.started or self.started[arn][1] == number, f"{arn} has another input"
        if status == "ABORTED":
            assert arn in self.stopped or found.get("error") == "Stopped", f"{arn} was stopped by nobody"
            return
        assert status == "SUCCEEDED", f"{arn} is {found}"
        output = json.loads(found["output"])
        if name in ("asking", "polled"):
            assert output in self.sent, f"{arn} has the output {output}, which was never sent"
        else:
            assert output == (_MANY if name in ("inline", "distributed") else number), f"{arn} is {found}"

    def _check_machines(self, api: Api) -> None:
        versions = api("ListStateMachineVersions", stateMachineArn=_machine("retried"), maxResults=1000)
        arns = [each["stateMachineVersionArn"] for each in versions["stateMachineVersions"]]
        found = {int(arn.rpartition(":")[2]) for arn in arns}
        lost = set(self.versions) - found
        assert not lost, f"versions are lost: {lost}"
        alias = api("DescribeStateMachineAlias", stateMachineAliasArn=_machine("retried:LIVE"))
        routed = int(alias["routingConfiguration"][0]["stateMachineVersionArn"].rpartition(":")[2])
        assert routed >= self.routed, f"the alias is routed to {routed}, not to {self.routed}"


def _machine(name: str) -> str:
    return f"{PLACE}:stateMachine:{name}"


def _is_over(found: dict[str, Any], name: str) -> bool:
    return found["status"] != "RUNNING" and (found["status"] != "FAILED" or name != "redriven")


def listed(api: Api, name: str) -> list[str]:
    """Return the ARNs of a machine's executions."""
    found = list[str]()
    page: dict[str, Any] = {"nextToken": ""}
    while "nextToken" in page:
        token = {"nextToken": page["nextToken"]} if page["nextToken"] else {}
        page = api("ListExecutions", stateMachineArn=_machine(name), maxResults=1000, **token)
        found += [each["executionArn"] for each in page["executions"]]
    return found


def check_history(api: Api, arn: str) -> None:
    """See that the events of an execution have one id after the other, and each a cause before it."""
    events: list[dict[str, Any]] = []
    page: dict[str, Any] = {}
    while not events or "nextToken" in page:
        token = {"nextToken": page["nextToken"]} if page else {}
        page = api("GetExecutionHistory", executionArn=arn, maxResults=50, **token)
        events += page["events"]
    assert [each["id"] for each in events] == list(range(1, len(events) + 1)), f"{arn} has a gap"
    assert all(each["previousEventId"] < each["id"] for each in events), f"{arn} has a cause after its effect"
