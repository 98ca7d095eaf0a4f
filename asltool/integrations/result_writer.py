"""ResultWriter: the results of a Map run as files in S3, or as the state's output.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from asltool.engine.map_io import Ended, ResultSink, WriteResults
from asltool.errors import TaskFailed
from asltool.expr.values import dumps, loads
from asltool.integrations.map_fields import choice, text
from asltool.integrations.objects import Objects, Upload
from asltool.integrations.result_records import TRANSFORMATIONS, Transformation

__all__ = ["collect_results", "write_results"]

_BLOCK = 256 * 1024
"""Characters that are buffered before they are written."""

_LARGEST_FILE = 5 * 1024**3


@dataclass(frozen=True, slots=True)
class _FileForm:
    """How results follow one another in a file."""

    opening: str
    between: str
    closing: str


_FORMS = {"JSON": _FileForm("[", ",", "]"), "JSONL": _FileForm("", "\n", "\n")}


def write_results(objects: Objects, target: WriteResults) -> ResultSink:
    """Start the files of a map run: ``PREFIX/RUN/SUCCEEDED_0.json``, the other result files, and
    ``manifest.json``.

    They become visible when the sink is closed, the manifest last. ``close`` returns its location:
    ``{"MapRunArn", "ResultWriterDetails": {"Bucket", "Key"}}``.

    Raises:
        TaskFailed: ``States.ResultWriterFailed``, now or later: the bucket is not writable.
    """
    with _writer_failed():
        return _ResultFiles(objects, target)


def collect_results(target: WriteResults) -> ResultSink:
    """Start the results that become the state's output: an array, whatever the ``OutputType``.

    Raises:
        TaskFailed: ``States.ResultWriterFailed``: the ``WriterConfig`` is invalid.
    """
    with _writer_failed():
        return _ResultList(target)


def _transformation(target: WriteResults) -> Transformation:
    return TRANSFORMATIONS[choice(target.config, "Transformation", TRANSFORMATIONS, "NONE")]


class _ResultList:
    def __init__(self, target: WriteResults) -> None:
        self._transform, self._names = _transformation(target), target.names
        self._texts: list[str] = []

    def add(self, child: Ended) -> None:
        self._texts += self._transform(child, self._names)

    def close(self) -> Any:
        return loads(f"[{','.join(self._texts)}]")


class _ResultFiles:
    def __init__(self, objects: Objects, target: WriteResults) -> None:
        self._transform, self._names = _transformation(target), target.names
        form = _FORMS[choice(target.config, "OutputType", _FORMS, "JSON")]
        prefix, run = text(target.arguments, "Prefix", ""), target.map_run_arn.rpartition(":")[2]
        self._folder = f"{prefix.removesuffix('/')}/{run}" if prefix else run
        self._bucket, self._run = text(target.arguments, "Bucket"), target.map_run_arn
        # Started at once, so that an unwritable bucket is reported before the first child runs.
        self._manifest = objects.put(self._bucket, f"{self._folder}/manifest.json")
        self._series = {
            name: _Series(objects, self._bucket, f"{self._folder}/{name}", form)
            for name in ("FAILED", "PENDING", "SUCCEEDED")
        }
        # Children that timed out or were aborted are listed among the failed.
        self._failed = self._series["FAILED"]

    def add(self, child: Ended) -> None:
        self._series.get(child.status, self._failed).append(self._transform(child, self._names))

    def close(self) -> Any:
        with _writer_failed():
            manifest = {
                "DestinationBucket": self._bucket,
                "MapRunArn": self._run,
                "ResultFiles": {name: series.close() for name, series in self._series.items()},
            }
            self._manifest.write(dumps(manifest).encode())
            self._manifest.commit()
        key = f"{self._folder}/manifest.json"
        return {"MapRunArn": self._run, "ResultWriterDetails": {"Bucket": self._bucket, "Key": key}}


class _Series:
    """The files for children with the same status, each of at most 5 GiB."""

    def __init__(self, objects: Objects, bucket: str, stem: str, form: _FileForm) -> None:
        self._objects, self._bucket, self._stem, self._form = objects, bucket, stem, form
        self._texts: list[str] = []
        self._length = 0
        self._files: list[dict[str, Any]] = []
        self._upload: Upload | None = None

    def append(self, texts: list[str]) -> None:
        self._texts += texts
        for one in texts:
            self._length += len(one)
        if self._length > _BLOCK:
            with _writer_failed():
                self._write()

    def close(self) -> list[dict[str, Any]]:
        """Return the key and the size in bytes of each file."""
        if self._texts:
            self._write()
        self._end_file()
        return self._files

    def _write(self) -> None:
        form = self._form
        # Half a surrogate pair is valid JSON, but not UTF-8: it becomes a question mark, as in Java.
        block = form.between.join(self._texts).encode(errors="replace")
        self._texts, self._length = [], 0
        around = len(form.between) + len(form.closing)
        if self._upload is not None and self._files[-1]["Size"] + len(block) + around > _LARGEST_FILE:
            self._end_file()
        if self._upload is None:
            key = f"{self._stem}_{len(self._files)}.json"
            self._upload = self._objects.put(self._bucket, key)
            self._files.append({"Key": key, "Size": 0})
            self._put(form.opening.encode() + block)
        else:
            self._put(form.between.encode() + block)

    def _end_file(self) -> None:
        if self._upload is not None:
            self._put(self._form.closing.encode())
            self._upload.commit()
            self._upload = None

    def _put(self, data: bytes) -> None:
        assert self._upload is not None
        self._upload.write(data)
        self._files[-1]["Size"] += len(data)


@contextmanager
def _writer_failed() -> Iterator[None]:
    try:
        yield
    except TaskFailed as problem:
        raise TaskFailed("States.ResultWriterFailed", problem.cause) from problem
    except ValueError as problem:
        raise TaskFailed("States.ResultWriterFailed", str(problem)) from problem
