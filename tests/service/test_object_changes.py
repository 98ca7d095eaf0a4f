"""Which files of a watched folder are whole and new, without a file system and without a clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from asltool.service.objects.changes import Changes
from asltool.service.objects.files import Stamp, files_below, look_at

NOON = 1_767_268_800.0


def changed(at: float, size: int = 1) -> Stamp:
    return Stamp(size, int(at * 1e9))


def test_a_file_that_is_written_is_whole_once_it_was_quiet() -> None:
    changes = Changes({})
    changes.note({"raw/a": changed(NOON)}, NOON)
    assert changes.whole(NOON + 0.09) == []
    changes.note({"raw/a": changed(NOON + 0.09, 2)}, NOON + 0.09)
    assert changes.whole(NOON + 0.18) == []
    assert changes.rest(NOON + 0.09, 5.0) == pytest.approx(0.1)
    assert changes.whole(NOON + 0.2) == ["raw/a"]
    assert changes.is_whole("raw/a", changed(NOON + 0.09, 2))
    assert not changes.is_whole("raw/a", changed(NOON + 0.21, 3))


def test_a_file_that_was_whole_before_it_was_renamed_is_so_at_once() -> None:
    changes = Changes({})
    changes.note({"raw/a": changed(NOON - 1)}, NOON)
    assert changes.whole(NOON) == ["raw/a"]


def test_a_file_from_the_future_is_whole_once_it_was_quiet() -> None:
    changes = Changes({})
    changes.note({"raw/a": changed(NOON + 3600)}, NOON)
    assert changes.whole(NOON) == []
    assert changes.whole(NOON + 0.1) == ["raw/a"]


def test_what_is_as_it_was_seen_is_no_change() -> None:
    changes = Changes({"raw/a": changed(NOON)})
    assert changes.note_all({"raw/a": changed(NOON)}, NOON + 9) == []
    assert changes.whole(NOON + 9) == []
    changes.note({"raw/a": changed(NOON + 9)}, NOON + 9)
    changes.note({"raw/a": changed(NOON)}, NOON + 9)
    assert changes.whole(NOON + 99) == []


def test_a_file_that_is_gone_before_it_was_whole_was_never_there() -> None:
    changes = Changes({})
    changes.note({"raw/a": changed(NOON)}, NOON)
    assert changes.note({"raw/a": None}, NOON + 0.05) == []
    assert changes.whole(NOON + 9) == []
    assert changes.rest(NOON + 9, 5.0) == 5.0


def test_the_files_of_a_folder_that_is_gone_are_gone() -> None:
    seen = {name: changed(NOON) for name in ("raw/a/1", "raw/a/b/2", "raw/ab", "other/a/1")}
    changes = Changes(seen)
    changes.note({"raw/a/3": changed(NOON)}, NOON)
    assert sorted(changes.note({"raw/a": None}, NOON)) == ["raw/a/1", "raw/a/b/2"]
    assert changes.whole(NOON + 9) == []


def test_whatever_is_missing_of_all_that_there_is_is_gone() -> None:
    changes = Changes({"raw/a": changed(NOON), "raw/b": changed(NOON)})
    assert changes.note_all({"raw/b": changed(NOON + 1)}, NOON + 1) == ["raw/a"]
    changes.settle("raw/a", None)
    changes.settle("raw/b", changed(NOON + 1))
    assert changes.seen == {"raw/b": changed(NOON + 1)}
    assert changes.whole(NOON + 9) == []


def test_a_folder_that_is_not_there_is_not_one_without_files(tmp_path: Path) -> None:
    assert files_below(str(tmp_path), "raw") == {}
    with pytest.raises(FileNotFoundError):
        files_below(str(tmp_path / "away"))


def test_what_is_an_object_and_what_is_not(tmp_path: Path) -> None:
    for name in ("raw/a", "raw/in/b", ".uploads/x", "beside", "raw/.hidden", "-/c"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "raw" / "loop").symlink_to(tmp_path / "raw")
    root = str(tmp_path)
    assert sorted(files_below(root)) == ["raw/.hidden", "raw/a", "raw/in/b"]
    paths = [f"{root}/{name}" for name in ("raw/a", "raw/in", ".uploads/x", "beside", "-/c", "raw", "raw/no")]
    assert {name for name, stamp in look_at(root, paths).items() if stamp} == set(files_below(root))
    assert [name for name, stamp in look_at(root, paths).items() if stamp is None] == ["raw/no"]
