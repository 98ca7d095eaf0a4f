"""`StateMachineOperator`, `StateMachineSensor` and `StateMachineHook` with `asltool serve`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from asltool.airflow import ExecutionTrigger, StateMachineHook, StateMachineOperator
from asltool.airflow.link import console_page
from asltool.errors import OptionError, RequestError, TaskFailed
from asltool.integrations.map_runs import MapRuns
from asltool.testing import TestServer, server
from tests.airflow.inside.runs import DAGS

Run = Callable[..., Any]
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:order"
EXECUTION = ARN.replace("stateMachine", "execution")
WAITS = "arn:aws:states:us-east-1:123456789012:activity:work"


class Shop:
    """Task handlers that note their calls; the first delivery fails if there is no lorry."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.no_lorry = False

    def check(self, event: Any, context: Any) -> Any:
        self.calls.append("check")
        return event

    def ship(self, event: Any, context: Any) -> Any:
        self.calls.append("ship")
        if self.no_lorry and self.calls.count("ship") == 1:
            raise TaskFailed("NoLorry", "all are out")
        return event


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def served(shop: Shop) -> Iterator[TestServer]:
    tasks = {"check": shop.check, "ship": shop.ship}
    with server(str(DAGS / "order.asl.json"), tasks=tasks) as running:
        yield running


@pytest.fixture
def run(run_dag: Run, served: TestServer) -> Run:
    def run(items: int = 1) -> Any:
        conf = {"items": items, "day": "monday"}
        url = served.url
        return run_dag("served", conf=conf, SERVER_URL=url, AIRFLOW_CONN_ASLTOOL_DEFAULT=url)

    return run


def test_executions_of_a_server_are_started_and_waited_for(run: Run, served: TestServer) -> None:
    ended = run()
    assert set(ended.tasks.values()) == {"success"}
    found = {task: ended.xcoms[task, "return_value"] for task in ended.tasks}
    assert found == {
        "by_arn": {"items": 1},
        "by_file": "from a file",
        "start": f"{EXECUTION}:from-a-hook",
        "wait": {"items": 2},
        "wait_in_triggerer": {"items": 2},
    }
    assert ended.lines("enter")[:4] == ["enter  Check", "enter  Ship", "enter  Big?", "enter  Done"]
    assert ended.xcoms["by_arn", "execution_arn"] == f"{EXECUTION}:monday"
    link = console_page(served.url, f"{EXECUTION}:monday")
    assert ended.xcoms["by_arn", "_link_StateMachineLink"] == link


def test_a_retry_redrives_the_execution(run: Run, shop: Shop) -> None:
    shop.no_lorry = True
    ended = run()
    assert ended.tasks["by_arn"] == "success"
    assert shop.calls[:3] == ["check", "ship", "ship"]
    assert f"execution {EXECUTION}:monday FAILED: NoLorry: all are out" in ended.log
    assert f"redriving execution {EXECUTION}:monday, which was FAILED" in ended.log


def test_a_retry_begins_anew_after_a_fail_state(run: Run, shop: Shop) -> None:
    ended = run(items=12)
    assert ended.tasks["by_arn"] == "failed"
    assert shop.calls == ["check", "ship", "check", "ship"]
    assert ended.xcoms["by_arn", "execution_arn"] == f"{EXECUTION}:monday-2"


def test_an_execution_that_runs_is_waited_for_and_stopped(served: TestServer) -> None:
    hook = StateMachineHook(served.url)
    hook.call("CreateActivity", name="work")
    waiting = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": WAITS, "End": True}}}
    arn = hook.put_machine("waiting", waiting)
    execution = hook.start(arn, "one", {})
    assert hook.start(arn, "one", {}) == execution
    asyncio.run(ExecutionTrigger(served.url, execution).on_kill())
    found = hook.describe(execution)
    assert (found["status"], found["error"]) == ("ABORTED", "Airflow.TaskStopped")


def test_a_machine_is_updated_where_its_definition_differs(served: TestServer) -> None:
    hook = StateMachineHook(served.url)
    definition = json.loads((DAGS / "pass.asl.json").read_text("utf-8"))
    arn = hook.put_machine("say", definition)
    definition["Comment"] = "new"
    assert hook.put_machine("say", definition) == arn
    found = hook.call("DescribeStateMachine", stateMachineArn=arn)
    assert json.loads(found["definition"]) == definition


def test_a_trigger_says_what_is_wrong() -> None:
    async def fired(trigger: ExecutionTrigger) -> Any:
        return [event.payload async for event in trigger.run()]

    with server() as empty:
        trigger = ExecutionTrigger(empty.url, f"{EXECUTION}:monday")
        [payload] = asyncio.run(fired(trigger))
    assert payload["problem"] == f"ExecutionDoesNotExist: Execution Does Not Exist: '{EXECUTION}:monday'"
    path, arguments = trigger.serialize()
    assert ExecutionTrigger(**arguments).serialize() == (path, arguments)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(RequestError, match=r"^http://127.0.0.1:1 cannot be reached: ") as caught:
        StateMachineHook("http://127.0.0.1:1").describe(f"{EXECUTION}:monday")
    assert caught.value.code == "ServerUnreachable"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "pass either definition or state_machine_arn"),
        ({"state_machine_arn": ARN}, "state_machine_arn needs server_url or conn_id"),
        (
            {"state_machine_arn": ARN, "server_url": "http://127.0.0.1", "tasks": "tasks.py"},
            "tasks does not work with server_url: pass it to asltool serve",
        ),
        (
            {"state_machine_arn": ARN, "server_url": "http://127.0.0.1", "map_runs": MapRuns()},
            "map_runs does not work with server_url: pass it to asltool serve",
        ),
    ],
)
def test_arguments_that_exclude_each_other(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        StateMachineOperator(task_id="t", **arguments)
