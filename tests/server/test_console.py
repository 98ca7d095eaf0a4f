"""The console, used in a real browser against a running server."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from asltool import TaskContext, TaskFailed
from asltool.testing.serving import TestServer, server

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, Request, expect

from tests.diagrams.browser import CHROMIUM, chromium

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine"
ROLE = "arn:aws:iam::123456789012:role/any"
AXE = Path(os.environ.get("ASLTOOL_NPM", "")) / "node_modules" / "axe-core" / "axe.min.js"
MARKUP = "<img src=x onerror=alert(1)>"


def task(name: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"{FUNCTION}:{name}", **fields}


TOKEN = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"},
    "End": True,
}

MACHINES: dict[str, dict[str, Any]] = {
    "order": {
        "StartAt": "Check",
        "States": {
            "Check": {"Type": "Pass", "Next": "Charge"},
            "Charge": task("charge", Next="Ship"),
            "Ship": task("ship", End=True),
        },
    },
    "shaped": {
        "StartAt": "Charge",
        "States": {
            "Charge": task("charge", Parameters={"card.$": "$.card"}, ResultPath="$.charged", Next="Note"),
            "Note": {"Type": "Pass", "Assign": {"seen": True}, "Next": "Over"},
            "Over": {"Type": "Succeed"},
        },
    },
    "undecided": {
        "StartAt": "Kind",
        "States": {
            "Kind": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.kind", "StringEquals": "a", "Next": "Done"}],
            },
            "Done": {"Type": "Succeed"},
        },
    },
    "slow": {"StartAt": "Gate", "States": {"Gate": task("gate", Next="After"), "After": {"Type": "Succeed"}}},
    "waiting": {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 86400, "End": True}}},
    "asking": {"StartAt": "Ask", "States": {"Ask": TOKEN}},
    "people": {
        "StartAt": "Work",
        "States": {
            "Work": {
                "Type": "Task",
                "Resource": "arn:aws:states:us-east-1:123456789012:activity:people",
                "End": True,
            }
        },
    },
    "outer": {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "Label": "Each",
                "ToleratedFailureCount": 1,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Do",
                    "States": {"Do": task("charge", End=True)},
                },
                "Next": "Sub",
            },
            "Sub": {
                "Type": "Task",
                "Resource": "arn:aws:states:::states:startExecution",
                "Parameters": {"StateMachineArn": f"{MACHINE}:waiting", "Name": "nested"},
                "End": True,
            },
        },
    },
    "markup": {
        "StartAt": MARKUP,
        "States": {MARKUP: {"Type": "Fail", "Error": MARKUP, "Cause": f"</script>{MARKUP}"}},
    },
}


class Gate:
    """Tasks that the test lets through, and a depot that can be out of stock."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.empty = True

    def charge(self, event: Any, context: TaskContext) -> Any:
        if event["card"] == "declined":
            raise TaskFailed("Card.Declined", "the bank has declined the card")
        return event

    def ship(self, event: Any, context: TaskContext) -> Any:
        if self.empty:
            raise TaskFailed("Stock.Empty", "the depot is empty")
        return {"shipped": True}

    def gate(self, event: Any, context: TaskContext) -> Any:
        assert self.open.wait(60)
        return event

    def send(self, event: Any, context: TaskContext) -> Any:
        return {"MessageId": "m"}


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="module")
def running(gate: Gate) -> Iterator[TestServer]:
    tasks = {
        **{name: getattr(gate, name) for name in ("charge", "ship", "gate")},
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken": gate.send,
    }
    with server(tasks=tasks, time="real") as found:
        client = found.client()
        client.create_activity(name="people")
        for name, definition in MACHINES.items():
            client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        yield found
        gate.open.set()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@contextmanager
