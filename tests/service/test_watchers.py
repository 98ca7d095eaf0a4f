"""What is told of executions after each commit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asltool.driver.jobs import Job
from asltool.engine.effects import CallTask, Failed, Succeeded
from tests.service.conducting import ACTIVITY, Calls, World, in_world, machine, task, until


def told(world: World) -> list[tuple[str, str, list[str], int]]:
    """Return the changes since the last call: name, status, types of the events, id of the first."""
    changes = [
        (row.arn.rpartition(":")[2], row.status, [record[0] for record in records], records.before + 1)
        for row, records in world.changes
    ]
    world.changes.clear()
    return changes


PASS = ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]


@in_world()
async def test_an_execution_is_one_change_where_it_ends_at_once(world: World) -> None:
    await world.start(machine({"Type": "Pass", "Result": [1]}))
    assert world.changes[0].row == world.row()
    assert told(world) == [("e", "SUCCEEDED", PASS, 1)]


@in_world()
async def test_each_step_is_a_change_and_is_durable(world: World) -> None:
    row = await world.start(machine(task("A", ACTIVITY), {"Type": "Pass"}))
    assert told(world) == [("e", "RUNNING", ["ExecutionStarted", "TaskStateEntered", "ActivityScheduled"], 1)]
    await world.crash()
    assert told(world) == []
    assert await world.conductor.poll(ACTIVITY, None) is not None
    await world.settle()
    assert told(world) == [("e", "RUNNING", ["ActivityStarted"], 4)]
    world.conductor.stop(row.arn, "Enough", None)
    await world.settle()
    assert told(world) == [("e", "ABORTED", ["ExecutionAborted"], 5)]


@in_world()
async def test_executions_that_are_not_kept_are_watched_too(world: World) -> None:
    for sync in (False, True):
        await world.start(machine({"Type": "Pass"}), express=True, sync=sync)
        (change,) = world.changes
        assert (change.row.status, [record[0] for record in change.records]) == ("SUCCEEDED", PASS)
        world.changes.clear()


def test_a_redriven_execution_runs_again(tmp_path: Any) -> None:
    calls = Calls()

    @in_world(calls)
    async def test(world: World) -> None:
        row = await world.start(machine(task("A")))
        await until(world, lambda: calls.calls)
        calls.answer("A", Failed("Boom"))
        await until(world, lambda: world.status() == "FAILED")
        told(world)
        world.conductor.redrive(row.arn)
        await world.settle()
        (change, *_) = world.changes
        assert (change.row.status, change.row.redrives, change.row.error) == ("RUNNING", 1, None)
        assert next(iter(change.records))[0] == "ExecutionRedriven"

    test(tmp_path)


class Bug:
    """Ends a task with what is not JSON, which no integration of asltool does."""

    def find(self, call: CallTask) -> Any:
        return self._work

    async def _work(self, job: Job) -> Succeeded:
        return Succeeded(object())


@in_world(Bug())
async def test_an_execution_that_a_bug_ends_is_blocked_and_ends_alone(world: World) -> None:
    bad = await world.start(machine(task("A")))
    await world.start(machine({"Type": "Pass"}), "good")
    await until(world, lambda: world.row().blocked)
    assert (world.status(), world.status("good")) == ("RUNNING", "SUCCEEDED")
    assert world.row().blocked == "ValueError: unmarshallable object"
    blocked = next(change for change in world.changes if change.row.blocked)
    assert (blocked.row.arn, len(blocked.records)) == (bad.arn, 0)
    told(world)
    world.conductor.stop(bad.arn, None, None)
    await world.settle()
    assert told(world) == [("e", "ABORTED", ["ExecutionAborted"], 5)]


@in_world(Bug())
async def test_who_waits_for_one_that_is_not_kept_hears_of_the_bug(world: World) -> None:
    row = world.conductor.start(world.starting(machine(task("A")), express=True, sync=True))
    with pytest.raises(ValueError, match="unmarshallable"):
        await asyncio.wait_for(world.conductor.ended(row.arn), 60)


def test_a_watcher_that_fails_stops_nothing(tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    def fail(changes: Any) -> None:
        raise OSError("the disk is full")

    @in_world()
    async def test(world: World) -> None:
        world.watchers.after.insert(0, fail)
        world.watchers.before.append(fail)
        await world.start(machine({"Type": "Pass"}))
        assert told(world) == [("e", "SUCCEEDED", PASS, 1)]

    test(tmp_path)
    assert caplog.text.count("OSError: the disk is full") == 2
