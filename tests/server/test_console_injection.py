"""Names and payloads that would run, or break the layout, if the console took them for anything but text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote

import pytest

from asltool.testing.serving import TestServer, server

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, expect

from tests.diagrams.browser import CHROMIUM, chromium
from tests.server.test_console import MACHINE, ROLE, begun, console

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")

NAMES = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "'\"><svg onload=alert(1)>",
    "javascript:alert(1)",
    "<!--<script>",
    "&lt;b&gt;&amp;",
    "__proto__",
    "constructor",
    "${alert(1)}{{alert(1)}}",
    "\u202eright to left",
    "a\u0000b\u2028c",
    "😀" * 20,
    "W" * 80,
    "W" * 1_000,
)

WIDTH = 390
"""A phone's, on which long names would break the layout first."""

LONG = "W" * 80
"""The longest name that machines, executions and activities can have; theirs cannot have odd characters."""

STATE_NAMES = [name for name in NAMES if len(name) <= 80]


@pytest.fixture(scope="module")
def running() -> Iterator[TestServer]:
    steps = {
        name: {"Type": "Pass", "Assign": {"seen": name}, "Next": after}
        for name, after in pairwise(STATE_NAMES)
    }
    last = {"Type": "Fail", "Error": NAMES[0], "Cause": "\n".join(NAMES)}
    definition = {"Comment": NAMES[1], "StartAt": STATE_NAMES[0], "States": {**steps, STATE_NAMES[-1]: last}}
    with server(time="skip") as found:
        events = found.client("events")
        asks = {
            "Type": "Task",
            "Resource": found.client().create_activity(name=LONG)["activityArn"],
            "End": True,
        }
        branches = [{"StartAt": name, "States": {name: asks}} for name in STATE_NAMES]
        asking = {
            "StartAt": "All",
            "States": {"All": {"Type": "Parallel", "Branches": branches, "End": True}},
        }
        found.client().create_state_machine(name=LONG, definition=json.dumps(asking), roleArn=ROLE)
        begun(found, LONG, LONG, json.dumps(NAMES))
        found.client().create_state_machine(name="odd", definition=json.dumps(definition), roleArn=ROLE)
        pattern = {"source": [NAMES[0]], "detail": {name: [name] for name in NAMES[:-1]}}
        events.put_rule(Name="odd", EventPattern=json.dumps(pattern))
        entry = {"DetailType": "W" * 100, "Detail": json.dumps({name: name for name in NAMES[:-1]})}
        for name in NAMES[:-1]:
            events.put_events(Entries=[{"Source": name, **entry}])
        for name in ("one", "two"):
            begun(found, "odd", name, json.dumps({each: each for each in NAMES}))
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


ONE, TWO = (quote(f"{MACHINE.replace('stateMachine', 'execution')}:odd:{name}") for name in ("one", "two"))
ODD = quote(f"{MACHINE}:odd")
ASKING = quote(f"{MACHINE.replace('stateMachine', 'execution')}:{LONG}:{LONG}")
MISSING = f"machine?arn={quote(NAMES[0])}"


@pytest.mark.parametrize(
    "path",
    [
        "",
        f"?text={quote(NAMES[0])}",
        f"execution?arn={ONE}",
        f"execution?arn={ONE}#state={quote(NAMES[0])}",
        f"machine?arn={ODD}",
        f"machine?arn={ODD}&coverage=1",
        f"machine?arn={ODD}&from={ONE}",
        MISSING,
        f"compare?a={ONE}&b={TWO}",
        "triggers",
        "machines",
        f"machines?text={quote(NAMES[0])}",
        "tasks",
        f"machine?arn={quote(f'{MACHINE}:{LONG}')}",
        f"execution?arn={ASKING}",
    ],
)
def test_texts_stay_texts(path: str, browser: Browser, running: TestServer) -> None:
    with console(
        browser, running, "machines", viewport={"width": WIDTH, "height": 800}, refused=True
    ) as page:
        ran: list[str] = []
        page.on("dialog", lambda dialog: ran.append(dialog.message))
        page.on("pageerror", lambda error: ran.append(str(error)))
        page.goto(f"{running.url}/_asltool/console/{path}")
        expect(page.locator("main")).to_be_visible()
        if path != MISSING:
            page.wait_for_selector("[data-ready]")
        assert ran == []
        assert page.locator("main img, main script, main svg[onload]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH


def test_all_cells_of_lists_fit(browser: Browser, running: TestServer) -> None:
    """Long names wrap, so that what is beside them can be seen without scrolling."""
    for path, cells in (("", "td.time"), ("machines", "td button"), ("tasks", "td button")):
        with console(browser, running, path) as page:
            lasts = page.locator(f"tbody tr {cells}")
            expect(lasts.first).to_be_visible()
            ends = lasts.evaluate_all("all => all.map((each) => each.getBoundingClientRect().right)")
            assert max(ends) <= 1280


def test_odd_tasks_are_answered(browser: Browser, running: TestServer) -> None:
    with console(browser, running, "tasks") as page:
        expect(page.locator("tbody tr")).to_have_count(len(STATE_NAMES))
        page.locator("tbody tr", has_text=NAMES[0]).get_by_role("button").click()
        task = page.get_by_role("dialog")
        expect(task.locator("h2")).to_contain_text("Answer ")
        task.locator("summary").click()
        expect(task.locator("pre")).to_contain_text(NAMES[1])


def test_the_data_of_odd_states_can_be_read(browser: Browser, running: TestServer) -> None:
    with console(browser, running, f"execution?arn={ONE}") as page:
        for name in ("__proto__", NAMES[0]):
            page.get_by_label("Search states").fill(name)
            page.keyboard.press("Enter")
            expect(page.locator("#panel h2")).to_have_text(name)
            flow = page.locator("#panel .section", has_text="Data flow")
            if not flow.get_attribute("open"):
                flow.locator("summary").click()
            expect(flow.locator("pre")).to_contain_text(name)


def test_odd_events_are_explained(browser: Browser, running: TestServer) -> None:
    with console(browser, running, "triggers") as page:
        page.get_by_role("group", name="Recent events").locator("tbody button").first.click()
        event = page.get_by_role("dialog")
        expect(event.locator("pre")).to_contain_text(NAMES[1])
        expect(event.locator("li")).to_contain_text("no match")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
