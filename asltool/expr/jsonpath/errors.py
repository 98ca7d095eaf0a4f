"""What can go wrong with a path, inside this package and out of it."""

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
    """A path that has no value on this document.

    ``kind`` is the name of Jayway's exception, ``detail`` its text, such as ``No results for path: $['x']``.
    The error is ``States.Runtime``, and the cause puts the path before the detail, as the service does for
    InputPath, OutputPath and the fields of a Task that hold a path. ``context`` is the value that an index
    or a slice was applied to, where that is not an array.
    """

    def __init__(self, text: str, kind: str, detail: str, context: Json = None) -> None:
        super().__init__("States.Runtime", f"Invalid path '{text}' : {detail}", text)
        self.kind = kind
        self.detail = detail
        self.context = context


class Unreadable(Exception):
    """A text that is not a path, with the offset of the place; never leaves the package.

    ``depth`` counts the filters around the place. The library repeats its exception's name once for each.
    """

    def __init__(self, message: str, offset: int, depth: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.depth = depth


class NoValue(Exception):
    """A path without a value, on its way out; never leaves the package. The tree is Jayway's.

    ``{}`` in the message stands for the path to the value that is to blame. Most of that is known when the
    path is compiled; the rest is put in front by the steps that choose among elements, as this passes them.
    """

    kind = "JsonPathException"

    def __init__(self, message: str, where: str = "", kind: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.kind = kind or self.kind

    def inside(self, way: str) -> NoValue:
        """Return the failure with more of the way in front."""
        self.where = way + self.where
        return self

    @property
    def detail(self) -> str:
        before, place, after = self.message.partition("{}")
        return f"{before}${self.where}{after}" if place else before


class InvalidPath(NoValue):
    kind = "InvalidPathException"


class NotAnArray(InvalidPath):
    """An index or a slice of what is not an array."""

    def __init__(self, step: str, context: Json, shown: str) -> None:
        super().__init__(f"Filter: {step} can only be applied to arrays. Current context is: ")
        self.context = context
        self.shown = shown

    @property
    def detail(self) -> str:
        return self.message + self.shown


class PathNotFound(InvalidPath):
    """Something that is not there. Inside a filter it makes the comparison false."""

    kind = "PathNotFoundException"
