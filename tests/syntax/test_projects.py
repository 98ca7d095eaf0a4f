"""Folders as people have them: templates, the files they lead to, and what is wrong with these."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from asltool.cli.checking import Checker, by_file
from asltool.cli.settings import Selection, Settings
from asltool.syntax.diagnostics import excerpt
from asltool.syntax.sources.files import open_all
from asltool.syntax.sources.named import find
from tests.syntax.cases import CASES

PROJECTS = CASES / "syntax" / "projects"


def said() -> Iterator[str]:
    """Yield a line for each file and machine of this folder, and what is wrong with them."""
    checker = Checker(Settings(Path()), Selection())
    opened = open_all(find(["."]))
    for file in by_file([checker.check(each) for each in opened], opened):
        yield f"== {file.path}"
        for machine in file.machines:
            yield f"{machine.name or 'no name'}, {machine.address or 'no address'}: {machine.states} states"
        for each in file.diagnostics:
            yield f"{each}\n{excerpt(file.text, each.span)}" if file.text else str(each)


@pytest.mark.parametrize("path", sorted(PROJECTS.glob("*/")), ids=lambda path: str(path.name))
def test_project(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path)
    assert "\n".join(said()) + "\n" == (path / "out.txt").read_text("utf-8")
