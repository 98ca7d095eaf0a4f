"""The log: what is noted rebuilds executions, and nothing begins before it is committed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from asltool.driver.clock import VirtualClock
from asltool.driver.fleet import Fleet
from asltool.driver.live import Cancel, DoTask
from asltool.driver.log import Step
from asltool.driver.map_outside import Maps
from asltool.driver.ports import StartExecution
from asltool.driver.runner import Runner
from asltool.engine import CallTask, Effect, Execution, Failed, Heartbeat, Succeeded
from asltool.integrations.map_storage import MapStorage
from tests.driver.test_runner import Nesting, each, execution, task, wait
from tests.engine.scripted import NOON, Script


class Book:
    """A `Log` in memory; ``seen`` is the order in which it and a port are called."""

    def __init__(self) -> None:
        self.steps: dict[str, list[Step]] = {}
        self.executions: dict[str, tuple[Execution, Execution]] = {}
        self.seen: list[str] = []

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        arn = execution.identity.execution_arn
        self.steps.setdefault(arn, []).append(step)
        self.executions[arn] = execution, root
        self.seen.append(f"{step.call} {root.identity.name}")

    def commit(self) -> None:
        self.seen.append("commit")


def rebuilt(execution: Execution, steps: Sequence[Step]) -> Execution:
    """Return an execution like this one, brought by these steps to where this one is."""
    again = Execution(execution.program, execution.input, execution.identity, execution.seed)
    for step in steps:
        step.repeat(again)
    return again


def test_steps_rebuild_every_execution() -> None:
    book = Book()
    nested = execution("inner", wait(10), task())
    script = Nesting(nested, lambda ended: Succeeded(ended.output))
    script.answers = {"child": [{"succeed": 1}], "inner1": [{"submit": {}, "fail": "E"}]}
    runner = Runner(script, VirtualClock(NOON), Maps(MapStorage()), book)
    retried = task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 2}])
    script.answers = {**script.answers, "again0": [{"fail": "E"}, {"succeed": 2}]}
    roots = [
        execution("map", each(3, 2)),
        execution("short", {**each(2, 0), "ItemProcessor": passes()}),
        execution("outer", task(), wait(1)),
        execution("again", retried),
    ]
    for root in roots:
        runner.add(root)
    runner.run()
    assert [root.status for root in roots] == ["SUCCEEDED"] * 4
    assert len(book.executions) == 4 + 3 + 2 + 1
    for arn, (one, _) in book.executions.items():
        assert rebuilt(one, book.steps[arn]).dump() == one.dump()
    owners = [root.identity.name for one, root in book.executions.values() if one not in roots]
    assert sorted(owners) == ["map", "map", "map", "outer", "short", "short"]


def passes() -> dict[str, object]:
    return {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
    }


class Listed(Script):
    """Notes when work begins."""

    book = Book()

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        self.book.seen.append(f"call {call.state}")
        super().start(ticket, call, alone=alone)


def test_work_begins_once_its_step_is_committed() -> None:
    script = Listed({"one0": [{"succeed": 1}], "one2": [{"succeed": 1}]})
    script.book = Book()
    runner = Runner(script, VirtualClock(NOON), log=script.book)
    runner.add(execution("one", task(), wait(5), task()))
    runner.run()
    assert script.book.seen == [
        *("start one", "commit", "call one0", "commit"),
        *("deliver one", "commit", "advance one", "commit", "call one2", "commit"),
        *("deliver one", "commit"),
    ]


def test_nothing_begins_if_it_cannot_be_committed() -> None:
    class Full(Book):
        def commit(self) -> None:
            raise OSError(28, "no space left on device")

    script = Listed({})
    script.book = Full()
    runner = Runner(script, VirtualClock(NOON), log=script.book)
    runner.add(execution("one", task()))
    with pytest.raises(OSError, match="no space left"):
        runner.run()
    assert script.book.seen == ["start one"]


def test_a_log_that_refuses_a_step_ends_that_execution_only() -> None:
    class Refusing(Book):
        def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
            if root.identity.name == "bad":
                raise ValueError("too large")
            super().note(execution, step, effects, root)

    runner = Runner(Script({"good0": [{"succeed": 1}]}), VirtualClock(NOON), log=Refusing())
    good = execution("good", task())
    runner.add(execution("bad", task()))
    runner.add(good)
    with pytest.raises(ValueError, match="too large"):
        runner.run()
    assert good.status == "SUCCEEDED"


def test_an_execution_is_stopped_from_outside() -> None:
    book, ended = Book(), list[str]()
    fleet = Fleet(note=book.note)
    stopped, other = execution("stopped", task()), execution("other", task())
    for one in (stopped, other):
        fleet.add(one, lambda one: ended.append(one.identity.name))
    first, second = fleet.turn(NOON, []).effects
    assert isinstance(first, DoTask)
    fleet.abort(stopped, "Stopped", "by hand")
    turn = fleet.turn(NOON + 1, [])
    assert turn.effects == [Cancel(first.ticket)]
    assert (stopped.status, stopped.error, stopped.cause, ended) == (
        *("ABORTED", "Stopped", "by hand"),
        ["stopped"],
    )
    steps = book.steps[stopped.identity.execution_arn]
    assert steps[-1] == Step("abort", NOON + 1, outcome=Failed("Stopped", "by hand"))
    assert rebuilt(stopped, steps).dump() == stopped.dump()
    fleet.abort(stopped)  # it has ended already
    assert isinstance(second, DoTask)
    assert not fleet.turn(NOON + 2, [(second.ticket, Heartbeat())]).effects
    assert fleet.turn(NOON + 3, [(second.ticket, Succeeded(1))]).over
    assert (other.status, ended) == ("SUCCEEDED", ["stopped", "other"])
    assert [step.call for step in book.steps[other.identity.execution_arn]] == ["start", "deliver", "deliver"]


def test_stopping_an_execution_is_work_for_the_next_turn() -> None:
    fleet = Fleet()
    one = execution("one", wait(60))
    fleet.add(one, watch=lambda one, effects: fleet.abort(one))
    assert fleet.turn(NOON, []).wake_at == NOON
    assert fleet.turn(NOON, []).over
    assert one.status == "ABORTED"


def test_who_waits_hears_that_a_nested_execution_was_stopped() -> None:
    fleet, ended = Fleet(), list[str]()
    nested = execution("inner", wait(10))
    fleet.add(execution("outer", task()))
    (call,) = fleet.turn(NOON, []).effects
    assert isinstance(call, DoTask)
    start = StartExecution(nested, lambda: None, lambda: ended.append(nested.status))
    fleet.turn(NOON, [(call.ticket, start)])
    fleet.abort(nested)
    assert not fleet.turn(NOON, []).over
    assert ended == ["ABORTED"]


def test_a_step_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown step: Step"):
        Step("deliver", NOON).repeat(execution("one", wait(1)))