def console(
    browser: Browser, running: TestServer, path: str = "", *, refused: bool = False, **window: Any
) -> Iterator[Page]:
    """Open a page of the console, and demand that it raises no error and asks no other server."""
    context = browser.new_context(reduced_motion="reduce", **window)
    page = context.new_page()
    said: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((running.url, "data:")):
            said.append(request.url)

    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", asked)
    page.goto(f"{running.url}/_asltool/console/{path}")
    page.wait_for_selector("[data-ready]")
    yield page
    context.close()
    assert refused or said == []


def begun(running: TestServer, machine: str, name: str, value: str = "{}") -> str:
    arn = f"{MACHINE}:{machine}"
    answer = running.client().start_execution(stateMachineArn=arn, name=name, input=value)
    return str(answer["executionArn"])


def of(arn: str, kind: str = "execution") -> str:
    return f"{kind}?arn={quote(arn)}"


def machine_page(name: str) -> str:
    return of(f"{MACHINE}:{name}", "machine")


def state(page: Page, name: str) -> Any:
    return page.locator(f'#scene [role=button][aria-label^="{name},"]')


def test_browsers_are_led_to_the_console(browser: Browser, running: TestServer) -> None:
    with console(browser, running) as page:
        page.goto(f"{running.url}/")
        expect(page).to_have_url(f"{running.url}/_asltool/console/")
        policy = page.request.get(page.url).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_the_list_is_live_and_filtered_as_its_address_says(browser: Browser, running: TestServer) -> None:
    with console(browser, running) as page:
        begun(running, "waiting", "listed-first", '{"customer": "Ada"}')
        row = page.locator("tbody tr", has_text="listed-first")
        expect(row).to_contain_text("Running")
        begun(running, "waiting", "listed-second")
        expect(page.locator("tbody tr").first).to_contain_text("listed-second")
        page.get_by_label("Text").fill("ada")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page).to_have_url(f"{running.url}/_asltool/console/?text=ada")
        page.reload()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_label("Status").select_option("FAILED")
        expect(page.get_by_text("There is no such execution.")).to_be_visible()


def test_pages_follow_each_other(browser: Browser, running: TestServer) -> None:
    for number in range(53):
        begun(running, "waiting", f"many-{number}")
    with console(browser, running, "?text=many-") as page:
        expect(page.locator("tbody tr")).to_have_count(50)
        page.get_by_role("button", name="More").click()
        expect(page.locator("tbody tr")).to_have_count(53)
        expect(page.get_by_role("button", name="More")).to_be_hidden()


def test_an_execution_is_started_with_input_that_is_checked_as_it_is_typed(
    browser: Browser, running: TestServer
) -> None:
    with console(browser, running, machine_page("waiting")) as page:
        page.get_by_role("button", name="Start").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Input", exact=True).fill('{"a": 1,}')
        expect(form.locator(".check")).not_to_be_empty()
        form.get_by_role("button", name="Start").click()
        expect(form).to_be_visible()
        form.get_by_label("Input", exact=True).fill('{"a": 12345678901234567890}')
        form.get_by_label("Name").fill("typed")
        form.get_by_role("button", name="Start").click()
        page.wait_for_url("**/execution?**")
        expect(page.locator("#panel .body")).to_contain_text("12345678901234567890")
        page.get_by_role("button", name="Run again").click()
        expect(form.get_by_label("Input", exact=True)).to_have_value('{\n  "a": 12345678901234567890\n}')


def test_states_change_as_they_happen(browser: Browser, running: TestServer, gate: Gate) -> None:
    arn = begun(running, "slow", "live")
    with console(browser, running, of(arn)) as page:
        expect(state(page, "Gate")).to_have_attribute("aria-label", "Gate, Lambda, running")
        page.reload()
        expect(state(page, "Gate")).to_have_attribute("aria-label", "Gate, Lambda, running")
        gate.open.set()
        expect(state(page, "After")).to_have_attribute("aria-label", "After, Succeed, succeeded")
        expect(page.locator("#outcome")).to_have_text("Succeeded")
        page.keyboard.press("<")
        expect(state(page, "Gate")).to_have_attribute("aria-label", "Gate, Lambda, not reached")


