"""Executions that start others, in one run."""

from __future__ import annotations

import json
from typing import Any

import pytest

import asltool
from asltool import Executions, Tasks

CHILD = "arn:aws:states:us-east-1:123456789012:stateMachine:child"
NOON = 1_772_366_400.0


def child(**last: Any) -> asltool.Machine:
    """Return a machine that waits for an hour and then does ``last``, or passes its input on."""
    end = last or {"Type": "Pass", "End": True}
    wait = {"Type": "Wait", "Seconds": 3600, "Next": "Last"}
    return asltool.load({"StartAt": "Hour", "States": {"Hour": wait, "Last": end}})


def start(
    pattern: str, machine: asltool.Machine, *, tasks: Tasks | None = None, **parameters: Any
) -> asltool.Run:
    """Run a machine whose only task starts ``machine``."""
    parent = asltool.load(
        {
            "StartAt": "Start",
            "States": {
                "Start": {
                    "Type": "Task",
                    "Resource": f"arn:aws:states:::states:startExecution{pattern}",
                    "Parameters": {"StateMachineArn": CHILD, "Name": "one", **parameters},
                    "End": True,
                }
            },
        }
    )
    clock = asltool.VirtualClock(NOON)
    return parent.run({}, tasks=tasks, integrations=[Executions({"child": machine})], clock=clock)


def kinds(run: asltool.Run) -> list[str]:
    return [event["type"].removeprefix("Task") for event in run.history][2:-2]


DESCRIBED = {
    "ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:child:one",
    "Input": '{"a":1}',
    "InputDetails": {"Included": True},
    "Name": "one",
    "Output": '{"a":1}',
    "OutputDetails": {"Included": True},
    "RedriveCount": 0,
    "RedriveStatus": "NOT_REDRIVABLE",
    "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    "StartDate": 1_772_366_400_000,
    "StateMachineArn": CHILD,
    "Status": "SUCCEEDED",
    "StopDate": 1_772_370_000_000,
}


def test_sync_waits_and_shows_texts() -> None:
    run = start(".sync", child(), Input={"a": 1})
    assert kinds(run) == ["Scheduled", "Started", "Submitted", "Succeeded"]
    assert run.output == DESCRIBED


def test_sync_2_shows_json() -> None:
    assert start(".sync:2", child(), Input={"a": 1}).output == DESCRIBED | {
        "Input": {"a": 1},
        "Output": {"a": 1},
    }


def test_request_and_response_does_not_wait_but_the_child_runs_on() -> None:
    done: list[Any] = []
    tasks = Tasks()
    tasks.register("f", lambda event, context: done.append((event, context.execution_arn)))
    last = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    run = start("", child(**last), tasks=tasks, Input={"a": 1})
    assert kinds(run) == ["Scheduled", "Started", "Succeeded"]
    assert run.history[-1]["timestamp"] == "2026-03-01T12:00:00.000Z"
    output = dict(run.output)
    request = output.pop("SdkResponseMetadata")["RequestId"]
    assert output.pop("SdkHttpMetadata")["HttpHeaders"]["x-amzn-RequestId"] == request
    assert output == {"ExecutionArn": DESCRIBED["ExecutionArn"], "StartDate": DESCRIBED["StartDate"]}
    assert done == [({"a": 1}, DESCRIBED["ExecutionArn"])]


@pytest.mark.parametrize("pattern", [".waitForTaskToken", ".sync", ".sync:2"])
def test_a_child_may_send_the_token_of_the_task_that_started_it(pattern: str) -> None:
    tasks = Tasks()
    tasks.register("f", lambda event, context: tasks.send_task_success(event["token"], {"by": "child"}))
    last = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    machine = child(**last)
    run = start(pattern, machine, tasks=tasks, Input={"token.$": "$$.Task.Token"})
    assert run.output == {"by": "child"}
    assert kinds(run) == ["Scheduled", "Started", "Submitted", "Succeeded"]


def test_a_child_that_fails() -> None:
    run = start(".sync", child(Type="Fail", Error="SomeFailure", Cause="on purpose"))
    assert run.error == "States.TaskFailed"
    description = json.loads(run.cause or "")
    assert run.cause == json.dumps(description, separators=(",", ":"))
    assert list(description) == sorted(description)
    expected = {"Cause": "on purpose", "Error": "SomeFailure", "Status": "FAILED", "Input": "{}"}
    assert {name: description[name] for name in expected} == expected
    assert "Output" not in description


