"""The console's page of triggers: rules, recent events and why they match or not, schedules, test events."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from asltool.testing.serving import TestServer, server

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, expect

from tests.diagrams.browser import CHROMIUM, chromium
from tests.server.test_console import AXE, MACHINE, MACHINES, MARKUP, ROLE, console

BIG = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}], "country": ["DE", "FR"]}}
NAMES = {"Id": "1", "Arn": f"{MACHINE}:waiting", "RoleArn": ROLE}


@pytest.fixture(scope="module")
def running() -> Iterator[TestServer]:
    with server(time="real") as found:
        definition = json.dumps(MACHINES["waiting"])
        found.client().create_state_machine(name="waiting", definition=definition, roleArn=ROLE)
        events, scheduler = found.client("events"), found.client("scheduler")
        events.create_event_bus(Name="orders")
        events.put_rule(Name="big", EventBusName="orders", EventPattern=json.dumps(BIG))
        events.put_targets(Rule="big", EventBusName="orders", Targets=[NAMES])
        off = {"EventPattern": '{"source":["shop"]}', "State": "DISABLED"}
        events.put_rule(Name="off", EventBusName="orders", **off)
        events.put_rule(Name="nightly", ScheduleExpression="cron(0 2 * * ? *)")
        scheduler.create_schedule(
            Name="mondays",
            ScheduleExpression="cron(0 8 ? * MON *)",
            ScheduleExpressionTimezone="America/Los_Angeles",
            FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
            Target={key: NAMES[key] for key in ("Arn", "RoleArn")},
        )
        yield found


def put(running: TestServer, **detail: Any) -> str:
    entry = {"EventBusName": "orders", "Source": "shop", "DetailType": MARKUP, "Detail": json.dumps(detail)}
    answer = running.client("events").put_events(Entries=[entry])
    return str(answer["Entries"][0]["EventId"])


def got(running: TestServer, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{running.url}/_asltool/console/api/{path}", data) as answer:
        return json.load(answer)


def test_rules_have_their_last_matches_and_events_the_reasons(running: TestServer) -> None:
    matching, other = put(running, total=200, country="DE"), put(running, total=50, country="DE")
    shown = got(running, "triggers")
    big = next(each for each in shown["rules"] if each["name"] == "big")
    assert matching in [each["id"] for each in big["matches"]]
    assert (big["bus"], big["targets"], json.loads(big["pattern"])) == ("orders", [f"{MACHINE}:waiting"], BIG)
    newest, before = shown["events"][:2]
    assert (newest["id"], newest["rules"], newest["source"]) == (other, [], "shop")
    assert (before["id"], before["rules"]) == (matching, ["big"])
    explained = got(running, f"event?id={other}")
    assert explained["bus"] == "orders"
    assert explained["rules"] == [
        {"name": "big", "why": '"detail.total" is 50; expected [{"numeric": [">", 100]}]'},
        {"name": "off", "why": "the rule is disabled"},
    ]
    assert got(running, f"event?id={matching}")["rules"][0] == {"name": "big", "why": None}
    with pytest.raises(urllib.error.HTTPError) as refused:
        got(running, "event?id=unknown")
    with refused.value as answer:
        assert answer.code == 404


def test_schedules_have_their_next_firings(running: TestServer) -> None:
    shown = got(running, "triggers")
    (mondays,) = shown["schedules"]
    assert (mondays["window"], mondays["zone"], mondays["target"]) == (
        15,
        "America/Los_Angeles",
        f"{MACHINE}:waiting",
    )
    assert mondays["explained"] == "fires at 08:00 on Monday, America/Los_Angeles time"
    firings = [datetime.fromtimestamp(each, UTC) for each in mondays["next"]]
    assert len(firings) == 5
    assert all(each.weekday() == 0 and each.hour in (15, 16) for each in firings)
    nightly = next(each for each in shown["rules"] if each["name"] == "nightly")["schedule"]
    steps = {later - earlier for earlier, later in zip(nightly["next"], nightly["next"][1:], strict=False)}
    assert (len(nightly["next"]), steps) == (5, {86_400.0})


@pytest.mark.parametrize(
    ("pattern", "event", "answer"),
    [
        ('{"a": [1]}', '{"a": 1}', {"matches": True, "why": None}),
        ('{"a": [1]}', '{"a": 2}', {"matches": False, "why": '"a" is 2; expected [1]'}),
        ('{"a": 1}', "{}", "the pattern is not valid, line 1, column 7: "),
        ('{"a": [1]}', "[1]", "the event has to be a JSON object"),
        ('{"a": [1]}', "{", "the event is not JSON: "),
    ],
)
def test_a_pattern_is_tried_on_an_event(pattern: str, event: str, answer: Any, running: TestServer) -> None:
    found = got(running, "pattern", {"pattern": pattern, "event": event})
    assert found["problem"].startswith(answer) if isinstance(answer, str) else found == answer


@pytest.mark.parametrize("body", [1, {}, [], {"pattern": "{}"}])
def test_what_is_no_question_about_a_pattern_is_refused(body: Any, running: TestServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        got(running, "pattern", body)
    with refused.value as answer:
        assert answer.code == 400


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


@needs_chromium
def test_a_test_event_is_sent_and_explained(browser: Browser, running: TestServer) -> None:
    with console(browser, running, "triggers") as page:
        page.get_by_role("button", name="Send an event").click()
        form = page.get_by_role("dialog", name="Send an event")
        form.get_by_label("Bus").select_option("orders")
        form.get_by_label("Source").fill("shop")
        form.get_by_label("Detail type").fill(MARKUP)
        form.get_by_label("Detail", exact=True).fill(json.dumps({"total": 101, "country": MARKUP}))
        form.get_by_role("button", name="Send").click()
        event = page.get_by_role("dialog", name="Event", exact=True)
        expect(event.locator("li").first).to_contain_text(f'"detail.country" is "{MARKUP}"; expected')
        expect(event.locator("pre")).to_contain_text(MARKUP)
        page.reload()
        expect(event.locator("li").first).to_contain_text("big")
        event.get_by_role("button", name="Send again").click()
        form.get_by_label("Detail", exact=True).fill('{"total": 101, "country": "FR"}')
        form.get_by_role("button", name="Send").click()
        expect(event.locator("li").first).to_contain_text("✓ matches")
        event.get_by_role("link", name="Executions that it has started").click()
        expect(page.locator("tbody tr")).to_have_count(1)


@needs_chromium
def test_rules_and_schedules_are_listed_and_a_pattern_is_tested(
    browser: Browser, running: TestServer
) -> None:
    put(running, total=7, country="DE")
    with console(browser, running, "triggers") as page:
        rule = page.get_by_role("group", name="Rules").locator("tbody tr", has_text="big")
        expect(rule).to_contain_text('detail.country ["DE","FR"]')
        mondays = page.get_by_role("group", name="Schedules").locator("tbody tr")
        expect(mondays).to_contain_text("America/Los_Angeles")
        expect(page.get_by_role("group", name="Recent events").locator("tbody")).to_contain_text(MARKUP)
        rule.get_by_role("button", name="Test the pattern of big").click()
        form = page.get_by_role("dialog")
        form.get_by_role("button", name="Test").click()
        expect(form.get_by_text('"detail.total" is 7')).to_be_visible()
        form.get_by_label("Pattern").fill('{"source": [{"prefix": 1}]}')
        form.get_by_role("button", name="Test").click()
        expect(form.get_by_role("alert")).to_contain_text("the pattern is not valid, line 1, column")


@needs_chromium
@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core in ASLTOOL_NPM")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious(width: int, dark: bool, browser: Browser, running: TestServer) -> None:
    from tests.diagrams.test_page_accessibility import serious

    event = put(running, total=7, country=MARKUP)
    context = browser.new_context(
        reduced_motion="reduce",
        bypass_csp=True,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    page.goto(f"{running.url}/_asltool/console/triggers")
    page.wait_for_selector("[data-ready]")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("Send an event", "Test the pattern of big"):
        page.get_by_role("button", name=name).click()
        page.get_by_role("dialog").wait_for()
        assert serious(page) == [], name
        page.keyboard.press("Escape")
    page.goto(f"{running.url}/_asltool/console/triggers?event={event}")
    page.get_by_role("dialog").wait_for()
    assert serious(page) == []
    context.close()
