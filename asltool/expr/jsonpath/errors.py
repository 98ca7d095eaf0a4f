"""The errors of paths, inside this package and outside it."""

from __future__ import annotations

from asltool.errors import EvaluationError
from asltool.expr.environment import Json

__all__ = [
    "InvalidPath",
    "NoValue",
    "NotAnArray",
    "PathError",
    "PathNotFound",
    "Unreadable",
]


class PathError(EvaluationError):
    """A path has no value in this document.

    ``kind`` is the name of Jayway's exception, ``detail`` its message, such as ``No results for path:
    $['x']``. The error is ``States.Runtime``, and the cause has the path before the detail, as on the service
    for InputPath, OutputPath and the path fields of a Task. ``context`` is the value that an index or slice
    was applied to if that is not an array.
    """

    def __init__(self, text: str, kind: str, detail: str, context: Json = None) -> None:
        super().__init__("States.Runtime", f"Invalid path '{text}' : {detail}", text)
        self.kind = kind
        self.detail = detail
        self.context = context


class Unreadable(Exception):
    """A text is not a path; ``offset`` is where. Used only inside this package.

    ``depth`` is the number of filters around that place. The library repeats the name of its exception for
    each.
    """

    def __init__(self, message: str, offset: int, depth: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.depth = depth


class NoValue(Exception):
    """A path has no value. Used only inside this package; the subclasses are those of Jayway.

    ``{}`` in the message stands for the path to the value at fault. Most of that path is known when it is
    compiled; steps that select among elements prepend the rest while the exception passes through them.
    """

    kind = "JsonPathException"

    def __init__(self, message: str, where: str = "", kind: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.kind = kind or self.kind

    def inside(self, way: str) -> NoValue:
        """Return the error with steps prepended to its path."""
        self.where = way + self.where
        return self

    @property
    def detail(self) -> str:
        before, place, after = self.message.partition("{}")
        return f"{before}${self.where}{after}" if place else before


class InvalidPath(NoValue):
    kind = "InvalidPathException"


class NotAnArray(InvalidPath):
    """An index or slice is applied to a value that is not an array."""

    def __init__(self, step: str, context: Json, shown: str) -> None:
        super().__init__(f"Filter: {step} can only be applied to arrays. Current context is: ")
        self.context = context
        self.shown = shown

    @property
    def detail(self) -> str:
        return self.message + self.shown


class PathNotFound(InvalidPath):
    """A value is missing. Inside a filter, this makes the comparison false."""

    kind = "PathNotFoundException"
