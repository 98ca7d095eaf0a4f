"""How a Map state fails whose items cannot be read."""

from __future__ import annotations

from asltool.errors import TaskFailed

__all__ = ["reader_failed"]


def reader_failed(cause: str) -> TaskFailed:
    """Return the service's error, with its words or, where they are not known, ours."""
    return TaskFailed("States.ItemReaderFailed", cause)
