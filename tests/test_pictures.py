"""The pictures in docs/images are what asltool draws; ``python -m tests.test_pictures`` draws them anew."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import asltool
from asltool.integrations.tasks_file import load_tasks

ROOT = Path(__file__).parent.parent
SAMPLES, IMAGES = ROOT / "samples", ROOT / "docs" / "images"


def draw(name: str, target: Path) -> None:
    machine = asltool.load(SAMPLES / name / f"{name}.asl.json")
    run = None
    if name == "etl":
        value = json.loads((SAMPLES / name / "inputs" / "good.json").read_text(encoding="utf-8"))
        run = machine.run(value, tasks=load_tasks(str(SAMPLES / name / "tasks.py")))
    asltool.render(machine, target, run=run)


def words(path: Path) -> list[str]:
    """Return what stands in a picture; where it stands is Graphviz's affair, which differs by version."""
    return sorted(re.findall(r">([^<>\n]+)</text>", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["etl", "choose_a_service"])
def test_a_picture_is_up_to_date(name: str, tmp_path: Path) -> None:
    draw(name, tmp_path / "now.svg")
    assert words(IMAGES / f"{name}.svg") == words(tmp_path / "now.svg")
    assert words(tmp_path / "now.svg")


def test_the_five_states_are_in_the_picture() -> None:
    states = {"Validate Data", "Valid?", "Glue ETL Job", "Data Rejected", "Job Failed"}
    assert states <= set(words(IMAGES / "etl.svg"))


if __name__ == "__main__":
    for sample in ("etl", "choose_a_service"):
        draw(sample, IMAGES / f"{sample}.svg")
