"""Lambda functions and nested executions done for real, against what the service recorded of them."""

from __future__ import annotations

import linecache
import re
from types import ModuleType
from typing import Any

import pytest

import asltool
from asltool import Executions, Tasks
from asltool.driver.workers import Workers
from asltool.integrations.handlers import Handlers
from tests.conformance.cases import observe, read_cases
from tests.conformance.report import SHARED, differences, load_referee

REDRIVE = "2023-11-15"
"""From this day on the service tells whether an execution can be redriven."""

FILE = "/var/task/handler.py"
PLACE = re.compile(r".*, line (?P<line>\d+), in handler\n    (?P<code>.*)\n", re.S)


def cases() -> list[dict[str, Any]]:
    return [case for case in read_cases(SHARED) if ours(case)] if SHARED.is_dir() else []


def ours(case: dict[str, Any]) -> bool:
    """Return whether Lambda and Step Functions do all tasks of a case, in ways that can be had here."""
    work = {(task["kind"], task.get("resourceType")) for task in case.get("tasks", ())}
    text = str(case.get("tasks"))
    return (
        case["kind"] == "execution"
        and bool(work)
        and work <= {("lambda", None), ("task", "lambda"), ("task", "states")}
        and not any(function["behavior"] == "sleep" for function in case.get("lambdas", {}).values())
        and not {"map-distributed", "mock-config", "sync-execution"} & set(case["needs"])
        and not ("service:states" in case["needs"] and case["recorded"] < REDRIVE)
        and "LogType" not in text
        and "no_such_lambda" not in text
    )


def handler(function: dict[str, Any]) -> Any:
    """Return a function that does what the recorded one did."""
    match function["behavior"]:
        case "identity":
            return lambda event, context: event
        case "return":
            return lambda event, context: function["value"]
        case "repeat":
            return lambda event, context: function["text"] * function["count"]
        case "python":
            return made("def handler(event, context=None):\n", function["body"].splitlines())
        case "raise":
            place = PLACE.fullmatch(function["stackTrace"][0])
            assert place is not None
            header = "\n" * (int(place["line"]) - 2) + "def handler(event, context):\n"
            return made(header, [place["code"]], function["errorType"])
    raise AssertionError(function["behavior"])


def made(header: str, body: list[str], error: str = "Exception") -> Any:
    """Return the function of a text, with an exception of this name to raise."""
    text = header + "".join(f"    {line}\n" for line in body)
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    scope = {} if error == "Exception" else {error: type(error, (Exception,), {})}
    exec(compile(text, FILE, "exec"), scope)
    return scope["handler"]


@pytest.fixture(scope="module")
def referee() -> ModuleType:
    return load_referee(SHARED)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not there")
@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["id"]))
def test_as_recorded(case: dict[str, Any], referee: ModuleType) -> None:
    tasks = Tasks()
    for name, function in case.get("lambdas", {}).items():
        tasks.register(name, handler(function))
    others = {one["arn"]: asltool.load(one["definition"]) for one in case.get("otherStateMachines", ())}
    with Workers(Handlers(tasks), Executions(others)) as workers:
        found = differences(case, observe(case, workers), referee)
    left = [text for texts in found.values() for text in texts if not known(text)]
    assert left == []


def known(difference: str) -> bool:
    """Return whether a difference is left aside: the suite in tests/conformance has it too, or chance has it.

    StartExecution's response is as long as the moment in it needs digits.
    """
    by_chance = "taskSubmitted" in difference and "Content-Length" in difference
    return by_chance or "unexpected key RedriveCount" in difference
