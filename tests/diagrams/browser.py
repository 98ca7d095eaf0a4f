"""Pages in a real browser: headless Chromium, without a network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, ViewportSize, sync_playwright

CHROMIUM = shutil.which("chromium")
"""Debian's browser; Playwright's own cannot be told to stay at one version."""

_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, path: Path, *, width: int = 1280, height: int = 800, dark: bool = False
) -> Iterator[Page]:
    """Open a page in a window of its own, and demand that it raises no error and asks for nothing."""
    size: ViewportSize = {"width": width, "height": height}
    window = browser.new_context(
        viewport=size, color_scheme="dark" if dark else "light", offline=True, reduced_motion="reduce"
    )
    page = window.new_page()
    said: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            said.append(request.url)

    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", asked)
    page.goto(path.as_uri())
    page.wait_for_selector("[data-ready]")
    yield page
    window.close()
    assert said == []
