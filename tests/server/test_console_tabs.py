"""All tabs of the console share one stream, and hidden tabs listen to none."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest

from asltool.server.console.feed import Feed
from asltool.testing.serving import TestServer, server

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Page, expect

from tests.diagrams.browser import CHROMIUM, chromium
from tests.server.test_console import MACHINES, ROLE, begun

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")

SHOW = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class Streams:
    """How many streams are open, how many there have been, and the most at one time."""

    def __init__(self) -> None:
        self.open = self.begun = self.most = 0
        self._changed = threading.Condition()

    def count(self, by: int) -> None:
        with self._changed:
            self.open += by
            self.begun += by > 0
            self.most = max(self.most, self.open)
            self._changed.notify_all()

    def wait(self, number: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.open == number, timeout=30)


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Streams:
    found, original = Streams(), Feed.stream

    async def stream(self: Feed, after: str | None) -> AsyncGenerator[str, None]:
        found.count(1)
        messages: AsyncGenerator[str, None] = original(self, after)
        try:
            async for text in messages:
                yield text
        finally:
            await messages.aclose()
            found.count(-1)

    monkeypatch.setattr(Feed, "stream", stream)
    return found


@pytest.fixture
def running(streams: Streams) -> Iterator[TestServer]:
    with server(time="real") as found:
        definition = json.dumps(MACHINES["waiting"])
        found.client().create_state_machine(name="waiting", definition=definition, roleArn=ROLE)
        yield found


def row(page: Page, name: str) -> Any:
    return page.locator("tbody tr", has_text=name)


def test_tabs_share_a_stream_and_hidden_ones_close_it(streams: Streams, running: TestServer) -> None:
    with chromium() as browser, browser.new_context() as context:
        tabs = [context.new_page() for _ in range(3)]
        for tab in tabs:
            tab.goto(f"{running.url}/_asltool/console/")
            tab.wait_for_selector("[data-ready]")
        begun(running, "waiting", "first")
        for tab in tabs:
            expect(row(tab, "first")).to_be_visible()
        assert (streams.begun, streams.most) == (1, 1)
        for tab in tabs:
            tab.evaluate(SHOW, True)
        assert streams.wait(0)
        begun(running, "waiting", "second")
        tabs[0].evaluate(SHOW, False)
        assert streams.wait(1)
        expect(row(tabs[0], "second")).to_be_visible()
        tabs[1].evaluate(SHOW, False)
        expect(row(tabs[1], "second")).to_be_visible()
        begun(running, "waiting", "third")
        for tab in tabs[:2]:
            expect(row(tab, "third")).to_be_visible()
        expect(row(tabs[2], "third")).to_have_count(0)
        assert (streams.begun, streams.most) == (2, 1)
        for tab in tabs[:2]:
            tab.close()
        assert streams.wait(0)
