"""Map runs: what is tolerated, what is kept, and what a redrive runs again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from asltool.driver import runner
from asltool.driver.clock import VirtualClock
from asltool.driver.map_outside import Maps
from asltool.engine import Execution, Identity, Program, StartMapRun, Succeeded
from asltool.engine.map_io import ChildEnd, Chunk, ChunkEnd, EndedChild, MapJournal, WrittenPart
from asltool.engine.map_plan import MapPlan
from asltool.engine.map_run import MOST_FAILED_KEPT, MapRun
from asltool.errors import NotRedrivable, OptionError
from asltool.integrations.map_storage import MapStorage
from asltool.machine import loads
from tests.engine.scripted import NOON, Script
from tests.integrations.memory_objects import Memory

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:do"
DO = {"Type": "Task", "Resource": LAMBDA, "End": True}
PLAN = MapPlan(
    arn="arn:aws:states:us-east-1:123456789012:mapRun:test/L:1",
    entered_id=2,
    items=None,
    document={},
    reader=None,
    batching=None,
    writer={"resource": None, "config": {}, "arguments": {}},
    max_concurrency=0,
    tolerated_failure_count=None,
    tolerated_failure_percentage=None,
    started_at=NOON,
)


@dataclass
class Places:
    """Other processes, which run so many chunks at the same time."""

    workers: int


class Book:
    """A journal in memory."""

    def __init__(self) -> None:
        self.children: list[ChildEnd | WrittenPart] = []
        self.flushed = 0

    def ended(self) -> Iterator[ChildEnd | WrittenPart]:
        yield from self.children

    def note(self, child: ChildEnd | WrittenPart) -> None:
        self.children.append(child)

    def flush(self) -> None:
        self.flushed = len(self.children)

    def close(self) -> None:
        self.flush()


def program(child: dict[str, Any], **fields: Any) -> Program:
    """Return a distributed Map whose children are one state."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Child",
        "States": {"Child": child},
    }
    state = {"Type": "Map", "Label": "L", "ItemProcessor": processor, "End": True, **fields}
    return loads(json.dumps({"StartAt": "Each", "States": {"Each": state}})).program


def drive(
    execution: Execution,
    script: Script,
    journal: MapJournal | None = None,
    objects: Memory | None = None,
) -> Maps:
    maps = Maps(MapStorage(objects), None if journal is None else lambda arn, inputs: journal)
    driver = runner.Runner(script, VirtualClock(max(NOON, execution.now)), maps)
    driver.add(execution)
    driver.run()
    return maps


def begin(child: dict[str, Any], value: Any, **fields: Any) -> Execution:
    return Execution(program(child, **fields), value, Identity(name="case", state_machine="test"), 7)


@pytest.mark.parametrize(
    ("count", "percentage", "failed", "total", "all_known", "exceeded"),
    [
        (None, None, 0, 4, True, False),
        (None, None, 1, 4, False, True),
        (1, None, 1, 4, True, False),
        (1, None, 2, 4, False, True),
        (None, 50, 2, 4, True, False),
        (None, 50, 3, 4, True, True),
        (None, 50, 3, 4, False, False),
        (1, 100, 2, 4, True, True),
        (4, 25, 2, 4, True, True),
        (0, None, 0, 0, True, False),
        (None, 0, 0, 0, True, False),
    ],
)
def test_what_is_tolerated(
    count: int | None, percentage: float | None, failed: int, total: int, all_known: bool, exceeded: bool
) -> None:
    plan = replace(PLAN, tolerated_failure_count=count, tolerated_failure_percentage=percentage)
    run = MapRun(plan, "Each", "arn")
    for index in range(total):
        run.begin(1)
        run.end("FAILED" if index < failed else "SUCCEEDED", 1)
    assert run.exceeded(all_known=all_known) is exceeded


