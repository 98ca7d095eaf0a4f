"""Draw the pictures of the documentation anew: ``python -m tests.screenshots``.

It draws what is in ``docs/images``, and takes the photographs of the HTML page with Chromium. They differ
with Chromium's version and the fonts, so the suite compares only the page itself.
"""

from __future__ import annotations

import json
from pathlib import Path

import asltool
from asltool.driver.clock import VirtualClock
from asltool.integrations.tasks_file import load_tasks

ROOT = Path(__file__).parent.parent
SAMPLES, IMAGES = ROOT / "samples", ROOT / "docs" / "images"


MACHINES = {
    "choose_a_service": "choose_a_service/choose_a_service.asl.json",
    "etl": "etl/etl.asl.json",
    "landing": "landing/landing.asl.json",
    "nightly_report": "nightly_report/report.asl.json",
    "saga": "saga/order.asl.json",
    "weekly_export": "weekly_export/export.asl.json",
}
"""What is drawn, by the name of its picture."""

NEW_YEAR = 1_767_225_600.0


def draw(name: str, target: Path) -> None:
    machine = asltool.load(SAMPLES / MACHINES[name])
    run = None
    if name == "etl":
        value = json.loads((SAMPLES / name / "inputs" / "good.json").read_text(encoding="utf-8"))
        run = machine.run(
            value, tasks=load_tasks(str(SAMPLES / name / "tasks.py")), clock=VirtualClock(NEW_YEAR)
        )
    asltool.render(machine, target, run=run)


def photograph() -> None:
    from tests.diagrams.browser import chromium, opened

    with chromium() as browser:
        for dark in (False, True):
            with opened(browser, IMAGES / "etl.html", width=1200, height=720, dark=dark) as page:
                page.locator('[aria-label^="Glue ETL Job,"]').click()
                page.screenshot(path=IMAGES / f"page_{'dark' if dark else 'light'}.png")


def photograph_console() -> None:
    """Take the console with an order that failed, and one that waits for an answer."""
    from tests.console_scene import scene
    from tests.diagrams.browser import chromium

    with scene() as (url, paths), chromium() as browser:
        for name, dark, path, width in (
            ("console_light", False, "live", 1200),
            ("console_dark", True, "live", 1200),
            ("console_list", False, "list", 1200),
            ("console_phone", False, "live", 390),
            ("console_triggers", False, "triggers", 1200),
        ):
            page = browser.new_page(
                viewport={"width": width, "height": 720},
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            page.goto(url + paths[path])
            page.wait_for_selector("[data-ready]")
            if path == "live":
                page.get_by_text("waits for an answer").wait_for()
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()


def main() -> None:
    for sample in MACHINES:
        draw(sample, IMAGES / f"{sample}.svg")
    draw("etl", IMAGES / "etl.html")
    photograph()
    photograph_console()


if __name__ == "__main__":
    main()
