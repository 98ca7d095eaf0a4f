"""The console: how soon a state changes in the page, how smooth long runs are, how quick filters.

It also prints how large pages are, and when they can be used.

Run with ``python -m tests.bench.console``, with Chromium on the PATH.
"""

from __future__ import annotations

import gzip
import json
import statistics
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, Request

from asltool.store import open_store
from asltool.store.port import ExecutionRow
from asltool.testing.serving import TestServer, server
from tests.bench.page import LOOP
from tests.diagrams.browser import chromium

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine"
ROLE = "arn:aws:iam::123456789012:role/any"
STEPS, PAUSE = 16, 0.7
TURNS = 2_220
"""Nine events a turn."""
MANY = 100_000

OBSERVE = """() => {
  window.seen = {};
  window.begun = Date.now();
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const label = target.getAttribute("aria-label") ?? "";
      if (label.endsWith("succeeded")) window.seen[label.split(",")[0]] ??= Date.now();
    }
  }).observe(document.querySelector("#scene"), {
    subtree: true, attributes: true, attributeFilter: ["aria-label"],
  });
}"""

FRAMES = """() => {
  window.longest = 0;
  window.frames = 0;
  let before = performance.now();
  const frame = (now) => {
    window.longest = Math.max(window.longest, now - before);
    window.frames++;
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def started(running: TestServer, definition: dict[str, Any], value: str = "{}") -> str:
    client = running.client()
    created = client.create_state_machine(name="bench", definition=json.dumps(definition), roleArn=ROLE)
    answer = client.start_execution(stateMachineArn=created["stateMachineArn"], input=value)
    return str(answer["executionArn"])


@contextmanager
def opened(url: str) -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(url)
        page.wait_for_selector("[data-ready]")
        yield page


def latency(turns: int) -> None:
    """Print how long after its event a state changes in the page, after so many turns of a loop."""

    def rest(event: Any, context: Any) -> Any:
        time.sleep(PAUSE)
        return event

    names = [f"S{number}" for number in range(STEPS)]
    states = {
        name: {"Type": "Task", "Resource": f"{FUNCTION}:rest", "Next": after}
        for name, after in zip(names, [*names[1:], "End"], strict=True)
    }
    loop = json.loads(json.dumps(LOOP["States"]).replace("1660", str(turns)))
    loop["Done"] = {"Type": "Pass", "Next": "S0"}
    done = {"End": {"Type": "Succeed"}}
    definition = {"StartAt": "Begin", "States": {**loop, **states, **done}}
    with server(tasks={"rest": rest}, time="real") as running:
        arn = started(running, definition, '{"order": 1}')
        with opened(f"{running.url}/_asltool/console/execution?arn={quote(arn)}") as page:
            page.evaluate(OBSERVE)
            page.locator("#outcome:text-is('Succeeded')").wait_for()
            seen, begun = page.evaluate("[window.seen, window.begun]")
        pages = (
            running.client()
            .get_paginator("get_execution_history")
            .paginate(executionArn=arn, PaginationConfig={"PageSize": 1000})
        )
        history = [event for page in pages for event in page["events"]]
    late = [
        seen[event["stateExitedEventDetails"]["name"]] - event["timestamp"].timestamp() * 1000
        for event in history
        if event["type"] == "TaskStateExited" and event["timestamp"].timestamp() * 1000 > begun
    ]
    middle, worst = statistics.median(late), max(late)
    print(f"{len(history)} events: a state changes after {middle:.0f} ms, at most {worst:.0f} ms")


def frames() -> None:
    """Print the longest frame while a run of 20,000 events goes by, and when it is stepped through."""
    loop = json.loads(json.dumps(LOOP).replace("1660", str(TURNS)))
    loop["States"]["Note"] = {"Type": "Task", "Resource": f"{FUNCTION}:note", "Next": "More?"}
    gate = threading.Event()

    def note(event: Any, context: Any) -> Any:
        gate.wait()
        return event

    with server(tasks={"note": note}, time="real") as running:
        arn = started(running, loop, '{"order": 1}')
        with opened(f"{running.url}/_asltool/console/execution?arn={quote(arn)}") as page:
            page.evaluate(FRAMES)
            gate.set()
            page.locator("#outcome:text-is('Succeeded')").wait_for(timeout=300_000)
            live, count = page.evaluate("[window.longest, window.frames]")
            events = page.evaluate("document.querySelector('#timeline input').max")
            page.evaluate("window.longest = 0")
            page.get_by_role("button", name="Event table").click()
            for turn in range(20):
                page.evaluate(f"document.querySelector('.scroll.tall').scrollTop = {turn * 25_000}")
            page.keyboard.press("Escape")
            for key in "<>" + "," * 20:
                page.keyboard.press(key)
            still = page.evaluate("window.longest")
    print(f"{events} events, {count} frames: at most {live:.0f} ms live, {still:.0f} ms while looking around")


def filters() -> None:
    """Print how long a page of a filter takes over 100,000 executions."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(folder)
        for number in range(MANY):
            row = ExecutionRow(
                arn=f"arn:aws:states:us-east-1:123456789012:execution:m{number % 7}:run-{number}",
                machine=f"{MACHINE}:m{number % 7}",
                definition="d",
                started=1_767_225_600.0 + number,
                input=json.dumps({"order": number, "customer": f"customer {number % 1000}", "lines": [1, 2]}),
            )
            at = store.begin(row)
            failed = number % 50 == 0
            ends = (
                {"status": "FAILED", "error": "Boom"} if failed else {"status": "SUCCEEDED", "output": "{}"}
            )
            fields: dict[str, Any] = {"number": at, "stopped": row.started + 1, **ends}
            store.end(row._replace(**fields))
        store.commit()
        store.close()
        with server(data=folder) as running:
            for query in (
                "executions",
                "executions?status=FAILED",
                f"executions?machine={MACHINE}:m3&status=FAILED",
                f"executions?status=FAILED&until={1_767_225_600 + 100}",
                "executions?text=no-such-text",
                "executions?text=run-77",
                "machines",
            ):
                took = min(asked(f"{running.url}/_asltool/console/api/{query}")[0] for _ in range(5))
                print(f"{query}: {took:.0f} ms over {MANY:,} executions")


def asked(url: str) -> tuple[float, bytes]:
    begun = time.perf_counter()
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return (time.perf_counter() - begun) * 1000, body


def note(got: list[str], request: Request) -> None:
    got.append(request.url)


def sizes() -> None:
    """Print what a page weighs, and when it can be used."""
    with server(time="real") as running:
        arn = started(
            running, {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 999, "End": True}}}
        )
        with chromium() as browser:
            for path in ("", "machines", "tasks", "triggers", f"execution?arn={quote(arn)}"):
                got: list[str] = []
                page = browser.new_page()
                page.on("requestfinished", partial(note, got))
                ready = []
                for _ in range(3):
                    got.clear()
                    page.goto(f"{running.url}/_asltool/console/{path}")
                    page.wait_for_selector("[data-ready]")
                    ready.append(float(page.evaluate("document.documentElement.dataset.ready")))
                urls = [url for url in got if "/events" not in url and "data:" not in url]
                bodies = [asked(url)[1] for url in urls]
                whole, packed = sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies)
                name = Path(path.partition("?")[0]).name or "executions"
                print(
                    f"{name}: {len(bodies)} files, {whole / 1000:.0f} KB, {packed / 1000:.0f} KB compressed, "
                    f"interactive after {min(ready):.0f} ms"
                )
                page.close()


def main() -> None:
    sizes()
    latency(0)
    latency(3_300)
    filters()
    frames()


if __name__ == "__main__":
    main()
