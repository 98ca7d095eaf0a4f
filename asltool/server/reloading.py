"""Reload files when they change: definitions, and the Python files of task handlers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from asltool.driver.jobs import Integration
from asltool.errors import AslToolError
from asltool.integrations.code_files import CodeFiles
from asltool.integrations.replaceable import Replaceable
from asltool.service.backend import Backend
from asltool.service.sources import Applied, MachineSource, apply_served
from asltool.service.templates.applying import apply_triggers
from asltool.service.templates.reading import read_triggers
from asltool.service.templates.wanted import LeftOut
from asltool.syntax.sources.chosen import split

__all__ = ["Reloading"]

_log = logging.getLogger("asltool.server")

_SECONDS = 0.5
"""How long after one look at the files the next one is taken."""

_ENDINGS = (".json", ".tf", ".template", ".yaml", ".yml")
"""Files in a folder that definitions may be in."""

_Stamps = dict[Path, tuple[int, int]]


class Reloading:
    """Keeps a backend up to date with files. A file that cannot be used is reported and ignored.

    Args:
        sources: the state machines that were read from ``definitions``, files and folders. read: reads them
        again. handlers: the integrations to replace. code: the files they are made from. make: creates the
        integrations again.
    """

    def __init__(
        self,
        sources: Sequence[MachineSource],
        definitions: Sequence[str],
        read: Callable[[], tuple[Sequence[MachineSource], Sequence[LeftOut]]],
        handlers: Replaceable,
        code: CodeFiles,
        make: Callable[[], Sequence[Integration]],
    ) -> None:
        self._sources, self._definitions, self._read = sources, definitions, read
        self._handlers, self._code, self._make = handlers, code, make
        self._seen = self._definition_stamps(), self._code_stamps()

    async def run(self, backend: Backend) -> None:
        """Check the files regularly until this is cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            await self.look(backend)

    async def look(self, backend: Backend) -> None:
        """Reload what has changed since the last check."""
        definitions, code = await asyncio.to_thread(self._stamps)
        before, self._seen = self._seen, (definitions, code)
        try:
            if self._differs(code, before[1]):
                await asyncio.to_thread(self._read_code)
                backend.renew_processes()
                self._seen = definitions, await asyncio.to_thread(self._code_stamps)
                _log.info("task handlers reloaded")
            if definitions != before[0]:
                await self._read_definitions(backend)
        except (AslToolError, OSError) as problem:
            _log.warning("not reloaded: %s", problem)

    def _differs(self, code: _Stamps, before: _Stamps) -> bool:
        """Return whether a file has changed or is new. One that was only imported since is not new."""
        changed = any(code.get(path) != stamp for path, stamp in before.items())
        return changed or not before.keys() >= self._named()

    def _named(self) -> set[Path]:
        return self._code.named(self._handlers.parts)

    def _read_code(self) -> None:
        with self._code.anew():
            made = self._make()
        self._handlers.replace(made)

    async def _read_definitions(self, backend: Backend) -> None:
        self._sources, left_out = await asyncio.to_thread(self._read)
        triggers = await asyncio.to_thread(read_triggers, self._definitions, backend.service.defaults)
        applied = await apply_served(backend.service, self._sources)
        for each in (*left_out, *applied, *await apply_triggers(backend.service, triggers)):
            if isinstance(each, LeftOut):
                _log.warning("%s", each)
            elif isinstance(each, Applied) and each.change != "unchanged":
                _log.info("%s", each)

    def _stamps(self) -> tuple[_Stamps, _Stamps]:
        return self._definition_stamps(), self._code_stamps()

    def _definition_stamps(self) -> _Stamps:
        files = [Path(split(source.origin)[0]) for source in self._sources]
        for given in self._definitions:
            path = Path(split(given)[0])
            files += (
                (each for each in path.rglob("*") if each.suffix in _ENDINGS) if path.is_dir() else [path]
            )
        return _stamped(files)

    def _code_stamps(self) -> _Stamps:
        return _stamped([*self._named(), *self._code.imported()])


def _stamped(paths: Iterable[Path]) -> _Stamps:
    """Return the modification time and size of each file that exists."""
    stamps = {}
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            continue
        stamps[path] = found.st_mtime_ns, found.st_size
    return stamps
