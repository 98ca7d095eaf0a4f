"""The service's limits: on unless they are lifted."""

from __future__ import annotations

from typing import Any

import pytest

import asltool
from asltool.engine import Execution
from asltool.engine.limits import LARGEST, too_large

LOOP: dict[str, Any] = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.stop", "IsPresent": False, "Next": "A"}],
            "Default": "C",
        },
        "C": {"Type": "Succeed"},
    },
}


@pytest.mark.parametrize("value", ["a" * (LARGEST - 2), "é" * (LARGEST // 2 - 1), [1] * (LARGEST // 2 - 1)])
def test_the_limit_is_in_bytes_of_json_text(value: Any) -> None:
    assert not too_large(value)
    assert too_large([value])


def test_a_state_with_too_large_an_output() -> None:
    state = {"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}, "End": True}
    machine = asltool.load({"StartAt": "Twice", "States": {"Twice": state}})
    run = machine.run("x" * 140_000)
    assert (run.status, run.error) == ("FAILED", "States.DataLimitExceeded")
    assert run.cause == (
        "The state/task 'Twice' returned a result with a size exceeding the maximum number of bytes "
        "service limit."
    )
    assert machine.run("x" * 140_000, limits=False).status == "SUCCEEDED"


def test_a_task_with_too_large_a_result_can_be_caught() -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f"},
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Z"}],
        "End": True,
    }
    machine = asltool.load({"StartAt": "T", "States": {"T": task, "Z": {"Type": "Succeed"}}})
    tasks = asltool.Tasks()
    tasks.register("*", lambda event, context: "x" * LARGEST)
    run = machine.run(tasks=tasks)
    assert run.status == "SUCCEEDED"
    assert run.output["error"]["Error"] == "States.DataLimitExceeded"
    assert run.output["error"]["Cause"].startswith("The state/task 'lambda' returned")


def test_a_history_has_25000_events_at_most() -> None:
    run = asltool.load(LOOP).run({})
    assert (run.status, run.error) == ("FAILED", "States.Runtime")
    assert run.cause == "The execution reached the maximum number of history events (25000)."
    assert len(run.history) == 25_000


def test_events_that_a_dump_leaves_out_count() -> None:
    wait = {"Type": "Wait", "Seconds": 1, "Next": "A"}
    machine = asltool.load({"StartAt": "W", "States": {"W": wait, **LOOP["States"]}})
    execution = machine.execution({})
    execution.start(0.0)
    dumped = execution.dump(events=False)
    loaded = Execution.load(dumped)
    loaded.advance(1.0)
    assert (loaded.status, len(loaded.records)) == ("FAILED", 25_000)


def test_variables_have_limits_of_their_own() -> None:
    state = {"Type": "Pass", "Assign": {"a.$": "$", "b.$": "$"}, "End": True}
    machine = asltool.load({"StartAt": "Keep", "States": {"Keep": state}})
    run = machine.run("x" * 140_000)
    assert (run.status, run.error) == ("FAILED", "States.DataLimitExceeded")
    assert run.cause == (
        "The state 'Keep' assigned variables with a size exceeding the maximum number of bytes service limit."
    )
    assert machine.run("x" * 140_000, limits=False).status == "SUCCEEDED"


def test_too_large_an_input_is_refused() -> None:
    machine = asltool.load({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})
    with pytest.raises(asltool.InputError, match="larger than 256 KiB"):
        machine.run("x" * LARGEST)
    assert machine.run("x" * LARGEST, limits=False).status == "SUCCEEDED"
