"""What is kept of an execution: nothing is lost, nothing runs twice, and nothing is overwritten unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.engine.map_io import Ended
from asltool.errors import AslToolError, DumpError, InputError
from asltool.integrations.journal import Journal
from asltool.integrations.tasks import Tasks
from asltool.machine import Machine, Run, loads

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:do"
MACHINE = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "MaxConcurrency": 1,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Do",
                "States": {"Do": {"Type": "Task", "Resource": LAMBDA, "End": True}},
            },
            "End": True,
        }
    },
}


class Crash(BaseException):
    """What nobody catches, like a signal."""


def machine() -> Machine:
    return loads(json.dumps(MACHINE), "each.asl.json")


def run(folder: Path, bad: dict[int, BaseException], calls: list[int], **options: Any) -> Run:
    """Run over 0 to 4; those in ``bad`` raise."""
    tasks = Tasks()

    @tasks.handler("do")
    def do(event: Any, context: Any) -> Any:
        calls.append(event)
        if event in bad:
            raise bad[event]
        return -event

    return machine().run(list(range(5)), tasks=tasks, name="a/b", state_dir=folder, **options)


def test_a_crash_loses_no_child_that_has_ended(tmp_path: Path) -> None:
    calls: list[int] = []
    with pytest.raises(Crash):
        run(tmp_path, {3: Crash()}, calls)
    with pytest.raises(
        InputError, match=r'execution "a/b" was not finished. resume it, or take another name'
    ):
        run(tmp_path, {}, calls)
    went = run(tmp_path, {}, calls, resume=True)
    assert (went.status, went.output) == ("SUCCEEDED", [0, -1, -2, -3, -4])
    assert calls == [0, 1, 2, 3, 3, 4]
    assert not (tmp_path / "each" / "a%2Fb").exists()


def test_a_failure_is_redriven(tmp_path: Path) -> None:
    calls: list[int] = []
    failed = run(tmp_path, {2: ValueError("no")}, calls)
    assert failed.error == "States.ExceedToleratedFailureThreshold"
    for options in ({}, {"resume": True}):
        with pytest.raises(InputError, match=r'"a/b" has ended: FAILED. redrive it, or take another name'):
            run(tmp_path, {}, calls, **options)
    still = run(tmp_path, {4: ValueError("no")}, calls, redrive=True)
    assert (still.status, still.map_runs[0].redrive_count) == ("FAILED", 1)
    went = run(tmp_path, {}, calls, redrive=True)
    assert (went.output, went.map_runs[0].redrive_count) == ([0, -1, -2, -3, -4], 2)
    assert calls == [0, 1, 2, 2, 3, 4, 4]


def test_with_nothing_kept_there_is_a_beginning_and_no_redrive(tmp_path: Path) -> None:
    calls: list[int] = []
    assert run(tmp_path, {}, calls, resume=True).status == "SUCCEEDED"
    with pytest.raises(InputError, match=r'there is no execution "a/b" in .*each to be redriven'):
        run(tmp_path, {}, calls, redrive=True)


@pytest.mark.parametrize("options", [{"resume": True}, {"redrive": True, "name": "a"}])
def test_going_on_needs_a_name_and_a_folder(options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="give its name and the state_dir that keeps it"):
        machine().run([], **options)


def test_a_damaged_dump_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "each" / "a%2Fb"
    folder.mkdir(parents=True)
    (folder / "execution.json").write_text("{", encoding="utf-8")
    with pytest.raises(DumpError, match=r"execution\.json is damaged"):
        run(tmp_path, {}, [], resume=True)


def ended(index: int, value: Any) -> Ended:
    return Ended(
        index=index, items=1, status="SUCCEEDED", started_at=1, stopped_at=2, input=value, output=value
    )


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5)


@given(st.lists(JSON, max_size=4), st.integers(0, 400))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_journal_that_was_cut_off_has_its_whole_lines(values: list[Any], cut: int) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        stem = Path(folder) / "run"
        written = [ended(index, value) for index, value in enumerate(values)]
        journal = Journal(stem, inputs=True)
        for child in written:
            journal.note(child)
        journal.close()
        for path in Path(folder).iterdir():
            whole = path.read_bytes()
            path.write_bytes(whole[:cut])
            written = written[: whole[:cut].count(b"\n")]
        found = list(Journal(stem, inputs=True).ended())
        assert found == written
        more = Journal(stem, inputs=True)
        more.note(ended(9, "more"))
        more.close()
        assert list(Journal(stem, inputs=True).ended()) == [*written, ended(9, "more")]


def test_inputs_are_kept_where_they_are_wanted(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run", inputs=False)
    journal.note(ended(0, "large"))
    journal.close()
    (found,) = Journal(tmp_path / "run", inputs=False).ended()
    assert (found.input, found.output) == (None, "large")


def test_names_stay_in_their_folder(tmp_path: Path) -> None:
    with pytest.raises(AslToolError):
        machine().run([], name="..", state_dir=tmp_path / "inner", redrive=True)
    tasks = Tasks()

    @tasks.handler("do")
    def do(event: Any, context: Any) -> Any:
        raise ValueError

    machine().run([1], tasks=tasks, name="..", state_dir=tmp_path / "inner")
    assert [path.name for path in (tmp_path / "inner" / "each").iterdir()] == ["%2E."]
