"""What every store does, in memory and in a file; and what only files have."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from asltool.errors import StoreError
from asltool.store import ExecutionRow, LoggedStep, Store, open_store, open_to_read, schema
from asltool.store.opening import FolderHold
from asltool.store.port import MAP_RUN


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(None if request.param == "memory" else tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def reopened(tmp_path: Path) -> Callable[[Store | None], Store]:
    """Return what commits a store in a file and opens it anew, as the next process would."""

    def reopen(store: Store | None) -> Store:
        if store is not None:
            store.commit()
            store.close()
        return open_store(tmp_path / "data")

    return reopen


def row(name: str, **fields: Any) -> ExecutionRow:
    return ExecutionRow(
        arn=name, **{"machine": "m", "definition": "d", "started": 1.0, "input": "{}", **fields}
    )


def test_documents_are_found_replaced_and_removed(store: Store) -> None:
    store.put("machine", "a", {"big": 2**70, "text": "\ud800ü"})
    assert store.get("machine", "a") == {"big": 2**70, "text": "\ud800ü"}
    assert store.get("alias", "a") is None
    store.put("machine", "a", {"new": True})
    assert store.get("machine", "a") == {"new": True}
    assert store.remove("machine", "a")
    assert not store.remove("machine", "a")
    assert store.get("machine", "a") is None


def test_documents_are_listed_in_pages_both_ways(store: Store) -> None:
    for key in "abcd":
        store.put("tag", key, {"key": key}, owner="odd" if key in "ac" else "even")
    store.put("tag", "a", {"key": "a2"})
    first = store.listed("tag", limit=2)
    assert [each.key for each in first] == ["a", "b"]
    assert [each.body for each in store.listed("tag", "odd")] == [{"key": "a2"}, {"key": "c"}]
    assert [each.key for each in store.listed("tag", after=first[-1].cursor)] == ["c", "d"]
    newest = store.listed("tag", limit=1, newest_first=True)
    assert [each.key for each in newest] == ["d"]
    rest = store.listed("tag", after=newest[0].cursor, newest_first=True)
    assert [each.key for each in rest] == ["c", "b", "a"]


def test_a_definition_is_found_by_its_hash(store: Store) -> None:
    digest = store.put_definition('{"StartAt": "\ud800"}')
    assert store.put_definition('{"StartAt": "\ud800"}') == digest
    assert store.definition(digest) == '{"StartAt": "\ud800"}'
    assert store.definition("another") is None


@pytest.mark.parametrize("between", [False, True], ids=["one commit", "two commits"])
def test_an_execution_is_one_row_with_its_log(store: Store, between: bool) -> None:
    begun = row("e", settings={"role": "r"}, map_run="run")
    number = store.begin(begun)
    store.step(number, b"start", b"1")
    if between:
        store.commit()
        assert [each.arn for each in store.running()] == ["e"]
    store.step(number, b"deliver", b"2" * 5_000)
    expected = begun._replace(number=number, status="SUCCEEDED", stopped=3.0, output="[]")
    store.end(expected)
    store.commit()
    steps = [LoggedStep(b"start", b"1"), LoggedStep(b"deliver", b"2" * 5_000)]
    assert store.log(number) == steps
    assert store.running() == []
    assert store.executions() == [expected._replace(input="", output=None)]
    assert store.execution("e") == expected


def test_what_is_not_committed_is_seen(store: Store) -> None:
    number = store.begin(row("e"))
    store.step(number, b"start", b"1")
    found = store.execution("e")
    assert found is not None
    assert found.number == number
    store.step(number, b"advance", b"2")
    assert [step.call for step in store.log(number)] == [b"start", b"advance"]


def test_an_execution_that_is_redriven_goes_on_with_its_log(store: Store) -> None:
    number = store.begin(row("e"))
    store.step(number, b"start", b"1")
    store.end(row("e", number=number, status="FAILED", stopped=2.0, error="Boom", cause="why"))
    store.commit()
    store.reopen(number, 5.0)
    store.step(number, b"redrive", b"2")
    store.commit()
    (found,) = store.running()
    assert (found.status, found.redrives, found.redriven, found.stopped) == ("RUNNING", 1, 5.0, None)
    assert (found.error, found.cause) == (None, None)
    store.step(number, b"deliver", b"3")
    store.end(row("e", number=number, status="SUCCEEDED", stopped=6.0, output="1"))
    assert [step.call for step in store.log(number)] == [b"start", b"redrive", b"deliver"]
    assert [each.arn for each in store.executions(redriven=True)] == ["e"]
    assert store.executions(redriven=False) == []


def test_executions_are_listed_newest_first_by_what_they_belong_to(store: Store) -> None:
    for name in "abcd":
        begun = row(name, machine="odd" if name in "ac" else "even", alias=name)
        number = store.begin(begun)
        if name == "c":
            store.end(begun._replace(number=number, status="FAILED", stopped=2.0))
    listed = store.executions(limit=2)
    assert [each.arn for each in listed] == ["d", "c"]
    assert [each.arn for each in store.executions(after=listed[-1].number)] == ["b", "a"]
    assert [each.arn for each in store.executions(machine="odd")] == ["c", "a"]
    assert [each.arn for each in store.executions(machine="odd", status="RUNNING")] == ["a"]
    assert [each.arn for each in store.executions(alias="b")] == ["b"]
    assert store.executions(version="b") == []
    assert store.tally() == {"odd": {"RUNNING": 1, "FAILED": 1}, "even": {"RUNNING": 2}}


def test_executions_are_listed_by_when_they_began_and_without_children(store: Store) -> None:
    for name, started in (("a", 1.0), ("b", 2.0), ("c", 3.0)):
        store.begin(row(name, started=started, map_run="run" if name == "b" else None))
    assert [each.arn for each in store.executions(since=2.0)] == ["c", "b"]
    assert [each.arn for each in store.executions(since=2.0, until=3.0)] == ["b"]
    assert [each.arn for each in store.executions(roots=True)] == ["c", "a"]
    assert store.tally() == {"m": {"RUNNING": 2}}


def test_children_are_listed_with_what_went_in_and_came_out(store: Store) -> None:
    begun = row("a", map_run="run", input="[1]")
    number = store.begin(begun)
    ended = begun._replace(number=number, status="SUCCEEDED", stopped=2.0, output="[2]")
    store.end(ended)
    store.begin(row("b"))
    assert store.executions(map_run="run", whole=True) == [ended]


def test_blocked_forgotten_and_pruned(store: Store) -> None:
    numbers = {name: store.begin(row(name)) for name in "abcd"}
    store.block(numbers["a"], "another version")
    assert [each.blocked for each in store.running()] == ["another version", None, None, None]
    store.block(numbers["a"], None)
    store.forget(numbers["b"])
    store.step(numbers["d"], b"start", b"")
    store.commit()
    store.forget(numbers["d"])
    store.end(row("e", number=numbers["c"], status="SUCCEEDED", stopped=10.0))
    assert store.prune(10.0) == 0
    assert store.prune(10.5) == 1
    assert [each.arn for each in store.running()] == ["a"]
    assert [each.blocked for each in store.running()] == [None]
    assert store.log(numbers["d"]) == []


def test_executions_are_found_by_a_text(store: Store) -> None:
    store.end(
        row("one", number=store.begin(row("one")))._replace(status="FAILED", stopped=2.0, cause="No Money")
    )
    store.begin(row("two", input='{"order": "Ü\ud800"}'))
    store.block(store.begin(row("three")), "step 3")
    for text, arns in (
        ("no m", ["one"]),
        ("ORDER", ["two"]),
        ("Ü\ud800", ["two"]),
        ("step", ["three"]),
        ("%", []),
    ):
        assert [each.arn for each in store.executions(text=text)] == arns
    (two,) = store.executions(arn="two", whole=True)
    assert two.input == '{"order": "Ü\\ud800"}'
    assert store.executions(number=two.number) == [two._replace(input="")]


def test_what_belongs_to_a_pruned_execution_goes_with_it(store: Store) -> None:
    for name, stopped in (("old", 2.0), ("young", 20.0), ("again", 2.0), ("again", 20.0)):
        store.end(row(name, number=store.begin(row(name)))._replace(status="FAILED", stopped=stopped))
        store.put("map run", f"of {name} {stopped}", {}, owner=name)
    store.begin(row("running"))
    store.put("map run", "of running", {}, owner="running")
    store.put("tag", "a", {}, owner="machine")
    assert store.prune(10.0) == 2
    kept = [each.key for each in store.listed("map run")]
    assert kept == ["of young 20.0", "of again 2.0", "of again 20.0", "of running"]
    assert [each.key for each in store.listed("tag")] == ["a"]


def test_definitions_go_that_nothing_names(store: Store) -> None:
    named = [store.put_definition(text) for text in ("of a machine", "of an execution", "in settings", "old")]
    unused = store.put_definition("unused")
    store.put("machine", "m", {"definition": named[0], "n": 1})
    store.begin(row("running", definition=named[1], settings={"machine": named[2]}))
    old = row("old", definition=named[3])
    store.end(old._replace(number=store.begin(old), status="FAILED", stopped=2.0))
    assert store.prune(1.0) == 0
    assert [store.definition(each) is not None for each in (*named, unused)] == [*[True] * 4, False]
    assert store.prune(3.0) == 1
    assert [store.definition(each) is not None for each in named] == [True, True, True, False]


def test_a_child_stays_as_long_as_its_map_run_may_need_it(store: Store) -> None:
    for name, stopped in (("old", 2.0), ("young", 20.0), ("running", None)):
        number = store.begin(row(name))
        if stopped is not None:
            store.end(row(name, number=number, status="FAILED", stopped=stopped))
        store.put(MAP_RUN, f"run of {name}", {}, owner=name)
        child = row(f"child of {name}", map_run=f"run of {name}")
        store.end(child._replace(number=store.begin(child), status="SUCCEEDED", stopped=1.0))
    assert store.prune(10.0) == 2
    assert [each.arn for each in store.executions()] == [
        *("child of running", "running", "child of young", "young")
    ]
    assert store.prune(30.0) == 2
    assert [each.arn for each in store.executions()] == ["child of running", "running"]


def test_text_that_no_encoding_can_write_is_kept_as_an_escape(store: Store) -> None:
    number = store.begin(row("e"))
    store.commit()
    store.end(row("e", number=number)._replace(status="FAILED", stopped=2.0, error="\ud800", cause="ü"))
    found = store.execution("e")
    assert found is not None
    assert (found.error, found.cause) == ("\\ud800", "ü")
    assert store.execution("\ud800") is None


def test_everything_can_be_removed(store: Store) -> None:
    store.put("tag", "a", {})
    store.begin(row("a"))
    store.clear()
    assert store.listed("tag") == []
    assert store.executions() == []


def test_only_what_is_committed_is_there_afterwards(reopened: Callable[[Store | None], Store]) -> None:
    store = reopened(None)
    first = store.begin(row("a"))
    store.step(first, b"start", b"1")
    store.put("tag", "a", {"x": 1})
    store.commit()
    store.step(first, b"lost", b"2")
    store.begin(row("b"))
    store.put("tag", "a", {"x": 2})
    store.remove("tag", "b")
    store.close()
    store = reopened(None)
    assert store.get("tag", "a") == {"x": 1}
    assert [each.arn for each in store.executions()] == ["a"]
    store.step(first, b"advance", b"2")
    assert store.begin(row("c")) > first
    store = reopened(store)
    assert [step.call for step in store.log(first)] == [b"start", b"advance"]
    store.close()


def test_two_processes_give_numbers_of_their_own(tmp_path: Path) -> None:
    one, two = open_store(tmp_path), open_store(tmp_path)
    numbers: list[int] = []
    for store in (one, two, one, two):
        numbers.append(store.begin(row(f"e{len(numbers)}")))
        store.commit()
    assert len(set(numbers)) == 4
    assert len(one.executions()) == 4
    one.close()
    two.close()


def test_reading_shows_what_was_committed_while_another_writes(tmp_path: Path) -> None:
    writer = open_store(tmp_path)
    writer.begin(row("a"))
    writer.commit()
    writer.begin(row("b"))
    writer.put("tag", "a", {})
    reader = open_to_read(tmp_path)
    writer.commit()
    assert [each.arn for each in reader.executions()] == ["a"]
    reader.close()
    writer.close()


def test_a_folder_without_a_store_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_to_read(tmp_path / "data")
    assert str(caught.value) == f'{tmp_path / "data"} has no executions: it has no file "asltool.db"'
    assert not (tmp_path / "data").exists()
    (tmp_path / "asltool.db").touch()
    with pytest.raises(StoreError) as caught:
        open_to_read(tmp_path)
    assert str(caught.value) == f"{tmp_path / 'asltool.db'} has nothing in it. use another folder"


# Files that cannot be used.


@pytest.mark.parametrize("opened", [open_store, open_to_read])
def test_a_newer_database_is_refused(opened: Callable[[Path], Store], tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "asltool.db") as database:
        database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(StoreError) as caught:
        opened(tmp_path)
    path = tmp_path / "asltool.db"
    assert str(caught.value) == (
        f"{path} was made by a newer version of asltool. use that one, or another folder"
    )
    assert caught.value.path == str(path)


@pytest.mark.parametrize("opened", [open_store, open_to_read])
def test_a_damaged_database_is_refused(opened: Callable[[Path], Store], tmp_path: Path) -> None:
    path = tmp_path / "asltool.db"
    path.write_text("not a database" * 1_000)
    with pytest.raises(StoreError) as caught:
        opened(tmp_path)
    assert str(caught.value) == f"{path} is damaged. restore it from a copy, or use another folder"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE documents SET body = '{'",
        "UPDATE definitions SET text = '\"other\"'",
        "UPDATE executions SET settings = '['",
        "UPDATE executions SET log = x'01ff'",
        "UPDATE executions SET log = x'00ff'",
    ],
)
def test_a_damaged_row_is_one_clear_error(change: str, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put("tag", "a", {})
    digest = store.put_definition("{}")
    number = store.begin(row("e"))
    store.end(row("e", number=number, status="SUCCEEDED", stopped=2.0))
    store.commit()
    store._database.execute(change)
    path = tmp_path / "asltool.db"
    with pytest.raises(StoreError) as caught:
        _ = store.get("tag", "a"), store.definition(digest), store.executions(), store.log(number)
    assert str(caught.value) == f"{path} is damaged. restore it from a copy, or use another folder"
    store.close()


def test_a_locked_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(tmp_path).close()
    monkeypatch.setattr(schema, "_PATIENCE", 0.0)
    path = tmp_path / "asltool.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path)
    assert str(caught.value) == f"{path} is locked by another program. close that, and try again"
    open_to_read(tmp_path).close()
    other.close()


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put("tag", "a", {"x": 1})
    store.commit()
    store._database.execute("PRAGMA max_page_count = 30")
    store.put("tag", "a", {"x": 2})
    with pytest.raises(StoreError) as caught:
        store.put("tag", "b", {"x": "long" * 100_000})
    path = tmp_path / "asltool.db"
    assert str(caught.value) == (
        f"{path} cannot be written: the disk is full. nothing since the last commit is kept"
    )
    assert store.get("tag", "a") == {"x": 1}
    with pytest.raises(StoreError) as later:  # by whoever else has changed something
        store.commit()
    assert later.value is caught.value
    store.put("tag", "a", {"x": 3})
    store.commit()
    store.close()


def test_a_folder_is_held_by_one_server(tmp_path: Path) -> None:
    held = FolderHold(tmp_path / "data", "127.0.0.1:8083")
    with pytest.raises(StoreError) as caught:
        FolderHold(tmp_path / "data", "127.0.0.1:9000")
    assert "is used by another server, process " in str(caught.value)
    assert str(caught.value).endswith(" at 127.0.0.1:8083. stop it, or pass another folder")
    held.release()
    FolderHold(tmp_path / "data", "127.0.0.1:9000").release()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path / "file" / "data")
    assert "cannot be opened: not a directory" in str(caught.value)
