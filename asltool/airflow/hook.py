"""Calls to the Step Functions API of ``asltool serve``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from airflow.sdk import BaseHook

from asltool.airflow.naming import numbered
from asltool.airflow.protocol import TIMEOUT, answer, parts, unreachable
from asltool.airflow.saved import ended_in_fail
from asltool.errors import RequestError
from asltool.expr.values import dumps

__all__ = ["StateMachineHook"]

_ROLE = "arn:aws:iam::123456789012:role/airflow"
_LAST_EVENTS = 100


class StateMachineHook(BaseHook):
    """Calls ``asltool serve`` at ``server_url``, or where the Airflow connection ``conn_id`` says.

    For Step Functions on AWS, use the hook of Airflow's provider for Amazon.
    """

    def __init__(self, server_url: str | None = None, *, conn_id: str = "asltool_default") -> None:
        super().__init__()
        self.conn_id = conn_id
        self._server_url = server_url

    @property
    def server_url(self) -> str:
        """The address of the server, without a slash at its end."""
        if self._server_url is None:
            found = self.get_connection(self.conn_id)
            port = "" if found.port is None else f":{found.port}"
            self._server_url = f"{found.schema or 'http'}://{found.host}{port}"
        return self._server_url.rstrip("/")

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        """Return the answer to an operation, such as ``DescribeExecution``.

        Raises:
            RequestError: the server refused it, or cannot be reached.
        """
        try:
            return answer(httpx.post(self.server_url, timeout=TIMEOUT, **parts(operation, request)))
        except httpx.TransportError as problem:
            raise unreachable(self.server_url, problem) from problem

    def describe(self, execution_arn: str) -> dict[str, Any]:
        """Return an execution as DescribeExecution returns it."""
        return self.call("DescribeExecution", executionArn=execution_arn)

    def history(self, execution_arn: str) -> Iterator[dict[str, Any]]:
        """Yield the events of an execution, the oldest first."""
        return self._pages("GetExecutionHistory", "events", executionArn=execution_arn)

    def stop(self, execution_arn: str, cause: str) -> None:
        """Stop an execution; if it has ended, nothing changes."""
        self.call("StopExecution", executionArn=execution_arn, error="Airflow.TaskStopped", cause=cause)

    def put_machine(self, name: str, definition: Any) -> str:
        """Create a state machine of this name, or update it if it differs, and return its ARN."""
        text = dumps(definition)
        try:
            return str(
                self.call("CreateStateMachine", name=name, definition=text, roleArn=_ROLE)["stateMachineArn"]
            )
        except RequestError as problem:
            if problem.code != "StateMachineAlreadyExists":
                raise
        machines = self._pages("ListStateMachines", "stateMachines")
        arn = str(next(each["stateMachineArn"] for each in machines if each["name"] == name))
        self.call("UpdateStateMachine", stateMachineArn=arn, definition=text)
        return arn

    def start(self, machine_arn: str, name: str, input: Any) -> str:
        """Start an execution or continue the one of this name, and return its ARN.

        A running execution continues. A failed one is redriven, unless it ended in a Fail state, which it
        would only enter again. Otherwise a number is added to the name: ``-2`` and so on.
        """
        *place, _, machine = machine_arn.split(":")[:7]
        for each in numbered(name):
            arn = ":".join([*place, "execution", machine, each])
            found = self._found(arn)
            if found is None:
                self.log.info("starting execution %s", arn)
                started = self.call(
                    "StartExecution", stateMachineArn=machine_arn, name=each, input=dumps(input)
                )
                return str(started["executionArn"])
            if found["status"] == "RUNNING":
                self.log.info("execution %s is running: waiting for it", arn)
                return arn
            if found["status"] != "SUCCEEDED" and self._redriven(arn):
                self.log.info("redriving execution %s, which was %s", arn, found["status"])
                return arn
        raise AssertionError("names do not end")

    def _found(self, arn: str) -> Mapping[str, Any] | None:
        try:
            return self.describe(arn)
        except RequestError as problem:
            if problem.code != "ExecutionDoesNotExist":
                raise
            return None

    def _redriven(self, arn: str) -> bool:
        last = self.call("GetExecutionHistory", executionArn=arn, reverseOrder=True, maxResults=_LAST_EVENTS)[
            "events"
        ]
        if ended_in_fail(last):
            return False
        try:
            self.call("RedriveExecution", executionArn=arn)
        except RequestError as problem:
            if problem.code != "ExecutionNotRedrivable":
                raise
            return False
        return True

    def _pages(self, operation: str, key: str, **request: Any) -> Iterator[dict[str, Any]]:
        page = self.call(operation, **request)
        yield from page[key]
        while token := page.get("nextToken"):
            page = self.call(operation, nextToken=token, **request)
            yield from page[key]
