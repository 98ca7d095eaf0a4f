"""Changes of executions as server-sent events.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import deque
from collections.abc import AsyncGenerator, Sequence

from asltool.server.console.listings import listed
from asltool.store.execution_log import ExecutionChange
from asltool.store.port import ExecutionRow

__all__ = ["Feed"]

_PAUSE = 0.05
"""Seconds between two messages; changes of one execution in between are sent as one."""

_MOST = 200
"""The most executions that one message names. If more have changed, the page asks again for what it shows."""

_ROOM = 1_000_000
"""Characters of messages that are kept for listeners who come back, or are slow."""

_SILENCE = 15.0
"""Seconds after which a comment keeps a quiet connection open."""

_RESET = "event: reset\ndata: {}\n"


class Feed:
    """A watcher of the service. All listeners share the messages, so a slow one costs nothing.

    ``closing`` ends all streams. Create it in the running event loop.
    """

    def __init__(self, closing: asyncio.Event) -> None:
        self._closing = closing
        self._loop = asyncio.get_running_loop()
        self._epoch = uuid.uuid4().hex[:8]
        self._changed: dict[str, tuple[ExecutionRow, int]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._messages: deque[str] = deque()
        self._size = self._last = 0
        self._news = asyncio.Event()

    def __call__(self, changes: Sequence[ExecutionChange]) -> None:
        for row, records in changes:
            _, known = self._changed.get(row.arn, (row, 0))
            self._changed[row.arn] = row, max(len(records), known)
        if self._timer is None:
            self._timer = self._loop.call_later(_PAUSE, self._send)

    async def stream(self, after: str | None) -> AsyncGenerator[str, None]:
        """Yield the messages after this id, forever; without an id, new messages only."""
        at = self._place(after)
        if at is None:
            at = self._last
            yield f"retry: 1000\nid: {self._epoch}-{at}\n{_RESET}\n"
        else:
            yield "retry: 1000\n\n"
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            while not closing.done():
                news = self._news
                missed = self._last - at
                if missed > len(self._messages):
                    yield f"id: {self._epoch}-{self._last}\n{_RESET}\n"
                else:
                    for text in [*self._messages][len(self._messages) - missed :]:
                        yield text
                at += missed
                if news is self._news:
                    waiting = asyncio.ensure_future(news.wait())
                    done, _ = await asyncio.wait(
                        (waiting, closing), timeout=_SILENCE, return_when=asyncio.FIRST_COMPLETED
                    )
                    waiting.cancel()
                    if not done:
                        yield ":\n\n"
        finally:
            closing.cancel()

    def _place(self, after: str | None) -> int | None:
        """Return the number of the message with an id; None if later messages are already deleted."""
        epoch, _, number = (after or "").partition("-")
        if epoch != self._epoch or not number.isdecimal():
            return None
        at = int(number)
        return at if self._last - len(self._messages) <= at <= self._last else None

    def _send(self) -> None:
        self._timer = None
        changed, self._changed = self._changed, {}
        self._last += 1
        text = f"id: {self._epoch}-{self._last}\n"
        if len(changed) > _MOST:
            text += f"{_RESET}\n"
        else:
            rows = [{**listed(row), "events": count} for row, count in changed.values()]
            text += f"data: {json.dumps(rows, separators=(',', ':'))}\n\n"
        self._messages.append(text)
        self._size += len(text)
        while self._size > _ROOM:
            self._size -= len(self._messages.popleft())
        self._news.set()
        self._news = asyncio.Event()
