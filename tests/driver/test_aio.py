"""The asyncio driver: commits before effects, one commit for many, a time of its own for each execution."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from asltool.driver.aio import AioDriver
from asltool.driver.log import Step
from asltool.driver.map_outside import Maps
from asltool.driver.ports import AioTasks, Answer
from asltool.engine import CallTask, Effect, Execution, Failed, Identity, Succeeded
from asltool.engine.map_io import Chunk
from asltool.integrations.map_storage import MapStorage
from asltool.machine import load
from tests.conformance.aio import Frozen
from tests.engine.scripted import NOON


@dataclass
class Told:
    """Tasks that are answered by the test. ``said`` is what happened, in order."""

    said: list[str]
    answers: list[tuple[int, Answer]] = field(default_factory=list)
    flying: dict[int, CallTask] = field(default_factory=dict)
    busy: bool = False

    def listen(self, stirred: Callable[[], None]) -> None:
        self.stirred = stirred

    def in_flight(self, ticket: int) -> bool:
        return ticket in self.flying

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        if call.state == "Broken":
            raise RuntimeError("nothing does this")
        self.said.append(f"start {call.state}")
        self.flying[ticket] = call

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        raise AssertionError

    def cancel(self, ticket: int) -> None:
        self.said.append(f"cancel {self.flying.pop(ticket).state}")

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Answer]]:
        answers, self.answers = self.answers, []
        return answers

    def answer(self, state: str, answer: Answer) -> None:
        ticket = next(ticket for ticket, call in self.flying.items() if call.state == state)
        del self.flying[ticket]
        self.answers.append((ticket, answer))
        self.stirred()


@dataclass
class Kept:
    """A log that says what it does; ``problem`` is raised by the next commit."""

    said: list[str]
    problem: Exception | None = None
    noted: int = 0

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        self.noted += 1

    def commit(self) -> None:
        if self.problem is not None:
            raise self.problem
        if self.noted:
            self.said.append(f"commit {self.noted}")
            self.noted = 0


class World:
    def __init__(self, *, skips: bool = True) -> None:
        self.said: list[str] = []
        self.tasks, self.log = Told(self.said), Kept(self.said)
        self.clock = Frozen(NOON, skips)
        self.broken: list[tuple[Execution, Exception]] = []
        self.failures: list[Exception] = []
        tasks: AioTasks = self.tasks
        self.driver = AioDriver(
            tasks,
            self.clock,
            self.log,
            on_broken=lambda execution, problem: self.broken.append((execution, problem)),
            on_failure=self.failures.append,
        )

    async def settle(self) -> None:
        """Return once nothing goes on by itself."""
        await self.driver.committed()
        while not self.driver.is_settled:
            await asyncio.sleep(0)


def in_world(**settings: bool) -> Callable[[Callable[[World], Awaitable[None]]], Callable[[], None]]:
    def decorate(test: Callable[[World], Awaitable[None]]) -> Callable[[], None]:
        async def run() -> None:
            world = World(**settings)
            try:
                await test(world)
            finally:
                world.driver.close()

        def wrapped() -> None:
            asyncio.run(run())

        wrapped.__name__, wrapped.__doc__ = test.__name__, test.__doc__
        return wrapped

    return decorate


def machine(*states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a machine of these states, one after another, each under its ``Name``."""
    names = [state.pop("Name", state["Type"]) for state in states]
    ways: list[dict[str, Any]] = [*({"Next": following} for following in names[1:]), {"End": True}]
    line = {name: {**state, **way} for name, state, way in zip(names, states, ways, strict=True)}
    return {"StartAt": names[0], "States": line, **fields}


