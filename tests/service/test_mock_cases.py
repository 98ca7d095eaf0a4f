"""``ARN#TestCase``: executions whose tasks a mock configuration answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from asltool.engine.effects import CallTask
from asltool.integrations.mock_config import MockConfig
from asltool.service.errors import ServiceError
from asltool.service.mock_cases import MockCases
from asltool.syntax.resource import Resource
from tests.service.world import World

CONFIG = json.dumps(
    {
        "StateMachines": {"m": {"TestCases": {"happy": {"A": "Done"}}}},
        "MockedResponses": {"Done": {"0": {"Return": 7}}},
    }
)
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:a"
WAIT = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": ACTIVITY, "End": True}}})


async def _start(world: World, test_case: str) -> str:
    world.service.mock_cases = MockCases(MockConfig.loads(CONFIG), world.store)
    machine = {"name": "m", "definition": WAIT, "roleArn": "arn:aws:iam::123456789012:role/r"}
    await world.call("CreateActivity", {"name": "a"})
    arn = (await world.call("CreateStateMachine", machine))["stateMachineArn"]
    started = await world.call("StartExecution", {"stateMachineArn": arn + test_case, "name": "e"})
    return str(started["executionArn"])


def test_an_execution_keeps_its_test_case() -> None:
    async def run() -> None:
        async with World() as world:
            arn = await _start(world, "#happy")
            call = CallTask(task_id=1, state="A", resource=Resource(ACTIVITY), input={}, execution_arn=arn)
            again = MockCases(MockConfig.loads(CONFIG), world.store)
            for cases in (world.service.mock_cases, again):
                assert cases is not None
                assert cases.find(call) is not None
                assert cases.find(replace(call, execution_arn="x")) is None

    asyncio.run(run())


def test_an_unknown_test_case_is_refused() -> None:
    async def run() -> None:
        async with World() as world:
            with pytest.raises(ServiceError, match='unknown test case "m#sad"') as refused:
                await _start(world, "#sad")
            assert refused.value.code == "ValidationException"

    asyncio.run(run())
