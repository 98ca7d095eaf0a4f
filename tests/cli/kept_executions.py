"""A folder with executions as a server keeps them: one of each status that is listed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from tests.service.conducting import World, machine

__all__ = ["keep"]

_WAITS = "arn:aws:states:us-east-1:123456789012:activity:approve"


def keep(folder: str | os.PathLike[str], *, blocked: bool = True) -> None:
    """Keep executions "monday" to "wednesday" of machine "m"; the last one runs, or is blocked."""
    asyncio.run(_keep(Path(folder), blocked))


async def _keep(folder: Path, blocked: bool) -> None:
    world = World(folder, [], skips=True)
    await world.start(machine({"Name": "Pack", "Type": "Pass"}), "monday", {"order": 7})
    refused = {"Type": "Fail", "Error": "Card.Declined", "Cause": "over the limit\nof 1000"}
    await world.start({"StartAt": "Refuse", "States": {"Refuse": refused}}, "tuesday", {"order": 8})
    waiting = machine({"Name": "Approve", "Type": "Task", "Resource": _WAITS})
    row = await world.start(waiting, "wednesday", {"order": 9})
    if blocked:
        world.store.block(row.number, "step 1 leads to other events than it did")
        world.store.commit()
    await world.stop()