def test_who_looks_at_an_earlier_moment_stays_there(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "asking", "earlier")
    with console(browser, running, of(arn)) as page:
        expect(page.locator("#waits")).to_contain_text("Ask waits for an answer")
        page.keyboard.press("<")
        page.keyboard.press(".")
        running.client().stop_execution(executionArn=arn)
        expect(page.locator("#timeline output")).to_contain_text("1 / 6")
        expect(page.locator("#outcome")).to_have_text("Running")
        page.keyboard.press(">")
        expect(page.locator("#outcome")).to_have_text("Aborted")


def test_a_wait_counts_down_and_an_execution_is_stopped(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "waiting", "stopped")
    with console(browser, running, of(arn)) as page:
        expect(page.locator("#waits")).to_contain_text("Rest waits for 23 h")
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("dialog").get_by_label("Error").fill("Enough")
        page.get_by_role("dialog").get_by_role("button", name="Stop").click()
        expect(page.locator("#outcome")).to_have_text("Aborted")
        expect(page.locator("#panel .failure")).to_have_text("Enough")
        expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)


def test_a_failing_order_is_found_understood_corrected_and_redriven(
    browser: Browser, running: TestServer, gate: Gate
) -> None:
    begun(running, "order", "bad-card", '{"card": "declined"}')
    with console(browser, running, "?text=declined") as page:
        page.get_by_role("link", name="bad-card").click()
        page.get_by_role("button", name="Show where it failed").click()
        expect(page.locator("#panel .failure")).to_contain_text("the bank has declined the card")
        page.get_by_role("button", name="Redrive").click()
        page.get_by_role("button", name="run again with another input").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Input", exact=True).fill('{"card": "good"}')
        form.get_by_role("button", name="Start").click()
        expect(page.locator("#outcome")).to_have_text("Failed")
        expect(state(page, "Ship")).to_have_attribute("aria-label", "Ship, Lambda, failed")
        gate.empty = False
        page.get_by_role("button", name="Redrive").click()
        expect(page.get_by_role("dialog")).to_contain_text("The execution runs again from Ship.")
        page.get_by_role("dialog").get_by_role("button", name="Redrive").click()
        expect(page.locator("#outcome")).to_have_text("Succeeded")
        expect(page.get_by_role("button", name="Redrive")).to_have_count(0)


def test_every_event_can_be_opened_filtered_and_linked_to(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "order", "events", '{"card": "declined"}')
    with console(browser, running, of(arn)) as page:
        page.get_by_role("button", name="Event table").click()
        table = page.get_by_role("dialog")
        expect(table.locator("li")).to_have_count(8)
        table.get_by_role("searchbox").fill("charge")
        expect(table.locator("li")).to_have_count(4)
        table.get_by_text("LambdaFunctionFailed").click()
        expect(table.locator(".details")).to_contain_text('"error": "Card.Declined"')
        table.get_by_role("link", name="Show this moment").click()
        expect(page.locator("#timeline output")).to_contain_text("7 / 8")


def test_a_task_token_is_answered(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "asking", "answered")
    with console(browser, running, "tasks") as page:
        row = page.locator("tbody tr", has_text="answered")
        row.get_by_role("button", name="Heartbeat").click()
        row.get_by_role("button", name="Answer").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Output", exact=True).fill('{"yes": true}')
        form.get_by_role("button", name="Send").click()
        expect(row).to_have_count(0)
        page.goto(f"{running.url}/_asltool/console/{of(arn)}")
        expect(page.locator("#outcome")).to_have_text("Succeeded")


