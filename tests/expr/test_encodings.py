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
    with pytest.raises(OSError, match="it gives more than 256 megabytes: '/dev/zero'"):
        encodings.bytes_of("/dev/zero")
