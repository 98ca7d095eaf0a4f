"""Children of map runs in other processes of a service."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from asltool.driver.jobs import Integration
from asltool.engine.states.distributed_map import distributed_maps
from asltool.integrations.handlers import Handlers
from asltool.integrations.tasks import Tasks
from asltool.machine import loads
from asltool.service.elsewhere import OWN_SERVICES, WorkerOptions, may_leave
from asltool.service.own_calls import SERVICES
from tests.service.conducting import World
from tests.service.test_children import distributed

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:do"


def each(resource: str = LAMBDA, kind: str = "EXPRESS", **fields: Any) -> dict[str, Any]:
    """Return a machine with a Map whose children have one task."""
    return distributed({"Name": "Do", "Type": "Task", "Resource": resource}, kind=kind, **fields)


def make(folder: str) -> Sequence[Integration]:
    """Return what does the tasks: it notes each call, and ends its process as often as a file says."""
    tasks = Tasks()

    @tasks.handler("do")
    def do(event: Any, context: Any) -> Any:
        kills = Path(folder, "kills")
        left = int(kills.read_text(encoding="utf-8")) if event == "kill" else 0
        if left:
            kills.write_text(str(left - 1), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
        with Path(folder, "calls").open("a", encoding="utf-8") as file:
            file.write(f"{event}\n")
        return os.getpid()

    return [Handlers(tasks)]


def nothing() -> Sequence[Integration]:
    return []


Test = Callable[[World], Coroutine[Any, Any, None]]


def run(test: Test, folder: Path, there: Callable[[], Sequence[Integration]] | None = None) -> None:
    """Run a test in a world with one other process, and without handlers in this one."""

    async def main() -> None:
        elsewhere = WorkerOptions(1, there or partial(make, str(folder)))
        world = World(folder, [], skips=True, elsewhere=elsewhere)
        try:
            await test(world)
        finally:
            await world.stop()

    asyncio.run(main())


async def ended(world: World) -> None:
    while world.status() == "RUNNING":
        await asyncio.sleep(0.01)


def calls(folder: Path) -> list[str]:
    return sorted((folder / "calls").read_text("utf-8").split())


def test_a_killed_process_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "kills").write_text("1", encoding="utf-8")

    async def test(world: World) -> None:
        await world.start(each(), value=[1, "kill", 3])
        await ended(world)
        processes = json.loads(world.row().output or "null")
        assert len(processes) == 3
        assert os.getpid() not in processes

    run(test, tmp_path)
    assert calls(tmp_path) == ["1", "3", "kill"]


def test_children_that_kill_every_process_fail_their_map_run_alone(tmp_path: Path) -> None:
    """A redrive, after a crash, runs only what did not succeed."""
    (tmp_path / "kills").write_text("3", encoding="utf-8")

    async def test(world: World) -> None:
        await world.start(each(MaxConcurrency=1), value=[1, "kill"])
        await ended(world)
        assert (world.row().status, world.row().error) == ("FAILED", "States.Runtime")
        assert (world.row().cause or "").startswith(
            'a process that ran children of Map state "Map" was killed'
        )
        await world.crash()
        world.conductor.redrive(world.row().arn)
        await ended(world)
        assert world.status() == "SUCCEEDED"

    run(test, tmp_path)
    assert calls(tmp_path) == ["1", "kill"]


def test_a_task_that_nothing_does_there_fails_its_child(tmp_path: Path) -> None:
    async def test(world: World) -> None:
        await world.start(each(ToleratedFailurePercentage=100), value=[1])
        await ended(world)
        (failed,) = json.loads(world.row().output or "null")
        assert failed["Error"] == "States.Runtime"
        assert failed["Cause"].startswith(f'no handler for "{LAMBDA}"')

    run(test, tmp_path, nothing)


@pytest.mark.parametrize(
    ("resource", "kind", "leaves"),
    [
        (LAMBDA, "EXPRESS", True),
        (LAMBDA, "STANDARD", False),
        ("arn:aws:states:::lambda:invoke", "EXPRESS", True),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "EXPRESS", False),
        ("arn:aws:states:::states:startExecution", "EXPRESS", False),
        ("arn:aws:states:::aws-sdk:sfn:listStateMachines", "EXPRESS", False),
        ("arn:aws:states:::events:putEvents", "EXPRESS", False),
        ("arn:aws:states:us-east-1:123456789012:activity:a", "EXPRESS", False),
    ],
)
def test_what_needs_the_service_stays(resource: str, kind: str, leaves: bool) -> None:
    inner = each(resource, kind)
    processor = inner["States"]["Map"]["ItemProcessor"]
    branch = {"StartAt": "Do", "States": processor["States"]}
    both = {"Type": "Parallel", "Branches": [branch], "End": True}
    inner["States"]["Map"]["ItemProcessor"] = {**processor, "StartAt": "Both", "States": {"Both": both}}
    for definition in (each(resource, kind), inner):
        program = loads(json.dumps(definition)).program
        assert may_leave(distributed_maps(program.machine)["Map"]) is leaves


def test_the_services_of_the_server_are_known() -> None:
    assert tuple(sorted({*SERVICES, "states"})) == OWN_SERVICES
