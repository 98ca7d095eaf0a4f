"""The failure of a Map state whose items cannot be read."""

from __future__ import annotations

from asltool.errors import TaskFailed

__all__ = ["reader_failed"]


def reader_failed(cause: str) -> TaskFailed:
    """Return the service's error, with its cause or, if that is not known, asltool's."""
    return TaskFailed("States.ItemReaderFailed", cause)
