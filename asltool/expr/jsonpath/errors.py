"""What can go wrong with a path, inside this package and out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from asltool.errors import EvaluationError

__all__ = ["Failure", "InvalidPath", "OutOfBounds", "PathError", "PathNotFound", "Unreadable", "failing"]


class PathError(EvaluationError):
    """A path that has no value on this document.

    ``kind`` is the name of Jayway's exception, ``detail`` its text, such as ``No results for path: $['x']``.
    The error is ``States.Runtime``, and the cause puts the path before the detail, as the service does for
    InputPath, OutputPath and the fields of a Task that hold a path.
    """

    def __init__(self, text: str, kind: str, detail: str) -> None:
        super().__init__("States.Runtime", f"Invalid path '{text}' : {detail}", text)
        self.kind = kind
        self.detail = detail


class Unreadable(Exception):
    """A text that is no path, with the offset of the place; never leaves the package."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Failure(Exception):
    """A path without a value, on its way out; never leaves the package. The tree is Jayway's."""

    kind = "JsonPathException"

    def __init__(self, detail: str, kind: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.kind = kind or self.kind

    def again(self) -> Failure:
        """Return a copy to raise: one that is raised twice would remember where it was raised before."""
        return type(self)(self.detail, self.kind)


class InvalidPath(Failure):
    """Inside a filter it makes the condition false."""

    kind = "InvalidPathException"


class PathNotFound(InvalidPath):
    kind = "PathNotFoundException"


class OutOfBounds(Failure):
    """An element that is not there; to the elements of an array it means no result."""

    kind = "IndexOutOfBoundsException"


def failing(failure: Failure) -> Callable[..., NoReturn]:
    """Return what stands for a step or a value that can only fail."""

    def fail(*_: object) -> NoReturn:
        raise failure.again()

    return fail