def task(name: str, **fields: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Task", "Resource": "arn:aws:lambda:::function:f", **fields}


def execution(definition: dict[str, Any], name: str = "e", value: Any = None) -> Execution:
    return Execution(load(definition).program, value or {}, Identity(name=name))


@in_world()
async def test_a_step_is_committed_before_its_effects(world: World) -> None:
    lane = world.driver.add(execution(machine(task("A"), task("B"))))
    await world.settle()
    assert world.said == ["commit 1", "start A"]
    world.tasks.answer("A", Succeeded(1))
    await world.settle()
    assert world.said[2:] == ["commit 1", "start B"]
    world.tasks.answer("B", Succeeded(2))
    await world.driver.committed()
    assert world.said[4:] == ["commit 1"]
    assert (lane.execution.status, lane.execution.output) == ("SUCCEEDED", 2)


@in_world()
async def test_what_comes_together_is_committed_together(world: World) -> None:
    for number in range(5):
        world.driver.add(execution(machine({"Type": "Pass"}), f"e{number}"))
    await asyncio.gather(*[world.driver.committed() for _ in range(5)])
    assert world.said == ["commit 5"]


@in_world()
async def test_nothing_is_carried_out_if_the_commit_fails(world: World) -> None:
    world.log.problem = OSError("full")
    world.driver.add(execution(machine(task("A"))))
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            await world.driver.committed()
    assert world.said == []
    assert world.failures == [world.log.problem]


@in_world()
async def test_an_execution_is_aborted_from_outside_at_the_time_that_is_returned(world: World) -> None:
    lane = world.driver.add(execution(machine(task("A"))))
    await world.settle()
    world.clock.time += 5
    stopped = world.driver.abort(lane, "Enough", "of this")
    await world.settle()
    ended = lane.execution
    assert (ended.status, ended.error, ended.cause, ended.now) == ("ABORTED", "Enough", "of this", stopped)
    assert stopped == NOON + 5
    assert world.said[2:] == ["commit 1", "cancel A"]


@in_world()
async def test_an_execution_that_breaks_ends_alone(world: World) -> None:
    def bug(execution: Execution, effects: Sequence[Effect]) -> None:
        raise RuntimeError("a bug")

    broken = world.driver.add(execution(machine(task("A")), "broken"), watch=bug)
    other = world.driver.add(execution(machine(task("A")), "other"))
    await world.settle()
    world.tasks.answer("A", Failed("Boom"))
    await world.settle()
    assert [(each, str(problem)) for each, problem in world.broken] == [(broken.execution, "a bug")]
    assert other.execution.status == "FAILED"


@in_world()
async def test_a_task_that_nothing_does_fails_its_execution(world: World) -> None:
    lane = world.driver.add(execution(machine(task("Broken"))))
    await world.settle()
    ended = lane.execution
    assert (ended.status, ended.error, ended.cause) == ("FAILED", "States.Runtime", "nothing does this")


@in_world()
async def test_each_execution_skips_in_a_time_of_its_own(world: World) -> None:
    year = 365 * 86_400
    waits = world.driver.add(execution(machine({"Type": "Wait", "Seconds": year}), "waits"))
    works = world.driver.add(execution(machine(task("A", TimeoutSeconds=60)), "works"))
    await world.settle()
    assert (waits.execution.status, waits.execution.now) == ("SUCCEEDED", NOON + year)
    assert works.execution.status == "RUNNING"
    world.tasks.answer("A", Succeeded(1))
    await world.settle()
    assert (works.execution.status, works.execution.now) == ("SUCCEEDED", NOON)


@in_world(skips=False)
async def test_in_real_time_a_timer_goes_off_when_the_clock_says_so(world: World) -> None:
    lane = world.driver.add(execution(machine({"Type": "Wait", "Seconds": 60})))
    await world.settle()
    assert lane.execution.status == "RUNNING"
    world.clock.time += 60
    world.driver.look_again()
    await world.settle()
    assert (lane.execution.status, lane.execution.now) == ("SUCCEEDED", NOON + 60)


@in_world()
async def test_a_commit_does_not_wait_for_a_long_turn_that_it_is_not_about(world: World) -> None:
    begun, over = threading.Event(), threading.Event()

    def hold(*_: object) -> None:
        begun.set()
        assert over.wait(60)

    long = world.driver.add(execution(machine({"Type": "Pass"})), watch=hold, threaded=True)
    await world.driver.committed()
    await asyncio.to_thread(begun.wait, 60)
    world.driver.add(execution(machine({"Type": "Pass"})))
    await world.driver.committed()
    world.driver.abort(long, None, None)
    stopped = asyncio.ensure_future(world.driver.committed())
    await asyncio.sleep(0)
    await world.driver.committed()
    assert not stopped.done()
    over.set()
    await stopped


@pytest.mark.parametrize("threaded", [False, True])
def test_a_map_run_reads_and_writes_in_threads(threaded: bool) -> None:
    item = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **item}

    @in_world()
    async def test(world: World) -> None:
        definition = machine({"Type": "Map", "ItemProcessor": processor})
        maps = Maps(MapStorage())
        lane = world.driver.add(execution(definition, value=list(range(1_000))), maps=maps, threaded=threaded)
        small = world.driver.add(execution(machine({"Type": "Pass"}), "small"))
        await world.driver.committed()
        assert (small.execution.status, lane.execution.status) == ("SUCCEEDED", "RUNNING")
        while not lane.over:
            await world.settle()
        assert lane.execution.output == list(range(1_000))

    test()


@in_world()
async def test_a_commit_waits_for_a_turn_in_a_thread(world: World) -> None:
    lane = world.driver.add(execution(machine(task("A"), task("B"))), threaded=True)
    await world.driver.committed()
    assert lane.execution.status == "RUNNING"
    assert world.said[0] == "commit 1"
    await world.settle()
    world.tasks.answer("A", Succeeded(json.loads("[1]")))
    await world.driver.committed()
    assert len(lane.execution.records) > 5
    assert world.log.noted == 0
