"""What axe-core finds on the page: names for screen readers, contrast, keyboard.

It is a package of npm: ``npm install --prefix FOLDER axe-core`` with ``ASLTOOL_NPM=FOLDER`` runs this.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page

from tests.diagrams.browser import CHROMIUM, chromium, opened
from tests.diagrams.test_page import made

AXE = Path(os.environ.get("ASLTOOL_NPM", "")) / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH"),
    pytest.mark.skipif(not AXE.is_file(), reason="no axe-core in ASLTOOL_NPM"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def serious(page: Page) -> list[str]:
    """Return what is serious or worse, by rule and element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(({ violations }) => violations)")
    return [
        f"{each['id']} {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("name", "history"), [("orders", True), ("every_type", False)])
def test_nothing_serious(
    name: str, history: bool, width: int, dark: bool, browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, made(tmp_path, name, history), width=width, dark=dark) as page:
        assert serious(page) == []
        if history:
            page.keyboard.press("e")
            page.keyboard.press("<")
            page.keyboard.press(".")
            page.evaluate("document.querySelector('#legend').open = true")
            assert serious(page) == []


def test_a_phone_shows_everything_without_scrolling_sideways(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, made(tmp_path, "orders", True), width=360, height=640) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for selector in ("#search", "#timeline input", "[data-do=events]", "[data-act=on]"):
            box = page.locator(selector).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
