"""What is kept of an execution: nothing is lost, nothing runs twice, and nothing is overwritten unasked."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.engine.map_io import ChildEnd
from asltool.errors import AslToolError, CheckpointError, DumpError, OptionError, WriteError
from asltool.integrations import journal as journal_module
from asltool.integrations.folder_lock import FolderLock
from asltool.integrations.journal import Journal
from asltool.integrations.objects.folder import Folder
from asltool.integrations.sealed import seal
from asltool.integrations.tasks import Tasks
from asltool.machine import Machine, loads
from asltool.run import Run
from asltool.store import open_store, open_to_read
from asltool.store.checkpoint import Checkpoints, remove_journals

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

    return machine().run(list(range(5)), tasks=tasks, name="a/b", checkpoints=Checkpoints(folder, **options))


def test_a_crash_loses_no_child_that_has_ended(tmp_path: Path) -> None:
    calls: list[int] = []
    with pytest.raises(Crash):
        run(tmp_path, {3: Crash()}, calls)
    with pytest.raises(
        CheckpointError, match=r'execution "a/b" was not finished. resume it, or take another name'
    ):
        run(tmp_path, {}, calls)
    went = run(tmp_path, {}, calls, resume=True)
    assert (went.status, went.output) == ("SUCCEEDED", [0, -1, -2, -3, -4])
    assert calls == [0, 1, 2, 3, 3, 4]
    assert not (tmp_path / "each" / "a%2Fb").exists()


def test_a_task_whose_outcome_is_known_does_not_run_again(tmp_path: Path) -> None:
    task = {"Type": "Task", "Resource": LAMBDA}
    states = {"A": {**task, "Next": "B"}, "B": {**task, "Next": "C"}, "C": {**task, "End": True}}
    chain = loads(json.dumps({"StartAt": "A", "States": states}), "chain.asl.json")
    calls: list[int] = []
    wrong: dict[int, BaseException] = {1: Crash(), 2: ValueError("no")}

    def go(**options: bool) -> Run:
        tasks = Tasks()

        @tasks.handler("do")
        def do(event: Any, context: Any) -> Any:
            calls.append(event)
            if event in wrong:
                raise wrong.pop(event)
            return event + 1

        return chain.run(
            0, tasks=tasks, name="n", seed=7, limits=False, checkpoints=Checkpoints(tmp_path, **options)
        )

    with pytest.raises(Crash):
        go()
    failed = go(resume=True)
    assert (failed.status, calls) == ("FAILED", [0, 1, 1, 2])
    went = go(redrive=True)
    assert (went.output, calls, went.seed) == (3, [0, 1, 1, 2, 2], 7)
    events = [event["type"] for event in went.history]
    assert events.count("ExecutionStarted") == events.count("ExecutionRedriven") == 1
    assert [event["id"] for event in went.history] == list(range(1, len(events) + 1))
    assert not (tmp_path / "chain" / "n").exists()
    with closing(open_to_read(tmp_path)) as store:
        assert store.executions() == []


def test_a_failure_is_redriven(tmp_path: Path) -> None:
    calls: list[int] = []
    failed = run(tmp_path, {2: ValueError("no")}, calls)
    assert failed.error == "States.ExceedToleratedFailureThreshold"
    for options in ({}, {"resume": True}):
        with pytest.raises(
            CheckpointError, match=r'"a/b" has ended: FAILED. redrive it, or take another name'
        ):
            run(tmp_path, {}, calls, **options)
    still = run(tmp_path, {4: ValueError("no")}, calls, redrive=True)
    assert (still.status, still.map_runs[0].redrive_count) == ("FAILED", 1)
    went = run(tmp_path, {}, calls, redrive=True)
    assert (went.output, went.map_runs[0].redrive_count) == ([0, -1, -2, -3, -4], 2)
    assert calls == [0, 1, 2, 2, 3, 4, 4]


def test_with_nothing_kept_there_is_a_beginning_and_no_redrive(tmp_path: Path) -> None:
    calls: list[int] = []
    assert run(tmp_path, {}, calls, resume=True).status == "SUCCEEDED"
    with pytest.raises(CheckpointError, match=r'there is no execution "a/b" in .*each to be redriven'):
        run(tmp_path, {}, calls, redrive=True)


@pytest.mark.parametrize("options", [{"resume": True}, {"redrive": True}])
def test_an_execution_is_resumed_by_its_name(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"^to resume or redrive an execution, pass its name$"):
        machine().run([], checkpoints=Checkpoints(tmp_path, **options))
    assert not any(tmp_path.iterdir())


def test_an_execution_is_resumed_or_redriven() -> None:
    with pytest.raises(OptionError) as refused:
        Checkpoints("state", resume=True, redrive=True)
    message = "resume continues an unfinished execution, redrive a failed one: use one of them"
    assert str(refused.value) == message


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """The folder of an execution that crashed after three of its five children."""
    with pytest.raises(Crash):
        run(tmp_path, {3: Crash()}, [])
    return tmp_path / "each" / "a%2Fb"


def the_journal(folder: Path) -> Path:
    (path,) = folder.glob("*.jsonl")
    return path


@pytest.mark.parametrize("place", range(60))
def test_a_changed_byte_is_noticed_or_changes_nothing(crashed: Path, place: int) -> None:
    file = crashed.parent.parent / "asltool.db"
    data = bytearray(file.read_bytes())
    data[place * len(data) // 60 + place] ^= 1
    file.write_bytes(data)
    try:
        went = run(crashed.parent.parent, {}, [], resume=True)
    except AslToolError:
        return
    assert (went.status, went.output) == ("SUCCEEDED", [0, -1, -2, -3, -4])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE executions SET input = '[9]'", "step 1 leads to other events than it did"),
        ("UPDATE executions SET input = '['", "its definition cannot be run: .*"),
        ("UPDATE executions SET settings = '{}'", "its definition cannot be run: 'engine'"),
        ("DELETE FROM definitions", "its definition cannot be run: .*"),
        ("UPDATE steps SET call = x'7b7d'", "step 1 cannot be repeated: DumpError: not a step: {}"),
        ("UPDATE steps SET records = x'5b5d'", "step 1 leads to other events than it did"),
    ],
)
def test_what_cannot_be_repeated_is_refused(crashed: Path, change: str, problem: str) -> None:
    state = crashed.parent.parent
    with sqlite3.connect(state / "asltool.db") as database:
        database.execute(change)
    database.close()
    calls: list[int] = []
    with pytest.raises(DumpError) as caught:
        run(state, {}, calls, resume=True)
    message = f'execution "a/b" cannot be continued: {problem}. begin under another name'
    assert re.fullmatch(message, str(caught.value))
    assert calls == []


def test_what_an_earlier_version_saved_is_refused(crashed: Path) -> None:
    (crashed / "execution.json").write_bytes(b"")
    with pytest.raises(DumpError) as caught:
        run(crashed.parent.parent, {}, [], resume=True)
    assert str(caught.value) == (
        f"{crashed / 'execution.json'} was saved by an earlier version of asltool. finish the execution with "
        "commit a24136b, or take another name"
    )


GOOD = [1, 1, "SUCCEEDED", 1.5, 2.5, 0, None, None, -1]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"\n", "the checksum does not match"),
        (b'{"i": 9}\n', "the checksum does not match"),
        (b"\0" * 512 + b"\n", "the checksum does not match"),
        (seal(GOOD)[1:], "the checksum does not match"),
        (seal(GOOD).replace(b"-1]", b"-2]"), "the checksum does not match"),
        (seal([1]), "not the end of a child execution"),
        (seal({}), "not the end of a child execution"),
        (seal([*GOOD, "input"]), "not the end of a child execution"),
        (seal([-1, *GOOD[1:]]), "not the end of a child execution"),
        (seal([True, *GOOD[1:]]), "not the end of a child execution"),
        (seal([*GOOD[:2], "DONE", *GOOD[3:]]), "not the end of a child execution"),
        (seal([*GOOD[:3], "now", *GOOD[4:]]), "not the end of a child execution"),
    ],
)
@pytest.mark.parametrize("where", [0, 1, 3])
def test_a_damaged_line_of_a_journal_is_an_error(
    crashed: Path, line: bytes, problem: str, where: int
) -> None:
    path = the_journal(crashed)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:where], line, *lines[where:]]))
    with pytest.raises(DumpError) as caught:
        run(crashed.parent.parent, {}, [], resume=True)
    told = "delete that line to run its child execution again, or use another name"
    assert str(caught.value) == f"{path} is damaged: {problem} in line {where + 1}. {told}"


@pytest.mark.parametrize("fields", [[5, *GOOD[1:]], [1, 2, *GOOD[2:]], [4, 0, *GOOD[2:]]])
def test_children_that_there_cannot_be_are_an_error(crashed: Path, fields: list[Any]) -> None:
    path = the_journal(crashed)
    path.write_bytes(seal(fields) + path.read_bytes())
    with pytest.raises(DumpError, match=f"the end of child {fields[0]} does not fit"):
        run(crashed.parent.parent, {}, [], resume=True)


def test_of_two_journals_with_the_same_child_the_first_record_counts(crashed: Path) -> None:
    path = the_journal(crashed)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[-1]]))
    other = path.with_name(path.name.replace(".jsonl", "0.jsonl"))
    other.write_bytes(b"".join([*lines, seal([3, *GOOD[1:8], "other"])]))
    calls: list[int] = []
    went = run(crashed.parent.parent, {}, calls, resume=True)
    assert (went.output, calls) == ([0, -1, -2, "other", -4], [4])
    assert went.map_runs[0].executions.succeeded == 5


def test_a_second_process_is_refused_while_the_first_is_at_work(crashed: Path) -> None:
    lock = FolderLock(crashed)
    with pytest.raises(CheckpointError) as caught:
        run(crashed.parent.parent, {}, [], resume=True)
    told = "wait until that has ended, or take another name"
    assert str(caught.value) == f'execution "a/b" is being run by another process. {told}'
    lock.release()
    assert run(crashed.parent.parent, {}, [], resume=True).status == "SUCCEEDED"


def test_journals_without_their_execution_mean_nothing(crashed: Path) -> None:
    store = open_store(crashed.parent.parent)
    store.clear()
    store.commit()
    store.close()
    calls: list[int] = []
    assert run(crashed.parent.parent, {}, calls, resume=True).status == "SUCCEEDED"
    assert calls == [0, 1, 2, 3, 4]


def test_journals_of_executions_that_are_not_saved_are_removed(crashed: Path) -> None:
    state = crashed.parent.parent
    others = [state / "each" / name for name in ("old", "gone", "busy")] + [state / "server" / "maps"]
    for folder in others:
        folder.mkdir(parents=True)
        (folder / "run.1.jsonl").touch()
    (others[0] / "execution.json").touch()
    (state / "server" / "asltool.db").touch()
    lock = FolderLock(others[2])
    store = open_store(state)
    remove_journals(state, store)
    assert the_journal(crashed).exists()
    assert [folder.exists() for folder in others] == [True, False, True, True]
    lock.release()
    store.clear()
    remove_journals(state, store)
    store.close()
    assert [path.name for path in (state / "each").iterdir()] == ["old"]
    assert the_journal(others[3]).exists()


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"file/each/a%2Fb cannot be written: not a directory"):
        run(tmp_path / "file", {}, [])


class Short(FileIO):
    """A file that takes a few bytes at a time, and in all no more than ``room``."""

    room = 10_000

    def write(self, data: Any) -> int:
        if self.room == 0:
            raise OSError(28, "No space left on device")
        many = super().write(bytes(data)[: min(7, self.room)])
        self.room -= many
        return many


def test_what_was_written_only_in_part_is_written_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "FileIO", Short)
    journal = Journal(tmp_path / "run", inputs=True)
    for index in range(3):
        journal.note(ended(index, "x" * index))
    journal.close()
    found = Journal(tmp_path / "run", inputs=True).ended()
    assert [child.index for child in found if isinstance(child, ChildEnd)] == [0, 1, 2]


def test_a_run_that_a_full_disk_broke_off_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(journal_module, "FileIO", Short)
        patch.setattr(Short, "room", 120)
        with pytest.raises(WriteError) as caught:
            run(tmp_path, {}, calls)
    path = the_journal(tmp_path / "each" / "a%2Fb")
    reason = "no space left on device. fix this, then resume the execution if it has a name"
    assert str(caught.value) == f"{path} cannot be written: {reason}"
    assert path.read_bytes().count(b"\n") == 1
    assert path.read_bytes().endswith(b"\n")
    assert run(tmp_path, {}, calls, resume=True).output == [0, -1, -2, -3, -4]
    assert calls == [0, 1, 1, 2, 3, 4]


class FullFolder(Folder):
    """A store on a disk that is full."""

    def put(self, bucket: str, key: str) -> Any:
        upload = super().put(bucket, key)
        upload._file.close()
        upload._file = Path("/dev/full").open("wb")  # noqa: SIM115 - the upload closes it
        return upload


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here is always full")
def test_a_run_whose_results_find_no_room_is_resumed(tmp_path: Path) -> None:
    (tmp_path / "s3" / "out").mkdir(parents=True)
    definition = json.loads(json.dumps(MACHINE))
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}}
    definition["States"]["Each"]["ResultWriter"] = writer
    writing = loads(json.dumps(definition), "each.asl.json")
    calls: list[int] = []
    tasks = Tasks()
    tasks.register("do", lambda event, context: calls.append(event))
    go = partial(writing.run, [1, 2], tasks=tasks, name="n")
    saved = tmp_path / "state"
    with pytest.raises(WriteError, match="cannot be written: no space left on device"):
        go(s3=FullFolder(tmp_path / "s3"), checkpoints=Checkpoints(saved))
    assert go(s3=tmp_path / "s3", checkpoints=Checkpoints(saved, resume=True)).status == "SUCCEEDED"
    assert calls == [1, 2]


def ended(index: int, value: Any) -> ChildEnd:
    return ChildEnd(
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
    assert isinstance(found, ChildEnd)
    assert (found.input, found.output) == (None, "large")


def test_names_stay_in_their_folder(tmp_path: Path) -> None:
    with pytest.raises(AslToolError):
        machine().run([], name="..", checkpoints=Checkpoints(tmp_path / "inner", redrive=True))
    tasks = Tasks()

    @tasks.handler("do")
    def do(event: Any, context: Any) -> Any:
        raise ValueError

    machine().run([1], tasks=tasks, name="..", checkpoints=Checkpoints(tmp_path / "inner"))
    assert [path.name for path in (tmp_path / "inner" / "each").iterdir()] == ["%2E."]
