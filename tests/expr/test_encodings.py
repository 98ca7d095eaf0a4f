"""Bytes from files and streams."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest

from asltool.expr import encodings


def test_a_file_is_read_whole_however_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "_MOST", 3)
    (tmp_path / "long").write_bytes(b"12345")
    assert encodings.bytes_of(tmp_path / "long") == b"12345"
    assert encodings.rest_of(BytesIO(b"123"), "standard input") == b"123"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a device without an end")
def test_what_has_no_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "_MOST", 1_000)
    with pytest.raises(OSError, match="it has more than 256 megabytes: '/dev/zero'"):
        encodings.bytes_of("/dev/zero")


def test_a_file_that_cannot_be_written_anew_stays_as_it_was(tmp_path: Path) -> None:
    """With a limit on the size of files, which stands for a full disk."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "a"
    path.write_bytes(b"before")
    encodings.rewrite(path, b"now")
    assert path.read_bytes() == b"now"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            encodings.rewrite(path, b"x" * 2_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"now"
