"""Results of a Map run that other processes write: files that the process of the map run makes visible.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.map_io import ChildEnd, WriteResults
from asltool.integrations.objects import Staging
from asltool.integrations.result_form import ResultForm, writer_failed

__all__ = ["ResultParts", "parts_on"]


@dataclass(frozen=True, slots=True)
class ResultParts:
    """Starts the part of a map run's results that begins with the child ``first``."""

    objects: Staging

    def __call__(self, target: WriteResults, first: int) -> ResultPart:
        """Start a part.

        Raises:
            TaskFailed: ``States.ResultWriterFailed``: the ``WriterConfig`` is invalid.
        """
        with writer_failed():
            return ResultPart(self.objects, ResultForm(target), first)


def parts_on(objects: object) -> ResultParts | None:
    """Return what writes parts to a store; None if other processes cannot write there."""
    return ResultParts(objects) if isinstance(objects, Staging) else None


class ResultPart:
    """One file of results of children that have succeeded; ``size`` is its number of characters so far."""

    def __init__(self, objects: Staging, form: ResultForm, first: int) -> None:
        self._objects, self._form = objects, form
        # Ten digits, unlike those of the files that the process of the map run writes.
        self._key = f"{form.folder}/SUCCEEDED_{first:010d}.json"
        self._texts: list[str] = []
        self.size = 0

    def add(self, child: ChildEnd) -> None:
        """Add a child's result."""
        texts = self._form.texts(child)
        self._texts += texts
        self.size += sum(map(len, texts))

    def close(self) -> dict[str, Any]:
        """Write the file, which is not yet visible; return what `ResultSink.add_part` needs, as JSON.

        Raises:
            TaskFailed: ``States.ResultWriterFailed``: the bucket is not writable.
        """
        data = self._form.whole(self._texts)
        with writer_failed():
            staged = self._objects.stage(self._form.bucket, self._key, data)
        return {"Key": self._key, "Size": len(data), "Staged": staged}
