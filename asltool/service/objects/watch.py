"""Watches a folder, and puts S3's events about its files on the default bus.

The record of a file and the executions that its event starts are in one commit, so no event is lost or sent
twice. In addition to the changes that the system reports, the whole folder is checked from time to time.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from asltool.errors import MissingExtra, StoreError
from asltool.service.events.documents import bus_arn
from asltool.service.objects.changes import Changes
from asltool.service.objects.events import created, deleted
from asltool.service.objects.files import Stamp, files_below, look_at, read
from asltool.syntax.wording import quoted

try:
    from watchfiles import awatch
except ImportError as problem:
    raise MissingExtra("watching a folder", "server") from problem

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["ObjectWatch"]

_FOLDER, _FILE = "object folder", "object file"
"""Kinds of documents: by the path of the folder, and of each file, which the folder owns."""

_AT_ONCE = 200
"""How many events are put, in about 40 ms, before other work gets a turn."""

_LOOKS_EVERY, _LOOKS_PART = 5.0, 50
"""Seconds between two checks of the whole folder, or this many times the duration of a check, if longer."""

_STEP, _LONGEST_STEP = 10, 50
"""Milliseconds for which reports of the system are collected."""

_log = logging.getLogger("asltool.events")


class ObjectWatch:
    """``clock`` is the time of files, in seconds since 1970. Nothing happens before `run`.

    ``ready`` is set once changes of files become events. ``already`` is how many files are there at the
    first start with a folder: they do not become events.
    """

    def __init__(self, service: Service, folder: str | os.PathLike[str], clock: Callable[[], float]) -> None:
        self._service, self._clock = service, clock
        self._root = os.path.realpath(folder)
        self._reported: set[str] = set()
        self._report = asyncio.Event()
        self._number = 0
        self._unreadable: set[object] = set()
        self._skipped: set[str] = set()
        self.already = 0
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Watch until this is cancelled. The conductor reports failures of the store."""
        reports = asyncio.ensure_future(self._collect())
        try:
            with suppress(StoreError):
                await self._watch()
        except Exception:
            _log.exception("%s is no longer watched", self._root)
        finally:
            reports.cancel()
            self.ready.set()

    async def _collect(self) -> None:
        """Collect the paths that the system reports."""
        reports = awatch(
            self._root, watch_filter=None, step=_STEP, debounce=_LONGEST_STEP, ignore_permission_denied=True
        )
        try:
            async for changes in reports:
                self._reported |= {path for _, path in changes}
                self._report.set()
        except (OSError, RuntimeError) as problem:  # watchfiles raises both, as for too many folders
            _log.warning(
                "the system reports no changes of %s (%s): they are found every %d seconds",
                *(self._root, problem, _LOOKS_EVERY),
            )

    async def _watch(self) -> None:
        await asyncio.sleep(0)  # so that changes during the first check are reported
        changes = await self._begun()
        self.ready.set()
        due = perf_counter()
        while True:
            self._report.clear()
            begun = perf_counter()
            gone = await self._look(changes, everywhere=begun >= due)
            if begun >= due:
                due = perf_counter() + max(_LOOKS_EVERY, _LOOKS_PART * (perf_counter() - begun))
            await self._put(changes, gone, await self._whole(changes))
            rest = changes.rest(self._clock(), max(0.0, due - perf_counter()))
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._report.wait()

    async def _look(self, changes: Changes, *, everywhere: bool) -> list[str]:
        """Record the files at reported paths, or in the whole folder; return the removed ones."""
        reported, self._reported = self._reported, set()
        try:
            if everywhere:
                skipped: set[str] = set()
                found = await asyncio.to_thread(files_below, self._root, "", skipped)
                self._warn_of(skipped)
                return changes.note_all(found, self._clock())
            return changes.note(await asyncio.to_thread(look_at, self._root, reported), self._clock())
        except OSError as problem:
            if str(problem) not in self._unreadable:
                self._unreadable.add(str(problem))
                _log.warning("what is missing in %s may not be gone: %s", self._root, problem)
            return []

    def _warn_of(self, skipped: set[str]) -> None:
        """Warn once of what cannot be an object."""
        new = sorted(skipped - self._skipped)
        self._skipped = skipped
        if new:
            _log.warning(
                "%s%s in %s cannot become events. expected UTF-8 names, in folders that are buckets",
                quoted(os.fsencode(new[0]).decode("utf-8", "backslashreplace")),
                f" and {len(new) - 1} more" if len(new) > 1 else "",
                self._root,
            )

    async def _begun(self) -> Changes:
        """Return the recorded files; when a folder is watched for the first time, the existing files."""
        store = self._service.store
        begun = store.get(_FOLDER, self._root)
        if begun is not None:
            self._number = begun["changes"]
            rows = store.listed(_FILE, self._root)
            cut = len(self._root) + 1
            return Changes({row.key[cut:]: Stamp(row.body["size"], row.body["changed"]) for row in rows})
        changes = Changes({})
        for name, stamp in (await asyncio.to_thread(files_below, self._root)).items():
            self._settle(changes, name, stamp)
        self.already = len(changes.seen)
        store.put(_FOLDER, self._root, {"changes": 0})
        await self._service.conductor.committed()
        return changes

    async def _whole(self, changes: Changes) -> dict[str, tuple[Stamp, str]]:
        """Return the complete files with their entity tags."""
        names = changes.whole(self._clock())
        found = await asyncio.to_thread(read, self._root, names) if names else {}
        whole: dict[str, tuple[Stamp, str]] = {}
        for name, (stamp, etag) in found.items():
            if not changes.is_whole(name, stamp):
                self._reported.add(os.path.join(self._root, name))
                self._report.set()
            elif etag is None or stamp is None:
                if (name, stamp) not in self._unreadable:
                    self._unreadable.add((name, stamp))
                    _log.warning("%s cannot be read, so there is no event about it yet", name)
                changes.give_up(name)
            else:
                whole[name] = stamp, etag
        return whole

    async def _put(self, changes: Changes, gone: list[str], whole: Mapping[str, tuple[Stamp, str]]) -> None:
        """Put the events, and record their files in the same commits; return once they are durable."""
        work = [partial(self._put_deleted, changes, name) for name in gone]
        work += [partial(self._put_created, changes, name, *about) for name, about in whole.items()]
        for first in range(0, len(work), _AT_ONCE):
            for each in work[first : first + _AT_ONCE]:
                each()
            self._service.store.put(_FOLDER, self._root, {"changes": self._number})
            await asyncio.sleep(0)
        if work:
            await self._service.conductor.committed()

    def _put_created(self, changes: Changes, name: str, stamp: Stamp, etag: str) -> None:
        self._number += 1
        self._settle(changes, name, stamp)
        self._send(created(self._root, self._number, name, stamp, etag, *self._about))

    def _put_deleted(self, changes: Changes, name: str) -> None:
        self._number += 1
        self._settle(changes, name, None)
        self._send(deleted(self._root, self._number, name, *self._about))

    @property
    def _about(self) -> tuple[Any, ...]:
        return self._service.clock(), self._service.defaults

    def _send(self, event: dict[str, Any]) -> None:
        try:
            self._service.events.put(event, bus_arn(None, self._service.defaults))
        except StoreError:
            raise
        except Exception:
            _log.exception("the event about %s has failed", event["detail"]["object"]["key"])

    def _settle(self, changes: Changes, name: str, stamp: Stamp | None) -> None:
        changes.settle(name, stamp)
        key = f"{self._root}/{name}"
        if stamp is None:
            self._service.store.remove(_FILE, key)
        else:
            self._service.store.put(_FILE, key, stamp._asdict(), self._root)
