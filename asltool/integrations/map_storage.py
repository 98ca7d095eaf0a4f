"""The engine's port for reading items and writing results, backed by an object store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.engine.map_io import ReadItems, ResultSink, WriteResults
from asltool.errors import OptionError
from asltool.integrations.item_readers import read_items
from asltool.integrations.objects import Objects
from asltool.integrations.result_writer import collect_results, write_results

__all__ = ["MapStorage"]


class MapStorage:
    """Reads items from a store and writes results to it.

    Without a store, it can only collect results for the state's output.
    """

    def __init__(self, objects: Objects | None = None) -> None:
        self._objects = objects

    def read(self, source: ReadItems) -> Iterator[Any]:
        """Yield the items; see `read_items`.

        Raises:
            TaskFailed: ``States.ItemReaderFailed``, as the items are read.
            OptionError: there is no store.
        """
        return read_items(self._store("an ItemReader", source.resource), source)

    def write(self, target: WriteResults) -> ResultSink:
        """Start writing results; see `write_results` and `collect_results`.

        Raises:
            TaskFailed: ``States.ResultWriterFailed``.
            OptionError: there is no store.
        """
        if target.resource is None:
            return collect_results(target)
        return write_results(self._store("a ResultWriter", target.resource), target)

    def _store(self, who: str, resource: str) -> Objects:
        if self._objects is None:
            raise OptionError(
                f'{who} has the Resource "{resource}", and needs storage. pass a folder to use in place of '
                "S3, with a subfolder for each bucket: --s3 FOLDER, or run(s3=FOLDER)"
            )
        return self._objects
