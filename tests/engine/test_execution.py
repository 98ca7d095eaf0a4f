"""An execution as a value: driven by hand, dumped and loaded at every moment, and the same every time."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool.driver import runner
from asltool.driver.clock import VirtualClock
from asltool.driver.workers import Workers
from asltool.engine import (
    AskAgain,
    CallTask,
    CancelTask,
    Execution,
    Failed,
    Identity,
    Sleep,
    Submitted,
    Succeeded,
)
from asltool.engine.retry import retry_delay
from asltool.errors import DumpError
from asltool.integrations.handlers import Handlers
from asltool.integrations.tasks_file import load_tasks
from asltool.machine import load, loads
from asltool.syntax.model import Retrier
from tests.engine.scripted import NOON, Script, execute

ROOT = Path(__file__).parent.parent.parent
ETL = ROOT / "samples" / "etl"

JOB: dict[str, Any] = {
    "StartAt": "Draw",
    "States": {
        "Draw": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "Next": "Hold"},
        "Hold": {"Type": "Wait", "Seconds": 60, "Next": "Job"},
        "Job": {
            "Type": "Task",
            "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Parameters": {"JobName.$": "$.id"},
            "TimeoutSeconds": 30,
            "Retry": [{"ErrorEquals": ["Busy"], "JitterStrategy": "FULL", "MaxAttempts": 2}],
            "End": True,
        },
    },
}


def make(definition: dict[str, Any] = JOB, seed: int = 7) -> Execution:
    program = loads(json.dumps(definition)).program
    return Execution(program, {"order": 7}, Identity(name="case", state_machine="test"), seed)


def test_driven_by_hand() -> None:
    execution = make()
    assert execution.start(NOON) == [Sleep(NOON + 60, "Hold", "wait")]
    assert execution.wake_at == NOON + 60
    assert execution.advance(NOON + 59.9) == []
    (call,) = execution.advance(NOON + 60)
    assert isinstance(call, CallTask)
    assert (call.state, call.attempt, call.timeout_seconds) == ("Job", 0, 30)
    assert execution.deliver(call.task_id, Submitted({"JobRunId": "jr"}), NOON + 61) == []
    (sleep,) = execution.deliver(call.task_id, Failed("Busy"), NOON + 62)
    assert isinstance(sleep, Sleep)
    assert sleep.reason == "retry"
    assert NOON + 62 <= sleep.until < NOON + 63
    (again,) = execution.advance(sleep.until)
    assert isinstance(again, CallTask)
    assert (again.attempt, again.input) == (1, call.input)
    assert execution.deliver(again.task_id, Succeeded({"done": True}), NOON + 70) == []
    assert execution.status == "SUCCEEDED"
    assert execution.output == {"done": True}
    assert execution.wake_at is None


def test_a_late_outcome_is_dropped() -> None:
    execution = make()
    execution.start(NOON)
    (call,) = execution.advance(NOON + 60)
    assert isinstance(call, CallTask)
    assert execution.advance(NOON + 90) == [CancelTask(call.task_id)]
    assert (execution.status, execution.error, execution.cause) == ("FAILED", "States.Timeout", None)
    events = execution.history
    assert execution.deliver(call.task_id, Succeeded({}), NOON + 91) == []
    assert execution.history == events


def test_the_end_cancels_what_is_in_flight() -> None:
    execution = make({**JOB, "TimeoutSeconds": 70})
    execution.start(NOON)
    (call,) = execution.advance(NOON + 60)
    assert isinstance(call, CallTask)
    assert execution.advance(NOON + 70) == [CancelTask(call.task_id)]
    assert execution.status == "TIMED_OUT"


@pytest.mark.parametrize(("sync", "shown"), [(False, True), (True, False)])
def test_what_start_sync_execution_started_has_no_redrive_count(sync: bool, shown: bool) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"c.$": "$$"}, "End": True}}}
    identity = Identity(name="one", express=True, sync=sync)
    execution = Execution(loads(json.dumps(definition)).program, {}, identity)
    execution.start(NOON)
    assert ("RedriveCount" in execution.output["c"]["Execution"]) is shown


def test_aborting_cancels_what_is_in_flight_and_comes_last() -> None:
    execution = make()
    execution.start(NOON)
    (call,) = execution.advance(NOON + 60)
    assert isinstance(call, CallTask)
    assert execution.abort(NOON + 61, "Stopped", "by hand") == [CancelTask(call.task_id)]
    assert (execution.status, execution.error, execution.cause) == ("ABORTED", "Stopped", "by hand")
    last = execution.history[-1]
    assert last["type"] == "ExecutionAborted"
    assert last["executionAbortedEventDetails"] == {"error": "Stopped", "cause": "by hand"}
    assert execution.abort(NOON + 62) == []
    assert len(execution.history) == last["id"]


def test_a_job_is_looked_after_wherever_it_is_continued() -> None:
    definition = {"StartAt": "Job", "States": {"Job": {**JOB["States"]["Job"], "Parameters": {}}}}
    execution = make(definition)
    (call,) = execution.start(NOON)
    assert isinstance(call, CallTask)
    execution.deliver(call.task_id, Submitted({"JobRunId": "jr"}), NOON)
    looked_after = replace(call, submitted={"JobRunId": "jr"})
    assert Execution.load(execution.dump()).outstanding() == [looked_after]
    execution.deliver(call.task_id, AskAgain(10), NOON)
    loaded = Execution.load(execution.dump())
    assert (loaded.outstanding(), loaded.wake_at) == ([], NOON + 10)
    assert loaded.advance(NOON + 10) == [replace(looked_after, asked_at=NOON + 10)]


def test_it_starts_once() -> None:
    execution = make()
    execution.start(NOON)
    with pytest.raises(RuntimeError, match="the execution has already started: it is RUNNING"):
        execution.start(NOON)


def test_time_does_not_go_back() -> None:
    execution = make()
    execution.start(NOON)
    execution.advance(NOON - 100)
    assert execution.now == NOON


def test_the_same_seed_gives_the_same_history() -> None:
    script: dict[str, list[dict[str, Any]]] = {"Job": [{"fail": "Busy"}, {"fail": "Busy"}, {"succeed": 1}]}
    once, twice, other = (execute(json.dumps(JOB), {}, Script(script), seed).history for seed in (7, 7, 8))
    assert json.dumps(once) == json.dumps(twice)
    assert once != other


def test_stopped_at_every_effect_and_continued_in_another_process() -> None:
    """The ETL sample, its flaky job: what a new process makes of each dump is what would have been."""
    dumps: list[str] = []
    machine = load(ETL / "etl.asl.json")
    execution = machine.execution(json.loads((ETL / "inputs" / "flaky_job.json").read_text()), seed=7)
    with Workers(Handlers(load_tasks(str(ETL / "tasks.py")))) as workers:
        runner.run(
            execution, workers, VirtualClock(NOON), lambda seen, _: dumps.append(json.dumps(seen.dump()))
        )
    assert execution.status == "SUCCEEDED"
    assert len(dumps) == 10
    for dumped in dumps:
        command = [sys.executable, "-m", "tests.engine.go_on", str(ETL / "tasks.py")]
        done = subprocess.run(command, input=dumped, capture_output=True, text=True, check=True, cwd=ROOT)
        assert json.loads(done.stdout) == execution.history


def test_a_dump_is_json_and_loading_changes_nothing() -> None:
    execution = make()
    execution.start(NOON)
    execution.advance(NOON + 60)
    dumped = json.loads(json.dumps(execution.dump()))
    loaded = Execution.load(dumped)
    assert json.loads(json.dumps(loaded.dump())) == dumped
    assert loaded.outstanding() == execution.outstanding()


@pytest.mark.parametrize(
    ("dumped", "message"),
    [
        ({}, 'not a dump of this version: expected an object with "asltool": 4'),
        ({"asltool": 2}, 'not a dump of this version: expected an object with "asltool": 4'),
        ({"asltool": 4}, "the dump is damaged: KeyError: 'definition'"),
        ({"asltool": 4, "definition": {}}, "the dump is damaged: its definition is not a state machine"),
    ],
)
def test_what_is_no_dump_is_refused(dumped: dict[str, Any], message: str) -> None:
    with pytest.raises(DumpError) as refused:
        Execution.load(dumped)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (("seed",), "1", "TypeError: seed cannot be '1'"),
        (("now",), 1e300, "TypeError: now cannot be 1e+300"),
        (("limits",), 1, "TypeError: limits cannot be 1"),
        (("status",), "DONE", "TypeError: status cannot be 'DONE'"),
        (("activities",), [1], "TypeError: activities cannot be [1]"),
        (("identity", "name"), None, "TypeError: name cannot be None"),
        (("identity", "more"), None, "KeyError: 'more'"),
        (("frames", 0, "variables"), [], "TypeError: variables cannot be []"),
        (("frames", 0, "attempt"), None, "TypeError: attempt cannot be None"),
        (("frames", 0, "attempt"), 0.5, "TypeError: attempt cannot be 0.5"),
        (("frames", 0, "state"), "Nowhere", "KeyError: 'Nowhere'"),
        (("timers",), [[7, "wait", 1]], "KeyError: 7"),
        (("timers",), [[0, "nap", 1]], "TypeError: a timer cannot be 'nap'"),
        (("records", 0, 2), "now", "TypeError: an event cannot be ['ExecutionStarted', 0, 'now', "),
    ],
)
def test_a_dump_of_other_types_is_refused(place: tuple[Any, ...], value: Any, problem: str) -> None:
    execution = make()
    execution.start(NOON)
    dumped = json.loads(json.dumps(execution.dump()))
    inner = dumped
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(DumpError) as refused:
        Execution.load(dumped)
    assert str(refused.value).startswith(f"the dump is damaged: {problem}")


def test_a_plan_may_have_whole_numbers_as_definitions_spell_them() -> None:
    inner = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
    }
    map_ = {"Type": "Map", "MaxConcurrency": 2.0, "ItemProcessor": inner, "End": True}
    machine = asltool.load({"StartAt": "M", "TimeoutSeconds": 99_999_999, "States": {"M": map_}})
    execution = machine.execution([1])
    execution.start(NOON)
    dumped = json.loads(json.dumps(execution.dump()))
    assert Execution.load(dumped).dump() == dumped
    dumped["frames"][0]["plan"]["writer"]["config"] = []
    with pytest.raises(DumpError, match=r"^the dump is damaged: TypeError: config cannot be \[\]$"):
        Execution.load(dumped)


def test_what_is_damaged_in_a_dump_may_only_be_noticed_later() -> None:
    execution = make()
    execution.start(NOON)
    dumped = json.loads(json.dumps(execution.dump()))
    dumped["records"][0][0] = "Nothing"
    loaded = Execution.load(dumped)
    with pytest.raises(DumpError, match=r"^the dump is damaged: KeyError: 'Nothing'$"):
        assert loaded.history
    execution.records.add("Nothing", 0, NOON, (1,))
    with pytest.raises(KeyError):
        assert execution.history


@given(
    interval=st.integers(1, 10_000),
    rate=st.floats(1, 100),
    longest=st.none() | st.integers(1, 100_000),
    attempt=st.integers(1, 2_000),
    drawn=st.floats(0, 1, exclude_max=True),
)
@settings(derandomize=True, deadline=None)
def test_delays_grow_up_to_their_bound_and_jitter_stays_below(
    interval: int, rate: float, longest: int | None, attempt: int, drawn: float
) -> None:
    plain = Retrier(
        error_equals=("E",), interval_seconds=interval, backoff_rate=rate, max_delay_seconds=longest
    )
    delay = retry_delay(plain, attempt, lambda: pytest.fail("no jitter, no chance"))
    assert delay <= retry_delay(plain, attempt + 1, lambda: 0.0)
    assert delay <= (longest or delay)
    assert delay >= min(interval, longest or interval)
    jittered = retry_delay(Retrier(**{**vars(plain), "jitter_strategy": "FULL"}), attempt, lambda: drawn)
    assert jittered == delay * drawn


def test_a_dump_may_leave_out_its_definition_and_past_events() -> None:
    execution = make()
    execution.start(NOON)
    lean = json.loads(json.dumps(execution.dump(definition=False, events=False)))
    assert "definition" not in lean
    assert lean["records"] == []
    loaded = Execution.load(lean, execution.program)
    assert loaded.program is execution.program
    assert loaded.outstanding() == execution.outstanding()
    past = len(execution.history)
    assert loaded.advance(NOON + 60) == execution.advance(NOON + 60)
    assert loaded.history == execution.history[past:]
    assert len(loaded.records) == len(execution.records)


def test_a_program_in_use_is_found_by_its_hash() -> None:
    execution = make()
    assert Execution.load(execution.dump(definition=False)).program is execution.program
    assert Execution.load(execution.dump()).program is execution.program
    dumped = execution.dump(definition=False)
    with pytest.raises(DumpError, match="the dump has no definition: pass the program"):
        Execution.load({**dumped, "definition_hash": "0"})
    other = make({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    with pytest.raises(DumpError, match="the dump and the program have different definitions"):
        Execution.load(dumped, other.program)