def test_a_child_that_timed_out_counts_as_failed_with_all_its_items() -> None:
    run = MapRun(replace(PLAN, tolerated_failure_count=4), "Each", "arn")
    run.begin(5)
    run.end("TIMED_OUT", 5)
    assert run.exceeded(all_known=False)
    assert run.items.record["timedOut"] == 5
    assert run.executions.record["timedOut"] == 1


def test_of_many_failures_the_first_are_kept() -> None:
    many = MOST_FAILED_KEPT + 1
    execution = begin({"Type": "Fail", "Error": "Sorry"}, list(range(many)), ToleratedFailureCount=many)
    (run,) = drive(execution, Script({})).runs
    assert (run.items.failed, len(run.failed)) == (many, MOST_FAILED_KEPT)
    assert run.failed[-1].input == MOST_FAILED_KEPT - 1


def test_children_that_ended_before_do_not_run_again() -> None:
    book = Book()
    first = begin(DO, [1, 2, 3], ToleratedFailureCount=3)
    drive(first, Script({"Child": [{"succeed": "a"}, {"fail": "Busy"}, {"succeed": "c"}]}), book)
    assert [getattr(child, "status", None) for child in book.children] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    del book.children[0]
    again, script = begin(DO, [1, 2, 3], ToleratedFailureCount=3), Script({"Child": [{"succeed": "A"}]})
    (run,) = drive(again, script, book).runs
    assert [call.input for call in script.calls] == [1]
    assert [again.output[0], again.output[1]["Error"], again.output[2]] == ["A", "Busy", "c"]
    assert run.items.record == {**run.items.record, "succeeded": 2, "failed": 1, "total": 3}


def test_a_map_run_that_had_failed_already_begins_nothing_more() -> None:
    book = Book()
    book.note(ChildEnd(index=1, items=1, status="FAILED", started_at=NOON, stopped_at=NOON))
    again, script = begin(DO, [1, 2, 3]), Script({"Child": [{"succeed": "A"}]})
    (run,) = drive(again, script, book).runs
    assert (again.error, script.calls) == ("States.ExceedToleratedFailureThreshold", [])
    assert run.items.record == {**run.items.record, "pending": 2, "failed": 1, "total": 3}


def test_children_elsewhere_are_told_of_when_the_map_run_fails() -> None:
    class Elsewhere(Script):
        def start_children(self, ticket: int, chunk: Chunk) -> None:
            ((index, items, _),) = chunk.inputs
            if index == 1:
                bad = ChildEnd(
                    index=1, items=items, status="FAILED", started_at=0, stopped_at=0, error="Sorry"
                )
                self._told.append((ticket, Succeeded(ChunkEnd([(bad, [])], 0.1))))
            self._states[ticket] = chunk.state

    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}}
    execution = begin(DO, [1, 2, 3, 4], ResultWriter=writer, MaxConcurrency=2)
    objects, script = Memory("out"), Elsewhere({})
    maps = Maps(MapStorage(objects), elsewhere=Places(1))
    driver = runner.Runner(script, VirtualClock(NOON), maps)
    driver.add(execution)
    driver.run()
    (run,) = maps.runs
    assert script.cancelled == ["Each"]
    assert run.items.record == {**run.items.record, "failed": 1, "aborted": 1, "pending": 2, "total": 4}
    assert [child.error for child in run.failed] == ["Sorry"]
    files = {key.partition("/")[2]: json.loads(body) for key, body in objects.buckets["out"].items()}
    assert [child["Status"] for child in files["FAILED_0.json"]] == ["FAILED", "ABORTED"]
    assert [child["Input"] for child in files["PENDING_0.json"]] == ["3", "4"]


def test_what_has_ended_is_kept_before_anything_else_begins() -> None:
    book = Book()

    class Watchful(Script):
        def start(self, ticket: int, call: Any, *, alone: bool) -> None:
            assert book.flushed == len(book.children) == call.input
            super().start(ticket, call, alone=alone)

    drive(begin(DO, [0, 1, 2], MaxConcurrency=1), Watchful({"Child": [{"succeed": 1}]}), book)
    assert book.flushed == 3


