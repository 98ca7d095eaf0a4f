"""Executions that tasks start, which lie in the same store."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.service.world import World

PLACE = "arn:aws:states:us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/r"
CHILD = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": True}}}


def parent(pattern: str, **fields: Any) -> dict[str, Any]:
    parameters = {"StateMachineArn": f"{PLACE}:stateMachine:child", "Input": {"a": 1}, **fields}
    resource = f"arn:aws:states:::states:startExecution{pattern}"
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    return {"StartAt": "T", "States": {"T": task}}


async def started(world: World, definition: dict[str, Any]) -> str:
    for name, each in (("child", CHILD), ("parent", definition)):
        request = {"name": name, "definition": json.dumps(each), "roleArn": ROLE}
        await world.call("CreateStateMachine", request)
    request = {"stateMachineArn": f"{PLACE}:stateMachine:parent", "name": "p"}
    return str((await world.call("StartExecution", request))["executionArn"])


async def events(world: World, arn: str, wanted: str) -> list[str]:
    """Return the events of an execution once it has one of this type: tasks begin in threads."""
    while True:
        answer = await world.call("GetExecutionHistory", {"executionArn": arn})
        types = [event["type"] for event in answer["events"]]
        if wanted in types:
            return types
        await asyncio.sleep(0.001)


def test_a_task_waits_for_the_execution_that_it_starts() -> None:
    async def run() -> None:
        async with World() as world:
            arn = await started(world, parent(".sync:2", Name="c"))
            await events(world, arn, "TaskSubmitted")
            child = {"executionArn": f"{PLACE}:execution:child:c"}
            assert (await world.call("DescribeExecution", child))["input"] == '{"a":1}'
            await world.wait(9)
            await events(world, arn, "ExecutionSucceeded")
            answer = await world.call("DescribeExecution", {"executionArn": arn})
            output = json.loads(answer["output"])
            assert (output["Status"], output["Output"]) == ("SUCCEEDED", {"a": 1})
            described = await world.call("DescribeExecution", child)
            assert (described["status"], described["stopDate"]) == ("SUCCEEDED", world.now)

    asyncio.run(run())


def test_a_task_waits_on_after_a_restart() -> None:
    async def run() -> None:
        async with World() as world:
            arn = await started(world, parent(".sync"))
            await events(world, arn, "TaskSubmitted")
            await world.start_again()
            await world.wait(9)
            assert (await events(world, arn, "ExecutionSucceeded")).count("TaskSubmitted") == 1
            listed = await world.call("ListExecutions", {"stateMachineArn": f"{PLACE}:stateMachine:child"})
            assert [each["status"] for each in listed["executions"]] == ["SUCCEEDED"]

    asyncio.run(run())


def test_a_task_goes_on_once_it_has_started_an_execution() -> None:
    async def run() -> None:
        async with World() as world:
            arn = await started(world, parent(""))
            types = await events(world, arn, "ExecutionSucceeded")
            assert "TaskSubmitted" not in types
            listed = await world.call("ListExecutions", {"stateMachineArn": f"{PLACE}:stateMachine:child"})
            assert [each["status"] for each in listed["executions"]] == ["RUNNING"]

    asyncio.run(run())


def test_what_cannot_be_started_fails_the_task() -> None:
    async def run() -> None:
        async with World() as world:
            arn = await started(world, parent(".sync", Name="c/d"))
            await events(world, arn, "ExecutionFailed")
            answer = await world.call("DescribeExecution", {"executionArn": arn})
            assert answer["error"] == "StepFunctions.InvalidNameException"
            assert answer["cause"].startswith(
                "Invalid Name: 'c/d' (Service: AWSStepFunctions; Status Code: 400;"
            )

    asyncio.run(run())


def calling(action: str, **parameters: Any) -> dict[str, Any]:
    resource = f"arn:aws:states:::aws-sdk:sfn:{action}"
    return {"StartAt": "T", "States": {"T": _task(resource, parameters)}}


def _task(resource: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}


def test_a_task_asks_the_service_itself() -> None:
    async def run() -> None:
        async with World() as world:
            parameters = {"StateMachineArn": f"{PLACE}:stateMachine:child", "Name": "c"}
            arn = await started(world, calling("startExecution", **parameters))
            await events(world, arn, "ExecutionSucceeded")
            answer = await world.call("DescribeExecution", {"executionArn": arn})
            assert json.loads(answer["output"]) == {
                "ExecutionArn": f"{PLACE}:execution:child:c",
                "StartDate": "2027-01-15T08:00:00Z",
            }

    asyncio.run(run())


def test_a_task_fails_as_the_service_refuses() -> None:
    async def run() -> None:
        async with World() as world:
            arn = await started(world, calling("sendTaskSuccess", TaskToken="x", Output="{}"))
            await events(world, arn, "ExecutionFailed")
            answer = await world.call("DescribeExecution", {"executionArn": arn})
            assert answer["error"] == "Sfn.InvalidTokenException"
            assert answer["cause"].startswith(
                "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400,"
            )

    asyncio.run(run())
