"""The HTML page, used in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asltool.diagrams import write
from asltool.diagrams.highlight import Highlight
from tests.diagrams.cases import SHARED, load, machine, model

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, expect

from tests.diagrams.browser import CHROMIUM, chromium, opened

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def made(folder: Path, name: str, history: bool = False) -> Path:
    """Write the page of a case, with its run."""
    definition = load(f"{name}.asl.json")
    drawn = model(definition)
    events = load(f"{name}.history.json") if history else None
    events = events["events"] if isinstance(events, dict) else events
    highlight = None if events is None else Highlight.from_history(drawn, events)
    path = folder / f"{name}.html"
    write(drawn, path, highlight, definition=definition, title=name)
    return path


@pytest.fixture
def orders(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with opened(browser, made(tmp_path, "orders", history=True)) as page:
        yield page


def node(page: Page, name: str) -> Any:
    return page.locator(f'#scene [role=button][aria-label^="{name},"]')


def group(page: Page, name: str) -> Any:
    """Return what is drawn for a state; `node` is the button in it."""
    return node(page, name).locator("..")


def detail(page: Page) -> Any:
    return page.locator("#panel .body")


def section(page: Page, title: str) -> Any:
    return page.locator("#panel details.section").filter(has=page.locator(f'summary span:text-is("{title}")'))


@pytest.mark.parametrize("name", ["every_type", "names", "order", "orders"])
def test_it_shows_every_state(name: str, browser: Browser, tmp_path: Path) -> None:
    names = [state for inner in machine(name).walk() for state in inner.states]
    with opened(browser, made(tmp_path, name)) as page:
        labels = page.locator("#scene [role=button]").evaluate_all("all => all.map(each => each.ariaLabel)")
    assert len(labels) == len(names)
    for each in names:
        assert any(label.startswith(each.replace("\t", "␉").split("\n")[0]) for label in labels), each


def test_a_click_shows_the_definition(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, made(tmp_path, "orders")) as page:
        node(page, "Apologise").click()
        expect(page.locator("#panel h2")).to_have_text("Apologise")
        expect(section(page, "Definition")).to_contain_text('"arn:aws:states:::sns:publish"')
        expect(page.locator("#timeline")).to_be_hidden()


def test_a_click_shows_what_happened(orders: Page) -> None:
    node(orders, "Charge").click()
    expect(detail(orders)).to_contain_text("Visit 3 of 3 · iteration 2 of Charge each")
    expect(detail(orders).locator(".failure")).to_have_text("Payment.Refusedthe card <b>expired</b>")
    orders.get_by_title("Previous visit").click()
    expect(detail(orders)).to_contain_text("Visit 2 of 3 · iteration 1 of Charge each")
    expect(section(orders, "Input")).to_contain_text('"total": 20')
    expect(section(orders, "Output")).to_contain_text('"total": 20')
    expect(section(orders, "Variables")).to_contain_text('"customer": "Ada"')
    expect(section(orders, "Attempts (2)")).to_contain_text("Payment.Busy")
    expect(detail(orders).locator("dl")).to_contain_text("Duration1.00 s")


def test_a_map_counts_its_iterations_and_lists_those_that_failed(orders: Page) -> None:
    expect(group(orders, "Charge each").locator("> .badge")).to_have_text("✓ 2 ✕ 1")
    node(orders, "Charge each").click(position={"x": 60, "y": 12})
    section(orders, "Failed iterations (1)").get_by_role("button").click()
    expect(orders.locator("#panel h2")).to_have_text("Charge")
    expect(detail(orders)).to_contain_text("iteration 2 of Charge each")


def test_a_map_folds_and_unfolds(orders: Page) -> None:
    orders.locator("[data-node].Map .fold").click()
    expect(node(orders, "Charge")).to_have_count(0)
    expect(node(orders, "Charge each")).to_have_attribute(
        "aria-label", "Charge each, Map, caught, ✓ 2 ✕ 1, folded"
    )
    orders.keyboard.press("f")
    expect(node(orders, "Charge")).to_have_count(1)


def test_the_timeline_goes_through_the_run(orders: Page) -> None:
    orders.keyboard.press("<")
    expect(orders.locator("#scene .tone-good")).to_have_count(0)
    expect(orders.locator("#timeline output")).to_have_text("0 / 42 · before the first event")
    for _ in range(2):
        orders.keyboard.press(".")
    expect(orders.locator("#timeline output")).to_have_text(
        "2 / 42 · +0 ms · Take orders · pass state entered"
    )
    assert "tone-busy" in (group(orders, "Take orders").get_attribute("class") or "")
    expect(orders.locator("#panel h2")).to_have_text("Take orders")
    orders.get_by_label("Event", exact=True).press("ArrowRight")
    assert "tone-good" in (group(orders, "Take orders").get_attribute("class") or "")
    orders.get_by_label("To the end").click()
    expect(orders.locator("#scene .count:has(text)")).to_have_text(["×3", "×2", "×2"])  # noqa: RUF001


def test_play_runs_to_the_end(orders: Page) -> None:
    orders.get_by_label("Event", exact=True).fill("36")
    orders.keyboard.press("p")
    expect(orders.get_by_label("Pause")).to_be_visible()
    expect(orders.get_by_label("Play")).to_be_visible()
    expect(orders.locator("#timeline output")).to_contain_text("42 / 42")


def test_the_search_finds_by_name_and_service_and_unfolds(orders: Page) -> None:
    orders.keyboard.press("f")
    orders.keyboard.press("/")
    orders.keyboard.type("lambda")
    expect(orders.locator("#found [role=option]")).to_have_text(["ChargeCharge each › Lambda"])  # noqa: RUF001
    orders.keyboard.press("Enter")
    expect(orders.locator("#panel h2")).to_have_text("Charge")
    expect(node(orders, "Charge")).to_be_focused()


def test_arrows_lead_from_state_to_state(orders: Page) -> None:
    node(orders, "Take orders").focus()
    orders.keyboard.press("ArrowDown")
    expect(orders.locator("#panel h2")).to_have_text("Charge each")
    orders.keyboard.press("Space")
    expect(node(orders, "Charge")).to_have_count(0)
    orders.keyboard.press("Escape")
    expect(orders.locator("#panel h2")).to_have_text("orders")


def test_it_pans_and_zooms(orders: Page) -> None:
    def place() -> Any:
        return node(orders, "Done").bounding_box()

    before = place()
    orders.keyboard.press("+")
    assert place()["width"] == pytest.approx(before["width"] * 1.3, rel=0.02)
    orders.mouse.move(60, 300)
    orders.mouse.down()
    orders.mouse.move(160, 340)
    orders.mouse.up()
    moved = place()
    orders.keyboard.press("0")
    assert place() != moved


def test_texts_are_never_markup(orders: Page) -> None:
    node(orders, "Apologise").click()
    expect(section(orders, "Definition")).to_have_count(1)
    section(orders, "Definition").locator("> summary > span").click()
    expect(section(orders, "Definition")).to_contain_text("<script>alert(1)</script>")
    assert orders.locator("#panel script, #panel b:text-is('expired')").count() == 0


def test_it_fits_a_phone_in_the_dark(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, made(tmp_path, "orders", history=True), width=390, height=844, dark=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        expect(page.locator("#panel")).to_be_hidden()
        node(page, "Charge").click()
        expect(page.locator("#panel h2")).to_have_text("Charge")
        box, sheet = node(page, "Charge").bounding_box(), page.locator("#panel").bounding_box()
        assert sheet is not None
        assert box["y"] + box["height"] < sheet["y"]


OVERLAPS = (Path(__file__).parent / "overlaps.js").read_text(encoding="utf-8")


def overlaps(page: Page) -> Any:
    """Return the pairs of boxes and labels that lie upon each other, none being inside the other."""
    return page.evaluate(OVERLAPS)


@pytest.mark.parametrize("name", ["every_type", "names", "order", "orders"])
def test_nothing_lies_upon_another(name: str, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, made(tmp_path, name, history=name == "orders")) as page:
        assert overlaps(page) == []


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the corpus of definitions is not here")
def test_real_definitions_open_and_nothing_overlaps(browser: Browser, tmp_path: Path) -> None:
    corpus = (SHARED / "validation" / "real-world.jsonl").read_text(encoding="utf-8").splitlines()
    real = [item for item in map(json.loads, corpus) if item["label"] == "real-world" and item["definition"]]
    every_fourth = real[::4]
    path = made(tmp_path, "orders")
    with opened(browser, path) as page:
        for item in every_fourth:
            write(model(item["definition"]), path, definition=item["definition"])
            page.reload()
            page.wait_for_selector("[data-ready]")
            assert overlaps(page) == [], item["id"]


def test_rules_stand_in_their_order_on_the_page(browser: Browser, tmp_path: Path) -> None:
    names = ["R1", "Begin", "R3"]
    choices = [{"Variable": "$.a", "NumericEquals": at, "Next": name} for at, name in enumerate(names)]
    states: dict[str, Any] = {
        "Begin": {"Type": "Pass", "Next": "Pick"},
        "D": {"Type": "Pass", "End": True},
        "R3": {"Type": "Pass", "End": True},
        "R1": {"Type": "Pass", "End": True},
        "Pick": {"Type": "Choice", "Choices": choices, "Default": "D"},
    }
    path = tmp_path / "pick.html"
    write(model({"StartAt": "Begin", "States": states}), path)
    with opened(browser, path) as page:
        tags = page.locator("#scene .tag")
        places = "[each.getBoundingClientRect().left, each.querySelector('text').textContent]"
        found = tags.evaluate_all(f"all => all.map((each) => {places})")
        assert [text[:2] for _, text in sorted(found)] == ["1.", "2.", "3.", "De"]


def test_stepping_back_hides_what_comes_later(orders: Page) -> None:
    node(orders, "Charge").click()
    expect(orders.locator("#panel .failure")).to_be_visible()
    orders.keyboard.press("<")
    orders.keyboard.press("Escape")
    expect(orders.locator("#outcome")).to_have_text("Running")
    expect(section(orders, "Output")).to_have_count(0)
    for _ in range(400):
        orders.keyboard.press(".")
        if orders.locator("#panel h2").text_content() == "Charge":
            break
    expect(orders.locator("#panel h2")).to_have_text("Charge")
    expect(orders.locator("#panel dt")).to_have_text(["Entered"])
    expect(section(orders, "Input")).to_be_visible()
    expect(section(orders, "Output")).to_have_count(0)
    expect(orders.locator("#panel .failure")).to_have_count(0)


def test_a_link_leads_to_a_state_and_an_event(browser: Browser, tmp_path: Path) -> None:
    path = made(tmp_path, "orders", history=True)
    with opened(browser, path) as page:
        page.keyboard.press("<")
        for _ in range(3):
            page.keyboard.press(".")
        node(page, "Apologise").click()
        assert page.evaluate("location.hash") == "#state=Apologise&event=3"
        page.goto("about:blank")
        page.goto(f"{path.as_uri()}#state=Charge&event=5")
        expect(page.locator("#panel h2")).to_have_text("Charge")
        expect(page.locator("#timeline output")).to_contain_text("5 / ")


def test_the_list_of_events_leads_to_each(orders: Page) -> None:
    orders.keyboard.press("e")
    rows = orders.locator("#events button")
    assert 5 < rows.count() < 60
    orders.keyboard.press("<")
    expect(rows.first).to_contain_text("execution started")
    rows.nth(3).click()
    expect(orders.locator("#timeline output")).to_contain_text("4 / ")
    expect(rows.nth(3)).to_have_attribute("aria-current", "step")


def test_search_ranks_by_every_word(browser: Browser, tmp_path: Path) -> None:
    states: dict[str, Any] = {
        name: {"Type": "Pass", "Next": "Card charge"} for name in ("Chargeback card", "Discard charge")
    }
    states |= {"Card charge": {"Type": "Pass", "End": True}}
    path = tmp_path / "search.html"
    write(model({"StartAt": "Chargeback card", "States": states}), path)
    with opened(browser, path) as page:
        page.locator("#search").fill("charge card")
        expect(page.locator("#found b")).to_have_text(["Card charge", "Chargeback card", "Discard charge"])


def test_the_longest_way_is_straight(browser: Browser, tmp_path: Path) -> None:
    chain = {
        f"C{number}": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.a", "IsNull": True, "Next": f"C{number + 1}"},
                {"Variable": "$.b", "IsNull": True, "Next": f"W{number}"},
            ],
            "Default": "Last",
        }
        for number in range(6)
    }
    waits = {f"W{number}": {"Type": "Wait", "Seconds": 1, "Next": f"C{number}"} for number in range(6)}
    states = {**chain, **waits, "C6": {"Type": "Pass", "Next": "Last"}, "Last": {"Type": "Succeed"}}
    path = tmp_path / "chain.html"
    write(model({"StartAt": "C0", "States": states}), path)
    with opened(browser, path) as page:
        boxes = [node(page, f"C{number}").bounding_box() for number in range(7)]
        assert len({round(box["x"] + box["width"] / 2) for box in boxes if box}) == 1


def test_a_line_that_breaks_inside_a_name_says_so(browser: Browser, tmp_path: Path) -> None:
    name = "CheckWhetherTheSnapshotIsReallyThere or not"
    path = tmp_path / "name.html"
    write(model({"StartAt": name, "States": {name: {"Type": "Succeed"}}}), path)
    with opened(browser, path) as page:
        lines = group(page, name).locator("text.name").all_text_contents()
        assert lines[0].endswith("↵")
        assert "".join(f"{line} ".replace("↵ ", "") for line in lines) == f"{name} "


def test_on_a_phone_the_details_leave_the_legend_free(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, made(tmp_path, "orders", history=True), width=390, height=844) as page:
        page.locator("#legend summary").click()
        node(page, "Charge").first.click(force=True)
        legend, panel = (page.locator(each).bounding_box() for each in ("#legend", "#panel"))
        assert legend is not None
        assert panel is not None
        assert legend["y"] + legend["height"] <= panel["y"]
