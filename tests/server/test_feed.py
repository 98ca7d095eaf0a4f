"""The stream of the console: messages, resuming, and what was missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from asltool.history.records import Records
from asltool.server.console.feed import Feed
from asltool.store.execution_log import ExecutionChange
from asltool.store.port import ExecutionRow


def change(name: str, number: int = 1) -> ExecutionChange:
    row = ExecutionRow(arn=name, machine="m", definition="d", started=1.0, input="{}")
    return ExecutionChange(row, Records([("ExecutionStarted", 0, 1.0, ({}, "r"))], before=number - 1))


def told(text: str) -> tuple[str, Any]:
    """Return the id of a message, and what it says of executions, or None if it asks to look again."""
    fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
    rows = None if fields.get("event") == "reset" else json.loads(fields["data"])
    return fields["id"], rows if rows is None else [(row["arn"], row["events"]) for row in rows]


async def following(feed: Feed, after: str | None, number: int) -> list[tuple[str, Any]]:
    """Return so many messages of a stream."""
    stream: AsyncIterator[str] = feed.stream(after)
    found = []
    async for text in stream:
        if "id: " in text:
            found.append(told(text.split("retry: 1000\n")[-1]))
        if len(found) == number:
            break
    return found


def test_what_happens_is_told_once_and_resumed() -> None:
    async def scene() -> None:
        feed = Feed(asyncio.Event())
        ((begin, first),) = await following(feed, None, 1)
        assert first is None
        reading = asyncio.ensure_future(following(feed, begin, 1))
        feed([change("a"), change("a", 2), change("b")])
        ((at, rows),) = await reading
        assert rows == [("a", 2), ("b", 1)]
        reading = asyncio.ensure_future(following(feed, at, 1))
        feed([change("c")])
        ((last, rows),) = await reading
        assert rows == [("c", 1)]
        assert [rows for _, rows in await following(feed, begin, 2)] == [[("a", 2), ("b", 1)], [("c", 1)]]
        for unknown in ("other-1", f"{last}0", "nonsense", ""):
            assert await following(feed, unknown, 1) == [(last, None)]

    asyncio.run(scene())


def test_who_has_missed_too_much_is_to_look_again() -> None:
    async def scene() -> None:
        feed = Feed(asyncio.Event())
        ((begin, _),) = await following(feed, None, 1)
        reading = asyncio.ensure_future(following(feed, begin, 1))
        feed([change(str(number)) for number in range(1000)])
        assert [rows for _, rows in await reading] == [None]

    asyncio.run(scene())


def test_the_end_of_the_server_ends_the_stream() -> None:
    async def scene() -> None:
        closing = asyncio.Event()
        feed = Feed(closing)
        reading = asyncio.ensure_future(following(feed, None, 2))
        await asyncio.sleep(0)
        closing.set()
        assert len(await reading) == 1

    asyncio.run(scene())
