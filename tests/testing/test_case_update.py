"""``asltool test --update``: what happened stands in the case files, and nothing else has changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

MACHINE = """definition:
  StartAt: Ask
  States:
    Ask: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage", Next: Hold, TimeoutSeconds: 9}
    Hold: {Type: Wait, Seconds: 5, End: true}
"""

BEFORE = f"""# kept
name: its output has changed   # kept too
{MACHINE}tasks: {{Ask: {{returns: {{a: 2, b: 3}}}}}}
expect:
  output_contains: {{a: 1}}
  path: [Ask]
  waited: 1
  calls:
    # gone, for it stands inside
    Ask: 7

# what comes after is kept
input: {{x: 1}}
---
{MACHINE}tasks: {{Ask: {{returns: 1}}}}
expect: {{output: 1}}
---
{MACHINE}tasks: {{Ask: {{raises: Busy, cause: "later: 5"}}}}
expect: {{output: 1}}
---
# it says nothing yet
{MACHINE}tasks: {{Ask: {{returns: [1]}}}}
expect: {{}}
---
{MACHINE}tasks: {{Ask: {{times_out: true}}}}
# the end
"""

AFTER = f"""# kept
name: its output has changed   # kept too
{MACHINE}tasks: {{Ask: {{returns: {{a: 2, b: 3}}}}}}
expect:
  output_contains: {{a: 2}}
  path: [Ask, Hold]
  waited: 5
  calls: {{Ask: 1}}

# what comes after is kept
input: {{x: 1}}
---
{MACHINE}tasks: {{Ask: {{returns: 1}}}}
expect: {{output: 1}}
---
{MACHINE}tasks: {{Ask: {{raises: Busy, cause: "later: 5"}}}}
expect: {{error: Busy, cause: 'later: 5'}}
---
# it says nothing yet
{MACHINE}tasks: {{Ask: {{returns: [1]}}}}
expect: {{}}
---
{MACHINE}tasks: {{Ask: {{times_out: true}}}}
expect:
  error: States.Timeout
  path: [Ask]
# the end
"""


def update(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["test", str(path), "--update", *options])


def test_what_happened_is_written(tmp_path: Path) -> None:
    path = tmp_path / "m.asltest.yaml"
    path.write_text(BEFORE)
    result = update(path)
    assert (result.exit_code, result.stdout) == (0, "3 updated, 2 as expected\n")
    assert path.read_text() == AFTER
    assert CliRunner().invoke(main, ["test", str(path)]).stdout == "5 passed\n"
    assert update(path).stdout == "0 updated, 5 as expected\n"


def test_only_what_was_asked_for_is_updated(tmp_path: Path) -> None:
    path = tmp_path / "m.asltest.yaml"
    path.write_text(BEFORE)
    assert update(path, "--filter", "changed").stdout == "1 updated, 0 as expected\n"
    assert path.read_text() == AFTER.partition("---")[0] + "---" + BEFORE.partition("---")[2]


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "m.asltest.json"
    case = {"definition": {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}, "expect": {"output": 1}}
    path.write_text(json.dumps(case))
    assert update(path).stdout == "1 updated, 0 as expected\n"
    assert json.loads(path.read_text()) == {**case, "expect": {"output": {}}}


@pytest.mark.parametrize(
    ("text", "told", "status"),
    [
        ("{definition: {StartAt: S, States: {S: {Type: Succeed}}}, expect: {output: 1}}", "", 2),
        (f"{MACHINE}expect: {{output: 1}}", 'not updated: {}: m: task "Ask" (', 1),
    ],
)
def test_what_cannot_be_updated_is_told_and_stays(text: str, told: str, status: int, tmp_path: Path) -> None:
    path = tmp_path / "m.asltest.yaml"
    path.write_text(text)
    result = update(path)
    assert result.exit_code == status
    assert result.stdout.startswith(told.format(path))
    if status == 2:
        assert result.stderr == (f"asltool test: {path}:1: write the case on several lines to update it\n")
    assert path.read_text() == text


def test_yaml_that_only_some_readers_take_is_not_updated(tmp_path: Path) -> None:
    path = tmp_path / "m.asltest.yaml"
    path.write_text(f"{MACHINE}expect: {{path: [\tA]}}\ntasks: {{Ask: {{returns: 1}}}}\n")
    result = update(path)
    told = "the case cannot be updated: found character '\\t' that cannot start any token"
    assert (result.exit_code, result.stderr) == (2, f"asltool test: {path}:1: {told}\n")


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_characters_that_pyyaml_takes_for_line_breaks(character: str, tmp_path: Path) -> None:
    """They are none in YAML 1.2: before ``expect`` they do not move it, in an output they are escaped."""
    state = "{StartAt: A, States: {A: {Type: Pass, End: true}}}"
    case = f'definition: {state}\ninput: {{"a": "x{character}y"}}\nexpect: {{output: 1}}\n# kept\n'
    path = tmp_path / "a.asltest.yaml"
    path.write_bytes(case.encode())
    assert CliRunner().invoke(main, ["test", str(path), "--update"]).exit_code == 0
    after = path.read_bytes().decode()
    assert after.startswith(case.partition("expect")[0] + "expect:\n")
    assert after.endswith("\n# kept\n")
    assert CliRunner().invoke(main, ["test", str(path)]).exit_code == 0


def test_several_cases_in_a_json_file_are_not_updated(tmp_path: Path) -> None:
    machine = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
    case = f'{{"definition": {machine}, "input": 1, "expect": {{"output": 2}}}}'
    path = tmp_path / "a.asltest.json"
    path.write_text(f"{case}\n---\n{case}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["test", str(path), "--update"])
    assert "is not plain JSON: rename it to *.asltest.yaml to update it" in result.stderr
    assert path.read_text(encoding="utf-8") == f"{case}\n---\n{case}\n"


@pytest.mark.parametrize(
    ("encoding", "text", "problem"),
    [
        ("utf-16", "", "is not UTF-8: save it as UTF-8"),
        ("utf-8", "# one\r\n# two\n", "has mixed line endings: save it with one kind"),
    ],
    ids=["UTF-16", "mixed line endings"],
)
def test_a_file_that_cannot_be_written_as_it_was(
    encoding: str, text: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "m.asl.json").write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}')
    path = tmp_path / "a.asltest.yaml"
    data = f"{text}definition: m.asl.json\nexpect: {{output: 1}}\n".encode(encoding)
    path.write_bytes(data)
    result = CliRunner().invoke(main, ["test", str(path), "--update"])
    assert result.stderr == f"asltool test: {path} {problem} to update it\n"
    assert (result.exit_code, path.read_bytes()) == (2, data)