def test_a_redrive_runs_what_did_not_succeed() -> None:
    book = Book()
    execution = begin(DO, ["a", "b", "c"], MaxConcurrency=1)
    drive(execution, Script({"Child": [{"succeed": 1}, {"fail": "Busy"}]}), book)
    assert (execution.status, execution.error) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    execution = Execution.load(json.loads(json.dumps(execution.dump())))
    execution.redrive(NOON + 60)
    script = Script({"Child": [{"succeed": 2}]})
    (run,) = drive(execution, script, book).runs
    assert [call.input for call in script.calls] == ["b", "c"]
    assert (execution.status, execution.output) == ("SUCCEEDED", [1, 2, 2])
    assert [[event["id"], event["previousEventId"], event["type"]] for event in execution.history[4:]] == [
        [5, 4, "MapRunFailed"],
        [6, 5, "MapStateFailed"],
        [7, 6, "ExecutionFailed"],
        [8, 7, "ExecutionRedriven"],
        [9, 3, "MapRunRedriven"],
        [10, 9, "MapRunSucceeded"],
        [11, 10, "MapStateSucceeded"],
        [12, 9, "MapStateExited"],
        [13, 12, "ExecutionSucceeded"],
    ]
    details = execution.history[8]["mapRunRedrivenEventDetails"]
    assert details == {"mapRunArn": run.arn, "redriveCount": 1}
    record = run.record
    assert (record["redriveCount"], record["redriveDate"]) == (1, "2026-03-01T12:01:00.000Z")
    assert record["startDate"] == "2026-03-01T12:00:00.000Z"


def test_a_redrive_enters_a_failed_task_again() -> None:
    definition = {"StartAt": "Child", "TimeoutSeconds": 10, "States": {"Child": DO}}
    execution = Execution(loads(json.dumps(definition)).program, 1, Identity(name="case"))
    drive(execution, Script({"Child": [{"fail": "Busy"}]}))
    execution.redrive(NOON)
    assert execution.context["Execution"]["RedriveCount"] == 1
    assert execution.wake_at == NOON + 10
    drive(execution, Script({"Child": [{"succeed": 5}]}))
    assert (execution.status, execution.output, execution.redrive_count) == ("SUCCEEDED", 5, 1)
    with pytest.raises(NotRedrivable, match="cannot be redriven: it is SUCCEEDED"):
        execution.redrive(NOON)


def test_a_dumped_execution_asks_for_its_map_run_again() -> None:
    execution = begin(DO, [1], ItemBatcher={"MaxItemsPerBatch": 2}, ItemSelector={"n.$": "$$.Map.Item.Value"})
    (asked,) = execution.start(NOON)
    loaded = Execution.load(json.loads(json.dumps(execution.dump())))
    (again,) = loaded.outstanding()
    assert isinstance(asked, StartMapRun)
    assert isinstance(again, StartMapRun)
    assert (again.task_id, again.plan) == (asked.task_id, asked.plan)
    script = Script({"Child": [{"succeed": 1}]})
    drive(loaded, script)
    assert [call.input for call in script.calls] == [{"Items": [{"n": 1}]}]


@pytest.mark.parametrize("child", [{"Type": "Succeed"}, {"Type": "Wait", "SecondsPath": "$", "End": True}])
def test_who_watches_is_told_of_the_end_once(child: dict[str, Any]) -> None:
    told: list[tuple[str, int]] = []
    maps = Maps(MapStorage(), watch=lambda run: told.append((run.status, run.items.succeeded)))
    driver = runner.Runner(Script({}), VirtualClock(NOON), maps)
    driver.add(begin(child, list(range(1_500))))
    driver.run()
    assert {status for status, _ in told[:-1]} == {"RUNNING"}
    assert ("RUNNING", 1_000) in told
    assert told[-1] == ("SUCCEEDED", 1_500)


