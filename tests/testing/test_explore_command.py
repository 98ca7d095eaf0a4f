"""``asltool explore``: what it prints, what it writes, and that docs/explore.md shows just that."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "explore.md").read_text("utf-8")

LOST: dict[str, Any] = {
    "StartAt": "Look",
    "States": {
        "Look": {
            "Type": "Choice",
            "Choices": [{"Variable": "$$.Execution.Name", "StringEquals": "Nightly", "Next": "End"}],
            "Default": "End",
        },
        "End": {"Type": "Succeed"},
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "samples" / "etl").mkdir(parents=True)
    shutil.copy(ROOT / "samples" / "etl" / "etl.asl.json", tmp_path / "samples" / "etl")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explore", *arguments])


def test_the_page_shows_what_is_printed_and_written(folder: Path) -> None:
    shown, *_ = re.findall(r"^```console\n\$ asltool explore (.*?)\n(.*?)^```$", PAGE, re.M | re.S)
    result = run(*shown[0].split())
    assert (result.exit_code, result.stdout) == (0, shown[1])
    (case,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
    (written,) = folder.glob("etl-cases/03-*.asltest.yaml")
    assert written.read_text("utf-8") == case


def test_what_cases_reach_is_not_looked_for(folder: Path) -> None:
    definition = "samples/etl/etl.asl.json"
    assert run(definition, "-o", "cases").exit_code == 0
    result = run(definition, "--cases", "cases")
    assert result.stdout == f"{definition}: reached 10 of 10, 10 of them by existing cases; 0 runs\n"
    (folder / "cases" / "02-default-of-valid.asltest.yaml").unlink()
    result = run(definition, "--cases", "cases")
    assert result.stdout.splitlines()[-1] == "case: Default of Valid?"


def test_nothing_is_written_over(folder: Path) -> None:
    definition = "samples/etl/etl.asl.json"
    run(definition, "-o", "cases")
    result = run(definition, "-o", "cases")
    first = Path("cases") / "01-catch-0-of-glue-etl-job-and-1-more.asltest.yaml"
    hint = "choose another folder, or pass this one to --cases"
    assert result.exit_code == 2
    assert result.stderr == f"asltool explore: {first} already exists. {hint}\n"


def test_what_is_not_reached_is_told(folder: Path) -> None:
    (folder / "lost.asl.json").write_text(json.dumps(LOST))
    result = run("lost.asl.json", "--no-progress")
    assert result.exit_code == 1
    assert '  not reached: "Look" Choices[0] ($$.Execution.Name == "Nightly") to "End"' in result.stdout


def test_no_time_is_no_search(folder: Path) -> None:
    (folder / "lost.asl.json").write_text(json.dumps(LOST))
    result = run("lost.asl.json", "--seconds", "0")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "lost.asl.json: reached 0 of 4; 0 runs"
    assert result.stdout.splitlines()[-1] == "  out of time before everything was tried"


def test_progress_is_shown_when_it_is_asked_for(folder: Path) -> None:
    result = run("samples/etl/etl.asl.json", "--progress")
    assert result.stderr.startswith("\rrun 1, 9 left to reach")
    assert result.stderr.endswith("\r")


def test_a_definition_with_errors_is_refused(folder: Path) -> None:
    (folder / "wrong.asl.json").write_text('{"StartAt": "A", "States": {}}')
    result = run("wrong.asl.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("asltool explore: wrong.asl.json:1:")
