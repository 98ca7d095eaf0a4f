"""The runner: executions side by side, on one clock and one task port."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from asltool.driver.clock import VirtualClock
from asltool.driver.map_outside import Maps
from asltool.driver.ports import Broken, StartExecution
from asltool.driver.runner import Runner
from asltool.engine import CallTask, Execution, Failed, Identity, Outcome, Succeeded
from asltool.engine.map_io import ReadItems
from asltool.errors import NoHandler
from asltool.integrations.map_storage import MapStorage
from asltool.machine import loads
from tests.engine.scripted import NOON, Script

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:do"


def execution(name: str, *states: dict[str, Any], **fields: Any) -> Execution:
    """Return an execution of these states in a line; they are named after it."""
    names = [f"{name}{number}" for number in range(len(states))]
    ways: list[dict[str, Any]] = [*({"Next": following} for following in names[1:]), {"End": True}]
    line = {own: {**state, **way} for own, state, way in zip(names, states, ways, strict=True)}
    definition = {"StartAt": names[0], "States": line, **fields}
    return Execution(loads(json.dumps(definition)).program, {}, Identity(name=name))


def wait(seconds: int) -> dict[str, Any]:
    return {"Type": "Wait", "Seconds": seconds}


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": LAMBDA, **fields}


class Nesting(Script):
    """Answers the calls of state ``outer0`` with another execution."""

    def __init__(self, nested: Execution, ends: Callable[[Execution], Outcome]) -> None:
        super().__init__({})
        self.tickets: list[int] = []
        self._nested, self._ends = nested, ends

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        if call.state != "outer0":
            super().start(ticket, call, alone=alone)
            return
        self.tickets.append(ticket)
        self._states[ticket] = call.state

        def tell() -> None:
            self._told.append((ticket, self._ends(self._nested)))

        self._told.append((ticket, StartExecution(self._nested, lambda: None, tell)))


def test_executions_share_a_clock() -> None:
    clock, ended = VirtualClock(NOON), []
    runner = Runner(Script({}), clock)
    for name, seconds in (("slow", 30), ("quick", 10), ("quicker", 10)):
        runner.add(
            execution(name, wait(seconds)),
            lambda one: ended.append((one.identity.name, clock.now() - NOON)),
        )
    runner.run()
    assert ended == [("quick", 10), ("quicker", 10), ("slow", 30)]


def test_tickets_are_unique_over_all_executions() -> None:
    seen: list[tuple[int, str]] = []

    class Watchful(Script):
        def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
            seen.append((ticket, call.execution_arn.rpartition(":")[2]))
            super().start(ticket, call, alone=alone)

    answers = {"one0": [{"ask_again": 5}, {"succeed": 1}], "two0": [{"succeed": 2}]}
    runner = Runner(Watchful(answers), VirtualClock(NOON))
    for name in ("one", "two"):
        runner.add(execution(name, task()))
    runner.run()
    (first, *_), (second, _), (again, _) = seen
    assert first != second
    assert again == first


def test_a_task_may_be_another_execution() -> None:
    nested = execution("inner", wait(10), {"Type": "Pass", "Result": 7})
    outer = execution("outer", task())
    clock = VirtualClock(NOON)
    runner = Runner(Nesting(nested, lambda ended: Succeeded(ended.output)), clock)
    runner.add(outer)
    runner.run()
    assert (outer.status, outer.output, clock.now() - NOON) == ("SUCCEEDED", 7, 10)


def test_another_execution_is_aborted_when_nobody_waits_for_it() -> None:
    nested = execution("inner", wait(10))
    outer = execution("outer", task(TimeoutSeconds=5))
    script = Nesting(nested, lambda ended: Failed("never"))
    runner = Runner(script, VirtualClock(NOON))
    runner.add(outer)
    runner.run()
    assert (outer.error, nested.status) == ("States.Timeout", "ABORTED")
    assert nested.now - NOON == 5


def test_an_execution_that_is_only_begun_runs_on_by_itself() -> None:
    nested = execution("inner", wait(10))
    outer = execution("outer", task())

    class Begun(Nesting):
        def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
            super().start(ticket, call, alone=alone)
            self._told.append((ticket, Succeeded("begun")))

    runner = Runner(Begun(nested, lambda ended: Failed("dropped")), VirtualClock(NOON))
    runner.add(outer)
    runner.run()
    assert (outer.output, outer.now - NOON) == ("begun", 0)
    assert (nested.status, nested.now - NOON) == ("SUCCEEDED", 10)


def test_a_call_is_alone_only_if_nothing_else_goes_on() -> None:
    found: list[tuple[str, bool]] = []

    class Watchful(Script):
        def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
            found.append((call.state, alone))
            super().start(ticket, call, alone=alone)

    def seen(*executions: Execution) -> list[tuple[str, bool]]:
        found.clear()
        states = ("one0", "two1", "child")
        runner = Runner(
            Watchful({state: [{"succeed": 1}] for state in states}), VirtualClock(NOON), Maps(MapStorage())
        )
        for one in executions:
            runner.add(one)
        runner.run()
        return found.copy()

    assert seen(execution("one", task())) == [("one0", True)]
    assert seen(execution("one", task()), execution("two", wait(1), task())) == [
        ("one0", False),
        ("two1", True),
    ]
    assert seen(execution("two", wait(1), task()), execution("one", task())) == [
        ("one0", False),
        ("two1", True),
    ]
    assert seen(execution("one", task(), TimeoutSeconds=9)) == [("one0", False)]
    both = [
        {"StartAt": "child", "States": {"child": {**task(), "End": True}}},
        {"StartAt": "one0", "States": {"one0": {**task(), "End": True}}},
    ]
    assert seen(execution("both", {"Type": "Parallel", "Branches": both})) == [
        ("child", False),
        ("one0", False),
    ]
    assert seen(execution("map", each(2, 1))) == [("child", True), ("child", True)]
    assert seen(execution("map", each(2, 2))) == [("child", False), ("child", False)]


def each(many: int, at_a_time: int) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "child",
        "States": {"child": {**task(), "End": True}},
    }
    items = list(range(many))
    return {
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "Items": items,
        "MaxConcurrency": at_a_time,
        "ItemProcessor": processor,
    }


def test_watch_is_told_of_its_own_execution_only() -> None:
    told: list[str] = []
    runner = Runner(Script({"child": [{"succeed": 1}]}), VirtualClock(NOON), Maps(MapStorage()))
    runner.add(execution("map", each(3, 0)), watch=lambda one, effects: told.append(one.identity.name))
    runner.run()
    assert told == ["map", "map"]


class Missing(Script):
    """Knows nothing of the calls of state ``bad0``, and answers those of ``worse0`` with a bug."""

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        if call.state == "bad0":
            raise NoHandler(call.resource, call.state, "a handler")
        if call.state == "worse0":
            self._states[ticket] = call.state
            self._told.append((ticket, Broken(ZeroDivisionError("a bug"))))
        else:
            super().start(ticket, call, alone=alone)


def test_an_execution_that_cannot_go_on_ends_alone() -> None:
    script = Missing({"good1": [{"succeed": 7}]})
    runner = Runner(script, VirtualClock(NOON))
    good, bad, worse = (
        execution("good", wait(5), task()),
        execution("bad", task()),
        execution("worse", task()),
    )
    for one in (bad, worse, good):
        runner.add(one)
    with pytest.raises(NoHandler) as raised:
        runner.run()
    assert raised.value.__notes__ == ['in execution "bad" of state machine "local"']
    assert [(one.identity.name, type(problem)) for one, problem in runner.broken] == [
        ("bad", NoHandler),
        ("worse", ZeroDivisionError),
    ]
    assert (good.status, good.output) == ("SUCCEEDED", 7)


class Raising(MapStorage):
    """Fails to read, as nothing may."""

    def read(self, source: ReadItems) -> Iterator[Any]:
        yield 1
        raise ZeroDivisionError("a bug")


def test_a_reader_that_raises_ends_its_execution_and_what_belongs_to_it() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}
    state = {key: value for key, value in each(2, 2).items() if key not in ("Items", "QueryLanguage")}
    script = Script({"child": [{}], "good1": [{"succeed": 7}]})
    runner = Runner(script, VirtualClock(NOON), Maps(Raising()))
    good, bad = execution("good", wait(5), task()), execution("map", {**state, "ItemReader": reader})
    runner.add(bad)
    runner.add(good)
    with pytest.raises(ZeroDivisionError):
        runner.run()
    assert [one.identity.name for one, _ in runner.broken] == ["map"]
    assert good.output == 7


def test_a_clock_may_sleep_until_a_timestamp_itself() -> None:
    class Sleeping:
        def __init__(self) -> None:
            self.time = NOON
            self.slept: list[float] = []

        def now(self) -> float:
            return self.time

        def sleep_until(self, timestamp: float) -> None:
            self.slept.append(timestamp - NOON)
            self.time = timestamp

    clock = Sleeping()
    runner = Runner(Script({}), clock)
    waiting = execution("W", {"Type": "Wait", "Seconds": 5}, {"Type": "Wait", "Seconds": 2})
    runner.add(waiting)
    runner.run()
    assert (waiting.status, clock.slept) == ("SUCCEEDED", [5, 7])
