"""``asltool run`` with mocks, recordings and replays, as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

ROOT = Path(__file__).parent.parent.parent
ETL = str(ROOT / "samples" / "etl" / "etl.asl.json")
GOOD = ("--input", '{"file": "a.csv", "output": "b.json", "throttled_attempts": 0}')
CONFIG = {
    "StateMachines": {"Etl": {"TestCases": {"Busy": {"Validate Data": "Valid", "Glue ETL Job": "Busy"}}}},
    "MockedResponses": {
        "Valid": {"0": {"Return": {"StatusCode": 200, "Payload": {"valid": True}}}},
        "Busy": {
            "0-1": {"Throw": {"Error": "Glue.ConcurrentRunsExceededException", "Cause": "busy"}},
            "2": {"Return": {"JobRunState": "SUCCEEDED"}},
        },
    },
}


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["run", ETL, *GOOD, *args])


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "mocks.json"
    path.write_text(json.dumps(CONFIG))
    return str(path)


def test_a_test_case_is_run(config: str) -> None:
    result = run("--mock-config", config, "--test-case", "Busy", "--progress")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"JobRunState": "SUCCEEDED"})
    assert [line.split()[0] for line in result.stderr.splitlines()].count("retry") == 2


@pytest.mark.parametrize("written", ["--record", "--history"])
def test_what_was_written_is_replayed(written: str, config: str, tmp_path: Path) -> None:
    path = str(tmp_path / "run")
    first = run("--mock-config", config, "--test-case", "Busy", written, path)
    again = run("--replay", path)
    assert (again.exit_code, again.stdout) == (0, first.stdout)
    other = ("--input", '{"file": "c.csv", "output": "b.json", "throttled_attempts": 0}')
    changed = run("--replay", path, *other)
    assert changed.exit_code == 2
    assert '$.file was "a.csv" and is "c.csv". the nearest is ' in changed.stderr
    assert run("--replay", path, *other, "--replay-loosely").stdout == first.stdout


def test_a_replay_can_be_recorded(config: str, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    run("--mock-config", config, "--test-case", "Busy", "--record", str(first))
    run("--replay", str(first), "--record", str(second))
    assert first.read_text() == second.read_text()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--test-case", "T"], "Error: --test-case needs --mock-config, the file that has the test case"),
        (["--replay-loosely"], "Error: --replay-loosely needs --replay, the recording to replay"),
    ],
)
def test_options_that_go_together(args: list[str], message: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, message)


def test_a_configuration_without_a_test_case_tells_which_there_are(config: str) -> None:
    result = run("--mock-config", config)
    message = f"Error: --mock-config needs --test-case; {config} has: Etl#Busy"
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, message)


def test_an_unknown_test_case(config: str) -> None:
    result = run("--mock-config", config, "--test-case", "busy")
    message = f'asltool run: {config}: unknown test case "busy". did you mean "Busy"?\n'
    assert (result.exit_code, result.stderr) == (2, message)
