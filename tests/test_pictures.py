"""The pictures in docs/images are what asltool draws; ``python -m tests.test_pictures`` draws them anew.

The photographs of the HTML page are taken there too. They differ with Chromium's version and the fonts, so
that only the page itself is compared.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import asltool
from asltool.driver.clock import VirtualClock
from asltool.integrations.tasks_file import load_tasks

ROOT = Path(__file__).parent.parent
SAMPLES, IMAGES = ROOT / "samples", ROOT / "docs" / "images"


MACHINES = {
    "choose_a_service": "choose_a_service/choose_a_service.asl.json",
    "etl": "etl/etl.asl.json",
    "saga": "saga/order.asl.json",
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


def words(path: Path) -> list[str]:
    """Return what stands in a picture; where it stands is Graphviz's affair, which differs by version."""
    return sorted(re.findall(r">([^<>\n]+)</text>", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", MACHINES)
def test_a_picture_is_up_to_date(name: str, tmp_path: Path) -> None:
    draw(name, tmp_path / "now.svg")
    assert words(IMAGES / f"{name}.svg") == words(tmp_path / "now.svg")
    assert words(tmp_path / "now.svg")


def test_the_five_states_are_in_the_picture() -> None:
    states = {"Validate Data", "Valid?", "Glue ETL Job", "Data Rejected", "Job Failed"}
    assert states <= set(words(IMAGES / "etl.svg"))


def test_the_page_is_up_to_date(tmp_path: Path) -> None:
    draw("etl", tmp_path / "etl.html")
    assert (tmp_path / "etl.html").read_bytes() == (IMAGES / "etl.html").read_bytes()


def photograph() -> None:
    from tests.render.browser import chromium, opened

    with chromium() as browser:
        for dark in (False, True):
            with opened(browser, IMAGES / "etl.html", width=1200, height=720, dark=dark) as page:
                page.locator('[aria-label^="Glue ETL Job,"]').click()
                page.screenshot(path=IMAGES / f"page_{'dark' if dark else 'light'}.png")


def main() -> None:
    for sample in MACHINES:
        draw(sample, IMAGES / f"{sample}.svg")
    draw("etl", IMAGES / "etl.html")
    photograph()


if __name__ == "__main__":
    main()
