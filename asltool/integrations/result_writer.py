"""ResultWriter: the results of a Map run as files in S3, or as the state's output.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.map_io import ChildEnd, ResultSink, WriteResults
from asltool.expr.values import dumps, loads
from asltool.integrations.objects import Objects, Staging, Upload
from asltool.integrations.result_form import ResultForm, transformation, writer_failed

__all__ = ["collect_results", "write_results"]

_BLOCK = 256 * 1024
"""Characters that are buffered before they are written."""

_LARGEST_FILE = 5 * 1024**3


def write_results(objects: Objects, target: WriteResults) -> ResultSink:
    """Start the files of a map run: ``PREFIX/RUN/SUCCEEDED_0.json``, the other result files, and
    ``manifest.json``.

    They become visible when the sink is closed, the manifest last. ``close`` returns its location:
    ``{"MapRunArn", "ResultWriterDetails": {"Bucket", "Key"}}``.

    Raises:
        TaskFailed: ``States.ResultWriterFailed``, now or later: the bucket is not writable.
    """
    with writer_failed():
        return _ResultFiles(objects, target)


def collect_results(target: WriteResults) -> ResultSink:
    """Start the results that become the state's output: an array, whatever the ``OutputType``.

    Raises:
        TaskFailed: ``States.ResultWriterFailed``: the ``WriterConfig`` is invalid.
    """
    with writer_failed():
        return _ResultList(target)


class _ResultList:
    def __init__(self, target: WriteResults) -> None:
        self._transform, self._names = transformation(target), target.names
        self._texts: list[str] = []

    def add(self, child: ChildEnd) -> None:
        self._texts += self._transform(child, self._names)

    def add_part(self, file: Any) -> None:
        raise AssertionError("only results in files have parts")

    def close(self) -> Any:
        return loads(f"[{','.join(self._texts)}]")


class _ResultFiles:
    def __init__(self, objects: Objects, target: WriteResults) -> None:
        self._objects, self._form, self._run = objects, ResultForm(target), target.map_run_arn
        self._parts: list[dict[str, Any]] = []
        bucket, folder = self._form.bucket, self._form.folder
        # Started at once, so that an unwritable bucket is reported before the first child runs.
        self._manifest = objects.put(bucket, f"{folder}/manifest.json")
        self._series = {
            name: _Series(objects, self._form, name) for name in ("FAILED", "PENDING", "SUCCEEDED")
        }
        # Children that timed out or were aborted are listed among the failed.
        self._failed = self._series["FAILED"]

    def add(self, child: ChildEnd) -> None:
        self._series.get(child.status, self._failed).append(self._form.texts(child))

    def add_part(self, file: Any) -> None:
        self._parts.append(file)

    def close(self) -> Any:
        with writer_failed():
            files = {name: series.close() for name, series in self._series.items()}
            files["SUCCEEDED"] += map(self._publish, self._parts)
            manifest = {
                "DestinationBucket": self._form.bucket,
                "MapRunArn": self._run,
                "ResultFiles": files,
            }
            self._manifest.write(dumps(manifest).encode())
            self._manifest.commit()
        key = f"{self._form.folder}/manifest.json"
        return {"MapRunArn": self._run, "ResultWriterDetails": {"Bucket": self._form.bucket, "Key": key}}

    def _publish(self, part: Any) -> dict[str, Any]:
        """Make a part visible; return its entry in the manifest."""
        staging = self._objects
        assert isinstance(staging, Staging)
        staging.publish(self._form.bucket, part["Key"], part["Staged"])
        return {"Key": part["Key"], "Size": part["Size"]}


class _Series:
    """The files for children with the same status, each of at most 5 GiB."""

    def __init__(self, objects: Objects, form: ResultForm, name: str) -> None:
        self._objects, self._bucket, self._stem = objects, form.bucket, f"{form.folder}/{name}"
        self._block, self._form = form.block, form.file
        self._texts: list[str] = []
        self._length = 0
        self._files: list[dict[str, Any]] = []
        self._upload: Upload | None = None

    def append(self, texts: list[str]) -> None:
        self._texts += texts
        for one in texts:
            self._length += len(one)
        if self._length > _BLOCK:
            with writer_failed():
                self._write()

    def close(self) -> list[dict[str, Any]]:
        """Return the key and the size in bytes of each file."""
        if self._texts:
            self._write()
        self._end_file()
        return self._files

    def _write(self) -> None:
        form = self._form
        block = self._block(self._texts)
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
