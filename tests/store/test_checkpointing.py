"""The write-ahead log is moved into the database file by a thread."""

from __future__ import annotations

from pathlib import Path

import pytest

from asltool.store import checkpointing, open_store


@pytest.mark.parametrize("many", [1, 1_000_000])
def test_a_thread_moves_the_log(many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointing, "_SECONDS", 0.001)
    monkeypatch.setattr(checkpointing, "_BYTES", 1)
    monkeypatch.setattr(checkpointing, "_MANY", many)
    store = open_store(tmp_path)
    store.checkpoint_in_thread()
    store.put("kind", "key", {"text": "found in the file"})
    store.commit()
    while b"found in the file" not in (tmp_path / "asltool.db").read_bytes():
        pass
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["asltool.db"]
