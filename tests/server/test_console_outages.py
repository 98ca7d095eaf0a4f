"""Pages of the console that stay open while the server does not answer, and requests that are wrong."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest

from asltool.testing.serving import TestServer, server

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, expect

from tests.diagrams.browser import CHROMIUM, chromium
from tests.server.test_console import MACHINE, ROLE, begun, console
from tests.server.test_console_tabs import SHOW

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")

EXECUTION = quote(f"{MACHINE.replace('stateMachine', 'execution')}:plain:one")

PLAIN = quote(f"{MACHINE}:plain")


@pytest.fixture(scope="module")
def running() -> Iterator[TestServer]:
    with server() as found:
        definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E"}}})
        found.client().create_state_machine(name="plain", definition=definition, roleArn=ROLE)
        begun(found, "plain", "one")
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def redriven(running: TestServer) -> int:
    """Redrive the execution, which every page then asks about; return how often it has been."""
    client, arn = running.client(), unquote(EXECUTION)
    client.redrive_execution(executionArn=arn)
    while (found := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        pass
    return int(found["redriveCount"])


@pytest.mark.parametrize(
    "path", ["", "machines", "tasks", "triggers", f"machine?arn={PLAIN}", f"execution?arn={EXECUTION}"]
)
def test_a_page_says_so_until_the_server_answers_again(
    path: str, browser: Browser, running: TestServer
) -> None:
    with console(browser, running, path, refused=True) as page:
        wrong = page.locator(".alarm").first
        page.route("**/console/api/**", lambda route: route.abort())
        redriven(running)
        expect(wrong).to_have_text("Failed to fetch")
        page.unroute("**/console/api/**")
        redriven(running)
        expect(wrong).to_have_text("")


def test_an_ended_execution_redriven_while_its_tab_was_hidden_is_shown(
    browser: Browser, running: TestServer
) -> None:
    with console(browser, running, f"execution?arn={EXECUTION}") as page:
        page.evaluate(SHOW, True)
        other = page.context.new_page()
        other.goto(f"{running.url}/_asltool/console/")
        expect(other.locator("tbody tr").first).to_be_visible()
        times = redriven(running)
        expect(other.locator("tbody tr").first).to_be_visible()
        page.evaluate(SHOW, False)
        expect(page.locator("#panel")).to_contain_text(f"Redriven {times} times")


def test_a_map_run_that_does_not_exist_is_named(browser: Browser, running: TestServer) -> None:
    said: list[str] = []
    with console(browser, running, "machines", refused=True) as page:
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{running.url}/_asltool/console/?mapRun=zz")
        expect(page.locator("#maprun")).to_contain_text("InvalidArn")
        assert said == []


def refused(running: TestServer, path: str, body: bytes | None = None) -> tuple[int, Any]:
    with pytest.raises(urllib.error.HTTPError) as found:
        urllib.request.urlopen(f"{running.url}/_asltool/console/{path}", body)
    with found.value as answer:
        return answer.code, answer.read().decode()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("executions?after=x", "after"),
        (f"executions?after={'9' * 23}", "after"),
        ("history?from=1.5", "from"),
        ("history?to=\u0663", "to"),
    ],
)
def test_numbers_are_checked(path: str, name: str, running: TestServer) -> None:
    message = json.dumps({"message": f'"{name}" must be a whole number with at most 18 digits'})
    status, body = refused(running, f"api/{quote(path, safe='?=&')}")
    assert (status, json.loads(body)) == (400, json.loads(message))


def test_no_events_are_before_the_first(running: TestServer) -> None:
    address = f"{running.url}/_asltool/console/api/history?arn={EXECUTION}&from=-2&to=3"
    with urllib.request.urlopen(address) as answer:
        assert [event["id"] for event in json.load(answer)["events"]] == [1, 2, 3]


def test_a_body_nested_too_deeply_is_refused(running: TestServer) -> None:
    assert refused(running, "api/pattern", b"[" * 200_000)[0] == 400


@pytest.mark.parametrize("revisions", ["from=zz", "to=zz", f"from={EXECUTION}&to=zz"])
def test_a_version_that_does_not_exist_is_not_found(revisions: str, running: TestServer) -> None:
    status, body = refused(running, f"machine?arn={PLAIN}&{revisions}")
    assert (status, "There is no such version" in body) == (404, True)
