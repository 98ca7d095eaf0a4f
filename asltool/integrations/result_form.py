"""The form of a Map run's results: where they are, and what they look like.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from asltool.engine.map_io import ChildEnd, WriteResults
from asltool.errors import TaskFailed
from asltool.integrations.map_fields import choice, text
from asltool.integrations.result_records import TRANSFORMATIONS, Transformation

__all__ = ["FileForm", "ResultForm", "transformation", "writer_failed"]


@dataclass(frozen=True, slots=True)
class FileForm:
    """How results follow one another in a file."""

    opening: str
    between: str
    closing: str


_FORMS = {"JSON": FileForm("[", ",", "]"), "JSONL": FileForm("", "\n", "\n")}


class ResultForm:
    """``folder`` is the prefix of all files of the map run, without the last slash.

    Raises:
        TaskFailed, ValueError: a field is missing or invalid.
    """

    def __init__(self, target: WriteResults) -> None:
        self._transform, self._names = transformation(target), target.names
        self.file = _FORMS[choice(target.config, "OutputType", _FORMS, "JSON")]
        prefix, run = text(target.arguments, "Prefix", ""), target.map_run_arn.rpartition(":")[2]
        self.folder = f"{prefix.removesuffix('/')}/{run}" if prefix else run
        self.bucket = text(target.arguments, "Bucket")

    def texts(self, child: ChildEnd) -> list[str]:
        """Return a child's contribution."""
        return self._transform(child, self._names)

    def block(self, texts: Sequence[str]) -> bytes:
        """Return some contributions as they follow one another in a file.

        Half a surrogate pair is valid JSON, but not UTF-8: it becomes a question mark, as in Java.
        """
        return self.file.between.join(texts).encode(errors="replace")

    def whole(self, texts: Sequence[str]) -> bytes:
        """Return a file of these contributions."""
        return self.file.opening.encode() + self.block(texts) + self.file.closing.encode()


def transformation(target: WriteResults) -> Transformation:
    """Return how a child's end becomes its contribution to the results."""
    return TRANSFORMATIONS[choice(target.config, "Transformation", TRANSFORMATIONS, "NONE")]


@contextmanager
def writer_failed() -> Iterator[None]:
    """Fail with ``States.ResultWriterFailed`` instead of the error of a store, or of a field."""
    try:
        yield
    except TaskFailed as problem:
        raise TaskFailed("States.ResultWriterFailed", problem.cause) from problem
    except ValueError as problem:
        raise TaskFailed("States.ResultWriterFailed", str(problem)) from problem
