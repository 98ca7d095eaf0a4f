"""A task port that answers as a case's recorded ``tasks``, ``lambdas`` and ``activities`` say."""

from __future__ import annotations

import json
import re
import uuid
from collections import deque
from collections.abc import Iterator
from typing import Any

from asltool.driver.jobs import Work
from asltool.engine import CallTask, Failed, Outcome, Started, Submitted, Succeeded
from asltool.engine.map_io import Chunk
from asltool.expr.values import json_equal
from asltool.integrations.lambda_invoke import invocation

__all__ = ["Functions", "Missing", "Recorded"]

_NUMBERED = re.compile(r"<[A-Za-z0-9_\-./]+:\d+>")


class Missing(Exception):
    """The case does not say how a task went."""


class Recorded:
    """Implements the engine's `TaskPort`. A task that timed out on the service never answers here."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._tasks = list(case.get("tasks", []))
        self._lambdas: dict[str, dict[str, Any]] = {}
        for name, function in case.get("lambdas", {}).items():
            self._lambdas |= {name: function, function["arn"]: function}
        self._told: deque[tuple[int, Outcome]] = deque()

    @property
    def busy(self) -> bool:
        return bool(self._told)

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        for outcome in self.answer(call):
            self._told.append((ticket, outcome))

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        raise AssertionError("nothing runs in other processes")

    def cancel(self, ticket: int) -> None:
        self._told = deque(told for told in self._told if told[0] != ticket)

    def wait(self, seconds: float | None) -> list[tuple[int, Outcome]]:
        if not self._told and seconds is None:
            raise Missing("a task never answers and nothing times it out")
        return [self._told.popleft()] if self._told else []

    def records(self, call: CallTask) -> bool:
        """Return whether the recording has something left for the state of this call."""
        return any(entry["state"] == call.state for entry in self._tasks)

    def answer(self, call: CallTask) -> list[Outcome]:
        """Return how this call went, or goes by what its function does."""
        entry = self._take(call)
        if entry is not None:
            return _outcomes(_with_actual_tokens(entry, call.input))
        invoked = invocation(call)
        name = call.resource if invoked is None else call.input["FunctionName"]
        function = self._lambdas.get(name)
        if function is None:
            raise Missing(f"no answer recorded for {call.resource}")
        if invoked is None:
            return [_behave(function, call.input, spaces=True)]
        ended = _behave(function, invoked.event(call), spaces=False)
        return [Succeeded(invoked.response(call, ended.output)) if isinstance(ended, Succeeded) else ended]

    def _take(self, call: CallTask) -> dict[str, Any] | None:
        of_state = [entry for entry in self._tasks if entry["state"] == call.state]
        asked = [entry for entry in of_state if _asks_for(entry, call.input)]
        entry = next(iter(asked or of_state), None)
        if entry is not None:
            self._tasks.remove(entry)
        return entry


class Functions:
    """Calls of a case's functions, as an `Integration`."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._recorded = Recorded(case)

    def find(self, call: CallTask) -> Work:
        return lambda job: self._recorded.answer(job.call)[-1]


def _asks_for(entry: dict[str, Any], value: Any) -> bool:
    return json_equal(entry.get("parameters", entry.get("input")), value)


def _with_actual_tokens(entry: dict[str, Any], value: Any) -> dict[str, Any]:
    """Put what a numbered wildcard stands for in the request in its place in the answer."""
    bound = dict(_bind(entry.get("parameters", entry.get("input")), value))
    text = json.dumps(entry["outcome"])
    for token, actual in bound.items():
        text = text.replace(token, actual)
    return {**entry, "outcome": json.loads(text)}


def _bind(expected: Any, actual: Any) -> Iterator[tuple[str, str]]:
    if isinstance(expected, str) and isinstance(actual, str):
        if _NUMBERED.fullmatch(expected):
            yield expected, actual
    elif isinstance(expected, dict) and isinstance(actual, dict):
        for key in expected.keys() & actual.keys():
            yield from _bind(expected[key], actual[key])
    elif isinstance(expected, list) and isinstance(actual, list):
        for one, other in zip(expected, actual, strict=False):
            yield from _bind(one, other)


def _outcomes(entry: dict[str, Any]) -> list[Outcome]:
    outcome = entry["outcome"]
    outcomes: list[Outcome] = []
    if entry["kind"] == "activity" and "workerName" in outcome:
        outcomes.append(Started(outcome["workerName"]))
    if "submitted" in outcome:
        outcomes.append(Submitted(outcome["submitted"]))
    if outcome["type"] == "success":
        outcomes.append(Succeeded(outcome.get("output")))
    elif outcome["type"] == "failure":
        outcomes.append(Failed(outcome.get("error"), _text(outcome.get("cause"))))
    return outcomes


def _text(cause: Any) -> str | None:
    return cause if cause is None or isinstance(cause, str) else json.dumps(cause, separators=(",", ":"))


def _behave(function: dict[str, Any], event: Any, *, spaces: bool) -> Outcome:
    """Do what a recorded Lambda function does."""
    match function["behavior"]:
        case "identity":
            return Succeeded(event)
        case "return":
            return Succeeded(function["value"])
        case "repeat":
            return Succeeded(function["text"] * function["count"])
        case "raise":
            report = {
                "errorMessage": function["errorMessage"],
                "errorType": function["errorType"],
                "requestId": str(uuid.UUID(int=0)),
                "stackTrace": function.get("stackTrace", []),
            }
            cause = json.dumps(report, separators=None if spaces else (",", ":"))
            return Failed(function["errorType"], cause)
        case "sleep":
            return _behave({**function, **function["then"]}, event, spaces=spaces)
        case "python":
            scope: dict[str, Any] = {}
            body = "\n".join(f"    {line}" for line in function["body"].splitlines())
            exec(f"def handler(event):\n{body}", scope)
            return Succeeded(scope["handler"](event))
    raise Missing(f"a function that does {function['behavior']}")
