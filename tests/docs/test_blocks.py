"""Every console and Python block of the documentation runs, and prints what the page says.

The blocks of a page run in its order, in one folder that has the samples, and share one Python namespace.
``setup/<page>.py`` makes the files and names that a page takes for granted.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from asltool.cli import main
from tests.docs.pages import PAGES, ROOT, Block, Page

SETUP = Path(__file__).parent / "setup"
RUN_HERE = [page for page in PAGES if page.path != "README.md"]
"""tests/test_readme.py runs the README, in a shell."""

NOT_RUN = {
    "README.md": 1,
    "docs/airflow.md": 2,
    "docs/aws.md": 3,
    "docs/cluster.md": 5,
    "docs/console.md": 1,
    "docs/contributing.md": 13,
    "docs/events.md": 2,
    "docs/glue.md": 1,
    "docs/javascript.md": 2,
    "docs/samples.md": 3,
    "docs/schedules.md": 1,
    "docs/distributed-map.md": 3,
    "docs/mocks.md": 1,
    "docs/render.md": 1,
    "docs/run.md": 1,
    "docs/serve.md": 5,
    "docs/tasks.md": 2,
    "docs/testing.md": 3,
}
"""How many blocks of a page are not run."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with what it prints."""
    joined = text.replace("\\\n", "")
    return re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", joined, re.M)


def execute(command: str) -> str:
    """Run a command of asltool in this process, and return what it prints."""
    words = shlex.split(re.sub(r"\s+# .*", "", command))
    assert words[0] == "asltool", f"not a command of asltool: {command}"
    words, file = (words[1:-2], words[-1]) if words[-2] == ">" else (words[1:], None)
    result = CliRunner().invoke(main, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if file is not None:
        Path(file).write_text(result.stdout, encoding="utf-8")
        return result.stderr
    assert result.exit_code in (0, 1), result.output
    return result.output


def run_block(page: Page, block: Block, names: dict[str, Any]) -> None:
    if block.file is not None:
        Path(block.file).write_text(block.text, encoding="utf-8")
    if block.not_run is None and block.kind == "python":
        code = "\n" * (block.line - 1) + block.text
        exec(compile(code, ROOT / page.path, "exec"), names)
    elif block.not_run is None and block.kind == "console":
        for command, output in commands(block.text):
            printed = execute(command)
            if output:
                assert printed == output, f"{page}:{block.line}: {command}"


@pytest.mark.parametrize("page", RUN_HERE, ids=str)
def test_the_blocks_of_a_page_run(page: Page, folder: Path) -> None:
    names: dict[str, Any] = {}
    setup = SETUP / Path(page.path).with_suffix(".py").name.replace("-", "_")
    if setup.exists():
        exec(compile(setup.read_text(encoding="utf-8"), setup, "exec"), names)
    for block in page.blocks:
        run_block(page, block, names)


def test_as_many_blocks_are_not_run_as_are_known() -> None:
    counts = Counter(page.path for page in PAGES for block in page.blocks if block.not_run)
    assert counts == NOT_RUN


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_stand_in_console_blocks(page: Page) -> None:
    """An indented command would not be run."""
    assert re.findall(r"^    (?:\$ )?(?:asltool|pip|python|pytest) .*", page.prose, re.M) == []
    assert [block.line for block in page.blocks if not block.kind and "asltool " in block.text] == []