def test_a_task_of_an_activity_is_taken_and_failed(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "people", "taken")
    with console(browser, running, "tasks") as page:
        page.locator("tbody tr", has_text="taken").get_by_role("button").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Failure").check()
        form.get_by_label("Error").fill("No.Time")
        form.get_by_role("button", name="Send").click()
        page.goto(f"{running.url}/_asltool/console/{of(arn)}")
        expect(page.locator("#outcome")).to_have_text("Failed")
        expect(page.locator("#panel .failure")).to_contain_text("No.Time")


def test_a_state_is_tried_with_the_data_of_a_visit(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "order", "tried", '{"card": "declined"}')
    with console(browser, running, of(arn)) as page:
        state(page, "Charge").click()
        page.get_by_role("button", name="Try this state").click()
        form = page.get_by_role("dialog")
        expect(form.get_by_label("Input", exact=True)).to_have_value('{\n  "card": "declined"\n}')
        form.get_by_role("button", name="Try").click()
        expect(form.locator(".outcome")).to_contain_text("Card.Declined")
        form.get_by_label("Input", exact=True).fill('{"card": "good"}')
        form.get_by_role("button", name="Try").click()
        expect(form.locator(".outcome")).to_contain_text("SUCCEEDED then Ship")


def test_the_data_of_a_visit_is_shown_stage_by_stage(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "shaped", "stages", '{"card": "good", "rest": 1}')
    with console(browser, running, of(arn)) as page:
        state(page, "Charge").click()
        flow = page.locator("#panel .section", has_text="Data flow")
        flow.locator("summary").click()
        expect(flow.locator("h3")).to_have_text(["After Parameters", "Result", "After ResultPath"])
        expect(flow.locator("pre").first).to_have_text('{\n  "card": "good"\n}')
        state(page, "Note").click()
        expect(flow.locator("h3")).to_have_text(["Variables after Assign"])
        state(page, "Over").click()
        expect(flow).to_have_count(0)


def test_children_and_nested_executions_are_linked(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "outer", "family", '[{"card": "good"}, {"card": "declined"}]')
    with console(browser, running, of(arn)) as page:
        expect(page.locator("#outcome")).to_have_text("Succeeded")
        state(page, "Sub").click()
        expect(page.locator("#panel").get_by_role("link", name="waiting:nested")).to_be_visible()
        state(page, "Each").press("Enter")
        expect(page.locator("#panel")).to_contain_text("Items: total 2, succeeded 1, failed 1")
        page.get_by_role("link", name="Child executions of the map run").click()
        expect(page.locator("#maprun")).to_contain_text("Items: total 2, succeeded 1, failed 1")
        expect(page.locator("#maprun").get_by_role("link", name="Card.Declined")).to_be_visible()
        row = page.locator("tbody tr", has_text="the bank has declined the card")
        row.get_by_role("link").first.click()
        expect(state(page, "Do")).to_have_attribute("aria-label", "Do, Lambda, failed")
        expect(page.locator("#panel")).to_contain_text("Card.Declined")
        page.locator("#panel header").click()
        page.keyboard.press("Escape")
        page.locator("#panel").get_by_role("link", name="outer:family", exact=True).click()
        expect(page.locator("#outcome")).to_have_text("Succeeded")
        state(page, "Each").press("Enter")
        page.locator("#panel").get_by_role("link", name="Card.Declined").click()
        page.locator("#actions").get_by_role("link", name="outer/Each").click()
        expect(state(page, "Each")).to_be_visible()


def test_two_executions_are_compared(browser: Browser, running: TestServer) -> None:
    first = begun(running, "order", "left", '{"card": "declined"}')
    second = begun(running, "order", "right", '{"card": "good"}')
    with console(browser, running, f"compare?a={quote(first)}&b={quote(second)}") as page:
        expect(page.get_by_text("First difference: visit 1, Check: the input")).to_be_visible()
        expect(page.locator(".two pre")).to_have_text(['{"card": "declined"}', '{"card": "good"}'])
        durations = page.get_by_role("group", name="Durations").locator("tbody tr")
        expect(durations).to_have_count(3)
        expect(durations.filter(has_text="Ship").locator("td").nth(1)).to_have_text("not visited")


