"""The pictures in docs/images are what asltool draws; ``python -m tests.screenshots`` draws them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screenshots import IMAGES, MACHINES, draw


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
