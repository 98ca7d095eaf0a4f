"""What the service answered, as recorded, replayed in process."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.conformance.report import SHARED, load_referee
from tests.service.recorded import Step, cases_of, replay
from tests.service.world import World

AGREED = {"cases": 88, "agreed": 88, "right code": 88}
"""Cases, and how many of them agree at least."""


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not there")
def test_recorded_cases() -> None:
    referee = load_referee(SHARED)

    async def steps_of(case: dict[str, Any]) -> list[Step]:
        async with World(account="111111111111") as world:
            return await replay(case, world.call, referee, world.settle)

    async def run() -> list[list[Step]]:
        return [await steps_of(case) for case in cases_of(SHARED)]

    found = asyncio.run(run())
    counts = {
        "cases": len(found),
        "agreed": sum(not any(step[2] for step in steps) for steps in found),
        "right code": sum(all(step[1] for step in steps) for steps in found),
    }
    assert {name: count for name, count in counts.items() if count < AGREED[name]} == {}
