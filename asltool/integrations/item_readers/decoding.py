"""Decode an object's bytes: compression, UTF-8 and line endings."""

from __future__ import annotations

import gzip
import io
from typing import BinaryIO, TextIO, cast

from asltool.errors import MissingExtra

__all__ = ["as_text", "decompressed"]


def decompressed(stream: BinaryIO, key: str) -> BinaryIO:
    """Return a stream's content, decompressed according to its key's extension (``.gz``, ``.zstd``).

    Raises:
        MissingExtra: ``.zstd`` without pyarrow.
    """
    if key.endswith((".gz", ".gzip")):
        return cast(BinaryIO, gzip.open(stream))
    if key.endswith((".zst", ".zstd")):
        return _from_zstd(stream)
    return stream


def _from_zstd(stream: BinaryIO) -> BinaryIO:
    try:
        import pyarrow
    except ImportError as problem:
        raise MissingExtra("reading .zstd files", "parquet") from problem
    return cast(BinaryIO, pyarrow.CompressedInputStream(stream, "zstd"))


def as_text(stream: BinaryIO) -> TextIO:
    """Return the lines of a stream: UTF-8 with or without a byte order mark, every line ending in LF."""
    return io.TextIOWrapper(stream, encoding="utf-8-sig")