def test_time_runs_out_while_children_begin() -> None:
    class Ticking(VirtualClock):
        def now(self) -> float:
            self.until(super().now() + 0.5, idle=True)
            return super().now()

    children = program({"Type": "Succeed"})
    execution = Execution(replace(children, timeout_seconds=3), list(range(9_000)), Identity(name="case"))
    maps = Maps(MapStorage())
    driver = runner.Runner(Script({}), Ticking(NOON), maps)
    driver.add(execution)
    driver.run()
    assert execution.status == "TIMED_OUT"
    (run,) = maps.runs
    assert (run.status, run.items.succeeded) == ("ABORTED", 1_500)


def test_the_files_tell_of_every_child() -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p"}}
    choices = [{"Variable": "$", "NumericEquals": 2, "Next": "Bad"}]
    child = {"Type": "Choice", "Choices": choices, "Default": "Good"}
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "Child",
        "States": {"Child": child, "Bad": {"Type": "Fail"}, "Good": {"Type": "Succeed"}},
    }
    objects = Memory("out")
    execution = begin({}, [1, 2, 3], ItemProcessor=processor, ResultWriter=writer, MaxConcurrency=1)
    (run,) = drive(execution, Script({}), objects=objects).runs
    folder = f"p/{run.arn.rpartition(':')[2]}"
    files = {key: json.loads(body) for key, body in objects.buckets["out"].items()}
    told = {
        name: [[child.get("Input"), child["Status"]] for child in files[f"{folder}/{name}_0.json"]]
        for name in ("SUCCEEDED", "FAILED", "PENDING")
    }
    assert told == {
        "SUCCEEDED": [["1", "SUCCEEDED"]],
        "FAILED": [["2", "FAILED"]],
        "PENDING": [["3", "PENDING"]],
    }
    assert files[f"{folder}/SUCCEEDED_0.json"][0]["ExecutionArn"].startswith(
        "arn:aws:states:us-east-1:123456789012:express:test/L:"
    )


def test_a_child_that_is_given_too_much_fails() -> None:
    big = {"text": "x" * 300_000}
    definition = {"Type": "Pass", "End": True}
    (run,) = drive(begin(definition, [1], ItemSelector=big), Script({})).runs
    assert [child.error for child in run.failed] == ["States.DataLimitExceeded"]
    assert [event["type"] for event in run.failed[0].history] == ["ExecutionStarted", "ExecutionFailed"]


def test_without_a_port_a_map_run_is_refused() -> None:
    with pytest.raises(OptionError, match=r'Map state "Each" needs storage: pass --s3 \(s3=\)'):
        runner.run(begin(DO, [1]), Script({}), VirtualClock(NOON))


class Elsewhere(Script):
    """Runs chunks, at ``seconds`` a child; ``stops`` says after how many children a chunk returns."""

    def __init__(self, seconds: float, stops: int | None = None) -> None:
        super().__init__({})
        self.chunks: list[Chunk] = []
        self._seconds, self._stops = seconds, stops

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        run = chunk.inputs[: self._stops]
        ended: list[EndedChild] = [(end(index, items, value), None) for index, items, value in run]
        self._told.append((ticket, Succeeded(ChunkEnd(ended, self._seconds * len(run)))))

    @property
    def sizes(self) -> list[int]:
        return [len(chunk.inputs) for chunk in self.chunks]


def end(index: int, items: int, value: Any) -> ChildEnd:
    return ChildEnd(index=index, items=items, status="SUCCEEDED", started_at=0, stopped_at=0, output=value)


def run_elsewhere(script: Elsewhere, items: int, **fields: Any) -> MapRun:
    execution, maps = begin(DO, list(range(items)), **fields), Maps(MapStorage(), elsewhere=Places(1))
    driver = runner.Runner(script, VirtualClock(NOON), maps)
    driver.add(execution)
    driver.run()
    assert execution.output == list(range(items))
    (run,) = maps.runs
    return run


