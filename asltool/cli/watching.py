"""Repeat something whenever a file is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator

__all__ = ["saves", "wait"]

_SECONDS = 0.3


def wait() -> None:
    """Pause between two checks."""
    time.sleep(_SECONDS)


def saves(paths: Iterable[str], pause: Callable[[], None] = wait) -> Iterator[None]:
    """Yield once at the start, and again whenever one of the files has changed.

    If a file is missing for a moment, as when an editor replaces it, wait for it.

    Args:
        pause: called between two checks.
    """
    watched = list(paths)
    seen = None
    while True:
        stamps = [_stamp(path) for path in watched]
        if None not in stamps and stamps != seen:
            seen = stamps
            yield
        pause()


def _stamp(path: str) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