def test_a_string_is_sent_as_it_is() -> None:
    assert start(".sync:2", child(), Input='{"a": 1}').output["Output"] == {"a": 1}


@pytest.mark.parametrize(
    ("parameters", "error", "cause"),
    [
        (
            {"StateMachineArn": CHILD + "2"},
            "StepFunctions.StateMachineDoesNotExistException",
            f"State Machine Does Not Exist: '{CHILD}2' (Service: AWSStepFunctions; Status Code: 400; "
            "Error Code: StateMachineDoesNotExist; Request ID: ",
        ),
        (
            {"Input": "not JSON"},
            "StepFunctions.InvalidExecutionInputException",
            "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (JSON String, ",
        ),
        (
            {"StateMachineArn": "parent"},
            "StepFunctions.InvalidArnException",
            "Invalid Arn: 'Invalid ARN prefix: parent' (Service: AWSStepFunctions; ",
        ),
        (
            {"Name": "one/two"},
            "StepFunctions.InvalidNameException",
            "Invalid Name: 'one/two' (Service: AWSStepFunctions; ",
        ),
        (
            {"TraceHeaders": "x"},
            "States.Runtime",
            'The Parameters \'{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child",'
            '"Name":"one","TraceHeaders":"x"}\' could not be used to start the Task: '
            '[The field "TraceHeaders" is not supported by Step Functions]',
        ),
    ],
)
def test_what_is_refused(parameters: dict[str, Any], error: str, cause: str) -> None:
    run = start(".sync", child(), **parameters)
    assert [event["type"] for event in run.history][-2:] == ["TaskFailed", "ExecutionFailed"]
    assert run.error == error
    assert (run.cause or "").startswith(cause)


def test_a_machine_has_to_be_named() -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution",
        "Arguments": "{% {} %}",
        "End": True,
    }
    parent = asltool.load({"QueryLanguage": "JSONata", "StartAt": "Start", "States": {"Start": task}})
    run = parent.run({}, integrations=[Executions({})])
    assert run.cause == (
        "The Parameters '{}' could not be used to start the Task: "
        "[The field 'StateMachineArn' is required but was missing]"
    )


def test_a_name_is_used_once_in_a_run_and_again_in_the_next() -> None:
    begin = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": CHILD, "Name": "one"},
    }
    twice = asltool.load(
        {"StartAt": "A", "States": {"A": {**begin, "Next": "B"}, "B": {**begin, "End": True}}}
    )
    executions = Executions({CHILD: child()})
    for _ in range(2):
        run = twice.run({}, integrations=[executions])
        assert run.error == "StepFunctions.ExecutionAlreadyExistsException"
        assert run.path == ["A", "B"]
        assert (run.cause or "").startswith(f"Execution Already Exists: '{DESCRIBED['ExecutionArn']}' (Serv")


def test_a_child_is_stopped_with_the_task_that_waits_for_it() -> None:
    tasks = Tasks()
    tasks.register("f", lambda event, context: pytest.fail("the child ran on"))
    last = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    parent = asltool.load(
        {
            "StartAt": "Start",
            "States": {
                "Start": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::states:startExecution.sync",
                    "Parameters": {"StateMachineArn": CHILD},
                    "TimeoutSeconds": 60,
                    "End": True,
                }
            },
        }
    )
    run = parent.run({}, tasks=tasks, integrations=[Executions({"child": child(**last)})])
    assert run.error == "States.Timeout"


def test_a_machine_of_another_account() -> None:
    arn = "arn:aws:states:eu-west-1:222222222222:stateMachine:child:PROD"
    output = start(".sync:2", child(), StateMachineArn=arn).output
    assert output["ExecutionArn"] == "arn:aws:states:eu-west-1:222222222222:execution:child:one"


def test_without_the_machine_the_error_names_the_option() -> None:
    parent = asltool.load(
        {
            "StartAt": "Start",
            "States": {
                "Start": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::states:startExecution",
                    "Parameters": {"StateMachineArn": CHILD},
                    "End": True,
                }
            },
        }
    )
    with pytest.raises(asltool.NoHandler, match=r"--machine NAME=FILE"):
        parent.run({})
