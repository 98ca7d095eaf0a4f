"""GetActivityTask when there is no task."""

from __future__ import annotations

import asyncio

from tests.service.world import World


def test_a_poll_that_gets_no_task_has_a_null_token() -> None:
    async def run() -> None:
        async with World() as world:
            world.service.poll_seconds = 0.0
            arn = (await world.call("CreateActivity", {"name": "a"}))["activityArn"]
            assert await world.call("GetActivityTask", {"activityArn": arn}) == {"taskToken": None}

    asyncio.run(run())
