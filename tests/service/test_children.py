"""Children of map runs: executions with rows and logs of their own."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from asltool.driver.jobs import Job
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.history.events import events
from asltool.store.port import MAP_RUN
from tests.service.conducting import ACTIVITY, World, in_world, machine, task, until


def distributed(*states: dict[str, Any], kind: str = "STANDARD", **fields: Any) -> dict[str, Any]:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}, **machine(*states)}
    return machine({"Type": "Map", "Label": "L", "ItemProcessor": processor, **fields})


@in_world()
async def test_children_that_wait_go_on_after_a_crash_and_can_be_described(world: World) -> None:
    await world.start(distributed(task("A", ACTIVITY), task("B", ACTIVITY)), value=[0, 1, 2])
    await until(world, lambda: len(world.store.executions(status="RUNNING")) == 4)
    for _ in range(4):
        polled = await world.conductor.poll(ACTIVITY, None)
        assert polled is not None
        world.conductor.succeed(polled.token, json.loads(polled.input))
        await world.settle()
        await world.crash()
    (run,) = world.conductor.maps.of(world.row().arn)
    children = world.store.executions(map_run=run["mapRunArn"])
    assert {child.status for child in children} == {"RUNNING", "SUCCEEDED"}
    first = min(children, key=lambda child: child.number)
    types = [event["type"] for event in events(world.conductor.records(first.arn))]
    assert types.count("ActivitySucceeded") == 2
    for _ in range(2):
        polled = await world.conductor.poll(ACTIVITY, None)
        assert polled is not None
        world.conductor.succeed(polled.token, json.loads(polled.input))
        await world.settle()
    await until(world, lambda: world.status() == "SUCCEEDED")
    assert world.row().output == "[0,1,2]"
    found = world.conductor.maps.describe(run["mapRunArn"])
    assert found is not None
    assert (found["status"], found["executionCounts"]["succeeded"]) == ("SUCCEEDED", 3)


def test_a_redrive_runs_again_the_children_that_failed(tmp_path: Path) -> None:
    seen: list[Any] = []

    class Fails:
        def find(self, call: CallTask) -> Any:
            return self._work

        async def _work(self, job: Job) -> Any:
            seen.append(job.call.input)
            return Failed("Boom") if seen.count(1) == 1 and job.call.input == 1 else Succeeded(job.call.input)

    for kind in ("STANDARD", "EXPRESS"):
        seen.clear()

        @in_world(Fails())
        async def test(world: World, kind: str = kind) -> None:
            await world.start(distributed(task("A"), kind=kind, MaxConcurrency=1), kind, value=[0, 1, 2])
            await until(world, lambda: world.status(kind) == "FAILED")
            await world.crash()
            world.conductor.redrive(world.row(kind).arn)
            await until(world, lambda: world.status(kind) == "SUCCEEDED")
            assert seen == [0, 1, 1, 2]
            (run,) = world.conductor.maps.of(world.row(kind).arn)
            children = world.store.executions(map_run=run["mapRunArn"])
            assert len(children) == (3 if kind == "STANDARD" else 0)
            assert [child.redrives for child in children] == ([0, 1, 0] if children else [])

        test(tmp_path / kind)


def test_no_child_runs_again_if_the_crash_comes_before_the_execution_hears_of_the_end(tmp_path: Path) -> None:
    seen: list[Any] = []

    class Sees:
        def find(self, call: CallTask) -> Any:
            return self._work

        async def _work(self, job: Job) -> Any:
            seen.append(job.call.input)
            return Succeeded(job.call.input)

    @in_world(Sees())
    async def test(world: World) -> None:
        world.conductor.start(world.starting(distributed(task("A")), "e", [0, 1, 2]))
        while [run.body["status"] for run in world.store.listed(MAP_RUN)] != ["SUCCEEDED"]:
            await asyncio.sleep(0)
        assert world.status() == "RUNNING"
        await world.crash()
        await until(world, lambda: world.status() == "SUCCEEDED")
        assert world.row().output == "[0,1,2]"
        assert sorted(seen) == [0, 1, 2]

    test(tmp_path)


@in_world()
async def test_a_child_can_be_stopped(world: World) -> None:
    await world.start(distributed(task("A", ACTIVITY), ToleratedFailurePercentage=100), value=[0, 1])
    await until(world, lambda: len(world.store.executions(status="RUNNING")) == 3)
    (run,) = world.conductor.maps.of(world.row().arn)
    child, _ = world.store.executions(map_run=run["mapRunArn"])
    world.conductor.stop(child.arn, "Enough", None)
    await world.settle()
    stopped = world.conductor.describe(child.arn)
    assert stopped is not None
    assert (stopped.status, stopped.error) == ("ABORTED", "Enough")
    assert world.status() == "RUNNING"


@in_world()
async def test_a_child_can_end_in_the_turn_that_aborts_it(world: World) -> None:
    await world.start(distributed(task("A", ACTIVITY)), value=[0, 1])
    first, second = [await world.conductor.poll(ACTIVITY, None) for _ in range(2)]
    assert first is not None
    assert second is not None
    world.conductor.fail(first.token, "Boom", None)
    world.conductor.succeed(second.token, 1)
    await until(world, lambda: world.status() == "FAILED")
    assert world.row().error == "States.ExceedToleratedFailureThreshold"
    assert world.row().blocked is None


@in_world()
async def test_a_map_run_is_updated_for_good(world: World) -> None:
    await world.start(distributed(task("A", ACTIVITY), MaxConcurrency=1), value=[0, 1, 2, 3])
    await until(world, lambda: len(world.store.executions(status="RUNNING")) == 2)
    (run,) = world.conductor.maps.of(world.row().arn)
    world.conductor.maps.update(run["mapRunArn"], {"maxConcurrency": 3})
    world.conductor.look_again()
    await world.settle()
    await world.crash()
    await until(world, lambda: len(world.store.executions(status="RUNNING")) == 4)
    found = world.conductor.maps.describe(run["mapRunArn"])
    assert found is not None
    assert found["maxConcurrency"] == 3


@in_world()
async def test_children_do_not_run_again_where_their_execution_has_not_heard_of_the_end(
    world: World,
) -> None:
    await world.start(distributed(task("A", ACTIVITY)), value=[0, 1])
    await until(world, lambda: len(world.store.executions(status="RUNNING")) == 3)
    (run,) = world.conductor.maps.of(world.row().arn)
    for _ in range(2):
        polled = await world.conductor.poll(ACTIVITY, None)
        assert polled is not None
        world.conductor.succeed(polled.token, json.loads(polled.input))
    while (world.store.get("map run", run["mapRunArn"]) or {})["status"] == "RUNNING":
        await world.conductor.committed()
    assert world.status() == "RUNNING"
    world.restart()
    await until(world, lambda: world.status() == "SUCCEEDED")
    assert world.row().output == "[0,1]"
    assert len(world.store.executions(map_run=run["mapRunArn"])) == 2
