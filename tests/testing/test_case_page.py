"""docs/testing.md is true: its tests and cases pass, and what fails shows what the page says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from asltool.cli import main

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "testing.md").read_text("utf-8")
CASES, _ = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
PASSES, FAILS, _ = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(ROOT / "samples" / "etl" / "etl.asl.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "etl.asltest.yaml"


def test_its_cases_pass(file: Path) -> None:
    file.write_text(CASES)
    result = CliRunner().invoke(main, ["test"])
    assert (result.exit_code, result.stdout) == (0, "2 passed\n")


def test_a_case_that_fails_shows_what_the_page_says(file: Path) -> None:
    retried = "    - {raises: Glue.ConcurrentRunsExceededException, times: 2}\n"
    file.write_text(
        CASES.replace(retried, "").replace("JobRunState: SUCCEEDED, Id", "JobRunState: FAILED, Id")
    )
    result = CliRunner().invoke(main, ["test", "-x"])
    shown = re.search(r"^```\n(FAILED .*?)^```$", PAGE, re.M | re.S)
    assert shown is not None
    assert result.stdout == f"{shown[1]}\n1 failed, 0 passed\n"


def test_its_tests_pass_and_fail_as_it_says(pytester: pytest.Pytester) -> None:
    shutil.copytree(ROOT / "samples", pytester.path / "samples")
    pytester.makepyfile(test_passes=PASSES, test_fails=FAILS)
    result = pytester.runpytest("-p", "no:cacheprovider", "test_passes.py", "test_fails.py")
    result.assert_outcomes(passed=1, failed=1)
    shown = re.search(r"^```\n(-+ state machine runs .*?)^```$", PAGE, re.M | re.S)
    assert shown is not None
    assert shown[1] in result.stdout.str() + "\n"