def test_a_definition_is_checked_and_saved(browser: Browser, running: TestServer) -> None:
    client = running.client()
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}
    client.create_state_machine(name="edited", definition=json.dumps(definition), roleArn=ROLE)
    with console(browser, running, machine_page("edited"), refused=True) as page:
        page.get_by_role("button", name="Definition").click()
        form = page.get_by_role("dialog")
        expect(form.get_by_text("Nothing is wrong with it.")).to_be_visible()
        text = form.get_by_label("Definition")
        text.fill(json.dumps(definition).replace('"Next": "B"', '"Next": "C"'))
        expect(form.locator(".findings")).to_contain_text("[next-not-found]")
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_role("alert")).to_contain_text("InvalidDefinition")
        text.fill(json.dumps(definition).replace('"B"', '"Z"'))
        form.get_by_role("button", name="Save").click()
        expect(state(page, "Z")).to_be_visible()
        page.get_by_role("button", name="Publish a version").click()
        page.get_by_role("button", name="Definition").click()
        text.fill(json.dumps(definition).replace('"B"', '"C"'))
        form.get_by_role("button", name="Save").click()
        expect(state(page, "C")).to_be_visible()
        page.get_by_role("link", name="Compare with version 1").click()
        expect(state(page, "C")).to_have_attribute("aria-label", "C, Succeed, added")
        expect(state(page, "Z")).to_have_attribute("aria-label", "Z, Succeed, removed")


def test_two_old_revisions_are_compared(browser: Browser, running: TestServer) -> None:
    client = running.client()

    def definition(last: str) -> str:
        states = {"A": {"Type": "Pass", "Next": last}, last: {"Type": "Succeed"}}
        return json.dumps({"StartAt": "A", "States": states})

    arn = client.create_state_machine(name="revised", definition=definition("One"), roleArn=ROLE)[
        "stateMachineArn"
    ]
    client.publish_state_machine_version(stateMachineArn=arn)
    client.update_state_machine(stateMachineArn=arn, definition=definition("Two"))
    begun(running, "revised", "second")
    client.update_state_machine(stateMachineArn=arn, definition=definition("Three"))
    with console(browser, running, machine_page("revised")) as page:
        page.get_by_label("From", exact=True).select_option(label_of(page, "version 1"))
        page.get_by_label("To", exact=True).select_option(label_of(page, "execution second"))
        page.locator("#panel").get_by_role("button", name="Compare").click()
        expect(state(page, "Two")).to_have_attribute("aria-label", "Two, Succeed, added")
        expect(state(page, "One")).to_have_attribute("aria-label", "One, Succeed, removed")
        expect(page.locator("#panel")).to_contain_text("From version 1 to the definition of execution second")


def label_of(page: Page, text: str) -> str:
    """Return the value of the option that has this text."""
    return page.locator("#panel option", has_text=text).first.get_attribute("value") or ""


def test_findings_stand_at_their_places(browser: Browser, running: TestServer) -> None:
    with console(browser, running, machine_page("undecided")) as page:
        expect(state(page, "Kind")).to_have_attribute("aria-label", "Kind, Choice, has warnings")
        page.locator("#panel").get_by_role("button", name='"Kind" has no "Default"').click()
        expect(page.locator("#panel h2")).to_have_text("Kind")
        expect(page.locator("#panel .hint")).to_contain_text('"Kind" has no "Default"')
        page.get_by_role("button", name="Definition").click()
        form = page.get_by_role("dialog")
        form.get_by_role("button", name="line 4").click()
        text = form.get_by_label("Definition")
        chosen = "area => area.value.slice(area.selectionStart, area.selectionEnd)"
        assert '"Kind"' in text.evaluate(chosen)