@pytest.mark.parametrize(
    ("seconds", "most", "sizes"),
    [
        (
            0.001,
            0,
            [1, 1, 16, 16, 241, 181, 136, 102, 76, 57, 43, 32, 24, 18, 14, 10, 8, 6, 4, 3, 2, 2, *[1] * 7],
        ),
        (0.05, 0, [1, 1, *[10] * 96, 9, 7, 5, 4, 3, 2, 2, *[1] * 6]),
        (2, 0, [1] * 1000),
        (0.05, 1, [1, 4, *[10] * 98, 7, 4, 2, 1, 1]),
    ],
    ids=["quick", "usual", "slow", "one at a time"],
)
def test_chunks_for_other_processes_are_sized_by_time(seconds: float, most: int, sizes: list[int]) -> None:
    script = Elsewhere(seconds)
    run_elsewhere(script, 1000, MaxConcurrency=most)
    assert script.sizes == sizes


def test_children_that_a_chunk_returns_run_in_another_one() -> None:
    script = Elsewhere(0.001, stops=1)
    run = run_elsewhere(script, 12)
    assert [[index for index, _, _ in chunk.inputs] for chunk in script.chunks] == [
        *([0], [1], [2, 3], [4, 5], [3], [5], [6], [7], [8], [9], [10], [11]),
    ]
    assert run.items.record == {**run.items.record, "running": 0, "succeeded": 12, "total": 12}


class Deadly(Elsewhere):
    """Processes that end when they run one of these children, up to so many times."""

    def __init__(self, children: set[int], times: int) -> None:
        super().__init__(0.001)
        self._left = dict.fromkeys(children, times)

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        for index, _, _ in chunk.inputs:
            if self._left.get(index, 0):
                self._left[index] -= 1
                self.chunks.append(chunk)
                self._told.append((ticket, Succeeded(ChunkEnd([], 0, lost="process 7"))))
                return
        super().start_children(ticket, chunk)


def test_a_child_that_ends_its_process_is_found_by_halving_and_fails_alone() -> None:
    script, items = Deadly({5, 30}, 1_000), list(range(40))
    execution = begin(DO, items, ToleratedFailureCount=2)
    maps = Maps(MapStorage(), elsewhere=Places(1))
    driver = runner.Runner(script, VirtualClock(NOON), maps)
    driver.add(execution)
    driver.run()
    (run,) = maps.runs
    assert run.items.record == {**run.items.record, "running": 0, "succeeded": 38, "failed": 2, "total": 40}
    cause = "every process that ran this execution ended, the last one was process 7"
    assert [(each.input, each.error, each.cause) for each in run.failed] == [
        (5, "States.Runtime", cause),
        (30, "States.Runtime", cause),
    ]
    types = [event["type"] for event in run.failed[0].history]
    assert types == ["ExecutionStarted", "ExecutionFailed"]
    assert [execution.output[item] for item in items if item not in (5, 30)] == [
        item for item in items if item not in (5, 30)
    ]


def test_a_child_whose_process_ends_for_another_reason_runs_again() -> None:
    run = run_elsewhere(Deadly({0, 9}, 2), 40)
    assert run.items.record == {**run.items.record, "running": 0, "succeeded": 40, "total": 40}


@pytest.mark.parametrize(
    ("fields", "tolerated"),
    [({}, 0), ({"ToleratedFailureCount": 3}, 3), ({"ToleratedFailurePercentage": 25}, 2)],
)
def test_chunks_say_how_many_failures_are_tolerated(fields: dict[str, Any], tolerated: int) -> None:
    script = Elsewhere(0.001)
    run_elsewhere(script, 10, **fields)
    assert {chunk.tolerated for chunk in script.chunks} == {tolerated}
