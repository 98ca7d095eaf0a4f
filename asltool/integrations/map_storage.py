"""The engine's port for what a distributed Map reads and writes, over a store of objects."""

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

    Without a store it keeps the results that become the state's output, and can do nothing else.
    """

    def __init__(self, objects: Objects | None = None) -> None:
        self._objects = objects

    def read(self, source: ReadItems) -> Iterator[Any]:
        """Yield the items, see `read_items`.

        Raises:
            TaskFailed: ``States.ItemReaderFailed``, as the items are read.
            OptionError: there is no store.
        """
        return read_items(self._store("an ItemReader", source.resource), source)

    def write(self, target: WriteResults) -> ResultSink:
        """Begin the results, see `write_results` and `collect_results`.

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
                f'{who} has the Resource "{resource}", and there is no S3 here. give it a folder that stands '
                "for S3, with a subfolder for each bucket: --s3 FOLDER, or run(s3=FOLDER)"
            )
        return self._objects
