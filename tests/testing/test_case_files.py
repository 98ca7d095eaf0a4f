"""Case files: what they say, what comes of them, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import asltool
from asltool.cli import main
from asltool.errors import CaseError
from asltool.expr.values import dumps
from asltool.testing.case_files import find_case_files, parse_cases, read_cases
from asltool.testing.case_runs import run_case

FOLDER = Path(__file__).parent.parent / "cases" / "testing"
CASES = yaml.safe_load((FOLDER / "case_files.yaml").read_text("utf-8"))
WRONG = yaml.safe_load((FOLDER / "case_files_wrong.yaml").read_text("utf-8"))
SCHEMA = Draft202012Validator(
    json.loads(CliRunner().invoke(main, ["schema", "--asltest"], catch_exceptions=False).stdout)
)


def write(folder: Path, text: str, name: str = "m.asltest.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("data", CASES, ids=lambda data: data["name"])
def test_a_case(data: dict[str, Any], tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path, json.dumps(data["case"]), "m.asltest.json"))
    assert list(run_case(case).problems) == data.get("problems", [])
    assert SCHEMA.is_valid(data["case"]) is not data.get("invalid", False)


@pytest.mark.parametrize("data", WRONG, ids=lambda data: data["message"])
def test_a_file_that_cannot_be_used(data: dict[str, Any], tmp_path: Path) -> None:
    path = write(tmp_path, data["text"])
    with pytest.raises(CaseError) as raised:
        read_cases(path)
    assert str(raised.value) == f"{path}:{data['message']}"
    *_, wrong = yaml.safe_load_all(data["text"])
    assert not SCHEMA.is_valid(wrong)


def _recorded(folder: Path, handler: Callable[[Any, Any], Any], given: Any) -> dict[str, Any]:
    """Write the machine m.asl.json and the history of a run of it; return the case that replays it."""
    arn = "arn:aws:lambda:us-east-1:123456789012:function:"
    states = {
        "A": {
            "Type": "Task",
            "Resource": f"{arn}f",
            "Parameters": {"n.$": "$.n", "at.$": "$$.State.EnteredTime"},
            "Next": "B",
        },
        "B": {"Type": "Task", "Resource": f"{arn}g", "End": True},
    }
    file = write(folder, json.dumps({"StartAt": "A", "States": states}), "m.asl.json")
    run = asltool.load(file).run(given, tasks={"f": handler, "g": lambda event, _: event * 2})
    write(folder, dumps({"events": run.history}), "h.json")
    return {"definition": "m.asl.json", "input": given, "recording": "h.json"}


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"expect": {"output": 14, "calls": {"f": 1, "g": 1}}}, []),
        ({"recording": ["h.json", "h.json"], "expect": {"output": 14}}, []),
        ({"tasks": {"B": {"returns": 5}}, "expect": {"output": 5}}, []),
        (
            {"input": {"n": 4}},
            [
                'state "A" has an input that was not recorded: $.n was 3 and is 4. the nearest is event 3 of '
                '{folder}/h.json. record the run again, or give the task a script under "tasks"'
            ],
        ),
        (
            {"recording": "m.asl.json"},
            ["{folder}/m.asl.json is neither a recording nor the history of an execution"],
        ),
        ({"recording": "none.json"}, ["{folder}/none.json: No such file or directory"]),
    ],
    ids=str,
)
def test_a_recording_answers(changes: dict[str, Any], problems: list[str], tmp_path: Path) -> None:
    case = _recorded(tmp_path, lambda event, _: event["n"] + 4, {"n": 3})
    (read,) = read_cases(write(tmp_path, json.dumps(case | changes), "m.asltest.json"))
    assert run_case(read).problems == tuple(each.format(folder=tmp_path) for each in problems)
    SCHEMA.validate(case | changes)


def test_several_cases_know_their_lines(tmp_path: Path) -> None:
    text = "# a remark\n---\nname: one\ndefinition: m\n---\n\n# nothing\n---\ndefinition: m\n"
    path = write(tmp_path, text, "pay.asltest.yaml")
    assert [(case.name, case.place) for case in read_cases(path)] == [
        ("one", f"{path}:3"),
        ("pay", f"{path}:9"),
    ]


def test_files_are_found_from_the_case_files_folder(tmp_path: Path) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    write(tmp_path, json.dumps({"StartAt": "S", "States": {"S": task}}), "m.asl.json")
    write(
        tmp_path, "import asltool\n\ntasks = asltool.Tasks()\ntasks.register('f', lambda e, c: 5)\n", "t.py"
    )
    path = write(tmp_path, "definition: m.asl.json\nhandlers: t.py\nexpect: {output: 5, calls: {S: 1}}\n")
    (case,) = read_cases(path)
    result = run_case(case)
    assert result.problems == ()
    assert result.run is not None
    assert result.run.source == str(tmp_path / "m.asl.json")


def test_a_definition_that_is_not_there(tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path, "definition: m.asl.json"))
    result = run_case(case)
    assert (result.run, len(result.problems)) == (None, 1)
    assert "m.asl.json" in result.report


def test_case_files_are_found_in_folders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    names = ["a/2.asltest.yml", "a/1.asltest.json", "b.asltest.yaml", "c.yaml", "d.asl.json"]
    for name in names:
        write(tmp_path, "{}", name)
    found = [
        path.relative_to(tmp_path).as_posix() for path in find_case_files([tmp_path, tmp_path / "c.yaml"])
    ]
    assert found == ["a/1.asltest.json", "a/2.asltest.yml", "b.asltest.yaml", "c.yaml"]


_WORDS = st.sampled_from(
    [
        "definition",
        "tasks",
        "expect",
        "S",
        "returns",
        "raises",
        "times",
        "throttles",
        "calls",
        "status",
        "path",
    ]
)
_JSON: Any = st.recursive(
    st.none() | st.integers(-1, 2) | _WORDS | st.just("SUCCEEDED"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=8,
)


def test_what_stands_between_documents() -> None:
    cases = parse_cases("definition: a\n--- # the next\ndefinition: b\n...\n", Path("m.asltest.yaml"))
    assert [(case.line, case.definition) for case in cases] == [(1, Path("a")), (3, Path("b"))]


def test_a_run_that_stops_is_told_as_far_as_it_came(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "definition: {StartAt: A, States: {A: {Type: Pass, Next: B}, "
        "B: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', End: true}}}",
    )
    result = run_case(*read_cases(path))
    assert result.run is None
    assert result.report.splitlines()[-5:] == [
        f"{path}: RUNNING",
        "input:  {}",
        "path:   A > B",
        'was in state "B", whose input was',
        "        {}",
    ]


@given(_JSON, st.text(max_size=20))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_file_is_read_or_refused_as_the_schema_has_it(value: Any, text: str) -> None:
    with suppress(CaseError):
        parse_cases(text, Path("m.asltest.yaml"))
    try:
        parse_cases(json.dumps(value), Path("m.asltest.json"))
    except CaseError:
        assert not SCHEMA.is_valid(value)
    else:
        SCHEMA.validate(value)


def test_each_case_works_on_a_copy_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "s3" / "raw").mkdir(parents=True)
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "End": True}
    given = {"Bucket": "raw", "Key": "k", "Body": "x", "IfNoneMatch": "*"}
    machine = {"StartAt": "A", "States": {"A": {**task, "Parameters": given}}}
    case = json.dumps({"definition": machine, "s3": "s3"})
    for each in read_cases(write(tmp_path, f"{case}\n---\n{case}")):
        assert run_case(each).problems == ()
    assert list((tmp_path / "s3" / "raw").iterdir()) == []