def test_transitions_that_no_execution_has_taken_are_shown(browser: Browser, running: TestServer) -> None:
    client = running.client()
    rule = {"Variable": "$.left", "IsPresent": True, "Next": "Left"}
    states = {
        "Fork": {"Type": "Choice", "Choices": [rule], "Default": "Right"},
        "Left": {"Type": "Pass", "End": True},
        "Right": {"Type": "Pass", "End": True},
    }
    client.create_state_machine(
        name="forked", definition=json.dumps({"StartAt": "Fork", "States": states}), roleArn=ROLE
    )
    begun(running, "forked", "left", '{"left": 1}')
    with console(browser, running, machine_page("forked")) as page:
        page.get_by_role("link", name="Coverage by executions").click()
        expect(page.locator("#panel")).to_contain_text("3 of 5 transitions taken by the last execution")
        expect(page.locator("#panel")).to_contain_text("Fork → Right")
        expect(state(page, "Right")).to_have_attribute("aria-label", "Right, Pass, not covered")


def test_machines_show_their_counts_and_last_runs(browser: Browser, running: TestServer) -> None:
    begun(running, "markup", "counted")
    with console(browser, running, "machines") as page:
        page.get_by_label("Search machines").fill("mark")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody .counts a")).not_to_have_count(0)
        page.locator("tbody .strip").first.click()
        expect(page.locator("#outcome")).to_have_text("Failed")


def test_texts_stay_texts(browser: Browser, running: TestServer) -> None:
    arn = begun(running, "markup", "texts", json.dumps({MARKUP: MARKUP}))
    with console(browser, running, f"?text={quote(MARKUP)}") as page:
        expect(page.locator("tbody tr", has_text="texts")).to_contain_text(MARKUP)
        page.goto(f"{running.url}/_asltool/console/{of(arn)}")
        expect(page.locator("#panel .body")).to_contain_text(MARKUP)
        page.get_by_role("button", name="Event table").click()
        page.get_by_role("dialog").get_by_text("ExecutionStarted").click()
        expect(page.locator(".details")).to_contain_text("onerror")


def test_what_is_not_there_is_said(browser: Browser, running: TestServer) -> None:
    with console(browser, running, refused=True) as page:
        page.goto(f"{running.url}/_asltool/console/{of(MARKUP)}")
        expect(page.get_by_text("There is no such execution.")).to_be_visible()
        page.goto(f"{running.url}/_asltool/console/page/..%2F__init__.py")
        expect(page.get_by_text("There is no such page.")).to_be_visible()


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core in ASLTOOL_NPM")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious(width: int, dark: bool, browser: Browser, running: TestServer) -> None:
    from tests.diagrams.test_page_accessibility import serious

    arn = begun(running, "order", f"axe-{width}-{dark}", '{"card": "declined"}')
    begun(running, "asking", f"axe-{width}-{dark}")
    context = browser.new_context(
        reduced_motion="reduce",
        bypass_csp=True,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    covered = f"{machine_page('order')}&coverage=1"
    compared = f"compare?a={quote(arn)}&b={quote(arn)}"
    for path in ("", "machines", "tasks", machine_page("undecided"), covered, compared, of(arn)):
        page.goto(f"{running.url}/_asltool/console/{path}")
        page.wait_for_selector("[data-ready]")
        assert serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#outcome").click()
    page.get_by_role("button", name="Show where it failed").click()
    for name in ("Redrive", "Run again", "Event table", "Try this state"):
        page.get_by_role("button", name=name).click()
        assert serious(page) == [], name
        page.keyboard.press("Escape")
    forms = ((machine_page("order"), "Definition"), ("", "Start execution"), ("tasks", "Answer Ask"))
    for path, name in forms:
        page.goto(f"{running.url}/_asltool/console/{path}")
        page.wait_for_selector("[data-ready]")
        page.get_by_role("button", name=name).first.click()
        page.get_by_role("dialog").wait_for()
        assert serious(page) == [], name
    context.close()
