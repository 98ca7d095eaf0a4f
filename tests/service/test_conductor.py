"""The conductor: executions that outlive the process."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from asltool.driver.jobs import LATER, Job
from asltool.engine.effects import CallTask, Failed, Submitted, Succeeded
from asltool.errors import InvalidToken, NotRedrivable, TaskTimedOut
from asltool.history.events import events
from asltool.store.port import ExecutionRow
from tests.service.conducting import ACTIVITY, NOON, Calls, World, in_world, machine, task, until

YEAR = 365 * 86_400
TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


@in_world()
async def test_an_execution_begins_and_ends_in_one_commit(world: World) -> None:
    row = await world.start(machine({"Type": "Pass", "Result": [1]}))
    assert (row.status, row.started) == ("RUNNING", NOON)
    ended = await world.conductor.ended(row.arn)
    assert (ended.status, ended.output, ended.stopped) == ("SUCCEEDED", "[1]", NOON)
    assert world.row() == ended
    assert world.events() == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


@in_world()
async def test_those_who_wait_hear_of_the_end(world: World) -> None:
    calls = Calls()
    world.integrations = [calls]
    await world.crash()
    await world.start(machine(task("A")))
    waiting = asyncio.ensure_future(world.conductor.ended(world.row().arn))
    await until(world, lambda: calls.calls)
    assert not waiting.done()
    calls.answer("A", Failed("Boom", "why"))
    ended = await waiting
    assert (ended.status, ended.error, ended.cause) == ("FAILED", "Boom", "why")


@in_world(skips=False)
async def test_a_wait_goes_on_after_a_crash(world: World) -> None:
    await world.start(machine({"Type": "Wait", "Seconds": 60}, {"Type": "Pass"}))
    await world.crash()
    assert world.status() == "RUNNING"
    world.time += 60
    world.conductor.look_again()
    await world.settle()
    assert world.status() == "SUCCEEDED"
    assert world.row().stopped == NOON + 60
    assert world.events()[-1] == "ExecutionSucceeded"


@in_world()
async def test_skipped_time_stays_skipped_after_a_crash(world: World) -> None:
    calls = Calls()
    world.integrations = [calls]
    await world.crash()
    await world.start(machine({"Type": "Wait", "Seconds": YEAR}, task("A", TimeoutSeconds=60)))
    await until(world, lambda: calls.calls)
    await world.crash()
    await until(world, lambda: len(calls.calls) == 2)
    calls.answer("A", Succeeded(1))
    await until(world, lambda: world.status() == "SUCCEEDED")
    assert world.row().stopped == NOON + YEAR


def test_a_task_in_flight_runs_again_and_one_that_was_answered_does_not(tmp_path: Path) -> None:
    calls = Calls("A")

    @in_world(calls)
    async def test(world: World) -> None:
        await world.start(machine(task("A"), task("B")))
        await until(world, lambda: calls.calls == ["A", "B"])
        await world.crash()
        await until(world, lambda: calls.calls == ["A", "B", "B"])
        calls.answer("B", Succeeded("b"))
        await until(world, lambda: world.status() == "SUCCEEDED")
        assert world.row().output == '"b"'

    test(tmp_path)


def test_a_job_that_was_submitted_is_looked_after_and_not_begun_again(tmp_path: Path) -> None:
    seen: list[Any] = []

    class Jobs:
        def find(self, call: CallTask) -> Any:
            return self._work

        async def _work(self, job: Job) -> Any:
            seen.append(job.call.submitted)
            if job.call.submitted is None:
                return Submitted({"JobRunId": "jr"})
            return LATER if len(seen) == 2 else Succeeded("done")

    @in_world(Jobs())
    async def test(world: World) -> None:
        await world.start(machine(task("A", "arn:aws:states:::glue:startJobRun.sync")))
        await until(world, lambda: "TaskSubmitted" in world.events())
        await world.crash()
        await until(world, lambda: len(seen) >= 2)
        await world.crash()
        await until(world, lambda: world.status() == "SUCCEEDED")
        assert seen == [None, {"JobRunId": "jr"}, {"JobRunId": "jr"}]

    test(tmp_path)


def test_a_task_token_stays_valid_over_a_crash(tmp_path: Path) -> None:
    calls = Calls()
    parameters = {"MessageBody.$": "$$.Task.Token", "QueueUrl": "q"}

    @in_world(calls)
    async def test(world: World) -> None:
        await world.start(machine(task("A", TOKEN, Parameters=parameters)))
        await until(world, lambda: "TaskSubmitted" in world.events())
        history = events(world.conductor.records(world.row().arn))
        scheduled = next(event for event in history if event["type"] == "TaskScheduled")
        token = json.loads(scheduled["taskScheduledEventDetails"]["parameters"])["MessageBody"]
        await world.crash()
        await until(world, lambda: world.conductor.is_settled)
        world.conductor.heartbeat(token)
        world.conductor.succeed(token, {"x": 1})
        await world.conductor.committed()
        await world.crash()
        await until(world, lambda: world.status() != "RUNNING")
        assert world.row().output == '{"x":1}'
        assert world.store.listed("early answer") == []
        assert calls.calls == ["A"]
        with pytest.raises(TaskTimedOut):
            world.conductor.succeed(token, "1")
        with pytest.raises(InvalidToken):
            world.conductor.fail("x", None, None)

    test(tmp_path)


@in_world()
async def test_an_activity_task_is_given_once_and_its_token_survives(world: World) -> None:
    await world.start(machine(task("A", ACTIVITY)), value={"n": 1})
    polled = await world.conductor.poll(ACTIVITY, "w")
    assert polled is not None
    assert polled.input == '{"n":1}'
    await world.conductor.committed()
    await world.crash()
    assert await world.conductor.poll(ACTIVITY, "w", 0.05) is None
    world.conductor.succeed(polled.token, 2)
    await world.settle()
    assert world.row().output == "2"
    assert world.events()[2:5] == ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]


@in_world()
async def test_an_activity_task_nobody_took_is_given_after_a_crash(world: World) -> None:
    await world.start(machine(task("A", ACTIVITY)))
    await world.crash()
    polled = await world.conductor.poll(ACTIVITY, None)
    assert polled is not None
    world.conductor.fail(polled.token, "Boom", "why")
    await world.settle()
    assert (world.row().status, world.row().error) == ("FAILED", "Boom")


@in_world()
async def test_a_poll_waits_for_a_task(world: World) -> None:
    polling = asyncio.ensure_future(world.conductor.poll(ACTIVITY, None))
    await asyncio.sleep(0)
    await world.start(machine(task("A", ACTIVITY)))
    assert await polling is not None


@in_world()
async def test_an_execution_is_stopped(world: World) -> None:
    await world.start(machine(task("A", ACTIVITY)))
    world.time += 5
    stopped = world.conductor.stop(world.row().arn, "Enough", "of this")
    await world.conductor.committed()
    row = world.row()
    assert (row.status, row.error, row.cause, row.stopped) == ("ABORTED", "Enough", "of this", stopped)
    assert stopped == NOON + 5
    assert world.conductor.stop(row.arn, "Other", None) == stopped
    assert world.events()[-1] == "ExecutionAborted"


def test_an_execution_is_redriven_over_crashes(tmp_path: Path) -> None:
    calls = Calls("A")

    @in_world(calls)
    async def test(world: World) -> None:
        await world.start(machine(task("A"), task("B")))
        await until(world, lambda: calls.calls == ["A", "B"])
        calls.answer("B", Failed("Boom"))
        await until(world, lambda: world.status() == "FAILED")
        await world.crash()
        world.time += 5
        assert world.conductor.redrive(world.row().arn) == NOON + 5
        await world.settle()
        row = world.row()
        assert (row.status, row.redrives, row.redriven, row.error) == ("RUNNING", 1, NOON + 5, None)
        await world.crash()
        await until(world, lambda: len(calls.calls) >= 4)
        calls.answer("B", Succeeded("b"))
        await until(world, lambda: world.status() == "SUCCEEDED")
        assert "ExecutionRedriven" in world.events()
        with pytest.raises(NotRedrivable, match="cannot be redriven: it is SUCCEEDED"):
            world.conductor.redrive(row.arn)

    test(tmp_path)


def test_branches_are_redriven_over_crashes(tmp_path: Path) -> None:
    calls = Calls()
    branches = [machine(task(name)) for name in ("Good", "Bad", "Slow")]

    @in_world(calls)
    async def test(world: World) -> None:
        await world.start(machine({"Type": "Parallel", "Branches": branches}))
        await until(world, lambda: len(calls.calls) == 3)
        calls.answer("Good", Succeeded(1))
        await world.settle()
        calls.answer("Bad", Failed("Boom"))
        await until(world, lambda: world.status() == "FAILED")
        await world.crash()
        world.conductor.redrive(world.row().arn)
        await world.settle()
        await world.crash()
        await until(world, lambda: calls.calls[5:] == ["Bad", "Slow"])
        calls.answer("Slow", Succeeded(3))
        calls.answer("Bad", Succeeded(2))
        await until(world, lambda: world.status() == "SUCCEEDED")
        assert world.row().output == "[1,2,3]"
        assert calls.calls == ["Good", "Bad", "Slow", *["Bad", "Slow"] * 2]

    test(tmp_path)


@in_world()
async def test_one_that_cannot_be_repeated_is_blocked_and_can_be_stopped(world: World) -> None:
    await world.start(machine(task("A", ACTIVITY)), "good")
    await world.start(machine(task("A", ACTIVITY)), "bad")
    number = world.row("bad").number
    (call, records), *_ = world.store.log(number)
    world.store.step(number, call, records)
    world.store.commit()
    await world.crash()
    assert world.status("bad") == "RUNNING"
    assert world.row("good").blocked is None
    assert world.row("bad").blocked == (
        "step 2 cannot be repeated: RuntimeError: the execution has already started: it is RUNNING"
    )
    await world.crash()
    events = len(world.events("bad"))
    world.conductor.stop(world.row("bad").arn, "Enough", None)
    await world.conductor.committed()
    assert (world.status("bad"), world.row("bad").error) == ("ABORTED", "Enough")
    assert world.events("bad")[events:] == ["ExecutionAborted"]


@in_world()
async def test_a_task_that_nothing_does_fails_its_execution(world: World) -> None:
    await world.start(machine(task("A")))
    await world.settle()
    row = world.row()
    assert (row.status, row.error) == ("FAILED", "States.Runtime")
    assert (row.cause or "").startswith('no handler for "arn:aws:lambda')


@in_world()
async def test_express_executions_are_kept_until_they_end(world: World) -> None:
    row = await world.start(machine(task("A", ACTIVITY)), express=True)
    assert world.conductor.describe(row.arn) is not None
    await world.crash()
    polled = await world.conductor.poll(ACTIVITY, None)
    assert polled is not None
    world.conductor.succeed(polled.token, 1)
    await world.settle()
    assert world.conductor.describe(row.arn) is None
    assert world.store.running() == []


@in_world()
async def test_synchronous_executions_are_not_kept(world: World) -> None:
    row = world.conductor.start(world.starting(machine({"Type": "Pass"}), express=True, sync=True))
    ended: ExecutionRow = await world.conductor.ended(row.arn)
    assert (ended.status, ended.output) == ("SUCCEEDED", "{}")
    assert world.conductor.describe(row.arn) is None


@in_world()
async def test_long_expressions_have_their_turns_in_threads(world: World) -> None:
    output = "{% $sum([1..1000].($ * 2)) %}"
    await world.start(machine({"Type": "Pass", "Output": output}, QueryLanguage="JSONata"))
    await until(world, lambda: world.status() == "SUCCEEDED")
    assert world.row().output == "1001000"


@in_world()
async def test_an_answer_is_taken_before_its_task_is_looked_after_again(world: World) -> None:
    await world.start(machine(task("A", ACTIVITY)))
    polled = await world.conductor.poll(ACTIVITY, None)
    assert polled is not None
    await world.settle()
    world.restart()
    world.conductor.succeed(polled.token, 2)
    with pytest.raises(TaskTimedOut):
        world.conductor.succeed(polled.token, 3)
    await until(world, lambda: world.status() == "SUCCEEDED")
    assert world.row().output == "2"
