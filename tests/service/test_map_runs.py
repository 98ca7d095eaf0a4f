"""Map runs over the end of the process."""

from __future__ import annotations

import asyncio
import json

from tests.service.world import World

PROCESSOR = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "W",
    "States": {"W": {"Type": "Wait", "Seconds": 5, "End": True}},
}
MAP = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": PROCESSOR, "End": True}
MACHINE = {
    "name": "m",
    "definition": json.dumps({"StartAt": "M", "States": {"M": MAP}}),
    "roleArn": "arn:aws:iam::123456789012:role/r",
}


def test_what_was_changed_counts_after_a_restart() -> None:
    async def run() -> None:
        async with World() as world:
            arn = (await world.call("CreateStateMachine", MACHINE))["stateMachineArn"]
            started = await world.call("StartExecution", {"stateMachineArn": arn, "input": "[1, 2, 3]"})
            listed = await world.call("ListMapRuns", {"executionArn": started["executionArn"]})
            run = {"mapRunArn": listed["mapRuns"][0]["mapRunArn"]}
            await world.call("UpdateMapRun", {**run, "maxConcurrency": 3})
            await world.start_again()
            described = await world.call("DescribeMapRun", run)
            assert described["maxConcurrency"] == described["executionCounts"]["running"] == 3

    asyncio.run(run())
