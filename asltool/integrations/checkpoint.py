"""Checkpoints: what is saved of an execution while it runs, so that another process can resume it.

A folder an execution, ``FOLDER/MACHINE/NAME``: ``execution.json`` is the execution as it was when it last
began a map run, or as it ended; beside it lies a journal for each map run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import quote

from asltool.engine.effects import Effect, StartMapRun
from asltool.engine.execution import Execution
from asltool.errors import CheckpointError, DumpError, OptionError, WriteError
from asltool.integrations.folder_lock import FolderLock
from asltool.integrations.journal import Journals
from asltool.integrations.sealed import seal, unseal

if TYPE_CHECKING:
    from asltool.driver.runner import Watch
    from asltool.engine.identity import Identity

__all__ = ["Checkpoint", "Checkpoints"]


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Where `Machine.run` saves an execution, and what it does with one that is saved under the same name.

    Args:
        folder: made if it does not exist. An execution that succeeds is removed from it.
        resume: continue the execution of this name if it was not finished: children of map runs that have
            ended do not run again. With none saved, begin.
        redrive: continue the execution of this name that did not succeed, as RedriveExecution does: children
            that have succeeded do not run again.

    Raises:
        OptionError: both of them.
    """

    folder: str | os.PathLike[str]
    resume: bool = False
    redrive: bool = False

    def __post_init__(self) -> None:
        if self.resume and self.redrive:
            raise OptionError(
                "resume continues an unfinished execution, redrive a failed one: use one of them"
            )


class Checkpoint:
    """The folder of one execution. In ``with`` no other process works in it.

    Raises:
        CheckpointError: another process does.
        WriteError: the folder cannot be written.
    """

    def __init__(self, checkpoints: Checkpoints, identity: Identity) -> None:
        self._options = checkpoints
        self._name = identity.name
        self.folder = Path(checkpoints.folder, *map(_file_name, (identity.state_machine, identity.name)))
        self.journal = Journals(self.folder)
        self._file = self.folder / "execution.json"

    def take_up(self, fresh: Execution, now: float) -> Execution:
        """Return the execution to be run: this one, or the one that is saved under its name.

        Args:
            now: the moment of a redrive, in seconds since the epoch.

        Raises:
            CheckpointError: one is saved, and the options do not ask for it; or there is none to be redriven.
            NotRedrivable: the one that is saved.
            DumpError: what is saved is damaged.
        """
        if not self._file.exists():
            if self._options.redrive:
                raise CheckpointError(
                    f'there is no execution "{self._name}" in {self.folder.parent} to be redriven'
                )
            self._clear()
            return fresh
        saved = _load(self._file)
        if self._options.redrive:
            saved.redrive(max(now, saved.now))
        elif saved.status != "RUNNING":
            raise CheckpointError(
                f'execution "{self._name}" has ended: {saved.status}. redrive it, or take another name'
            )
        elif not self._options.resume:
            raise CheckpointError(
                f'execution "{self._name}" was not finished. resume it, or take another name'
            )
        return saved

    def watching(self, watch: Watch | None) -> Callable[[Execution, Sequence[Effect]], None]:
        """Return a watch that saves the execution whenever it begins a map run, and then calls ``watch``."""

        def save(execution: Execution, effects: Sequence[Effect]) -> None:
            if any(isinstance(effect, StartMapRun) for effect in effects):
                self._save(execution)
            if watch is not None:
                watch(execution, effects)

        return save

    def close(self, execution: Execution) -> None:
        """Remove an execution that has succeeded; save any other, to be redriven."""
        if execution.status != "SUCCEEDED":
            self._save(execution)
            return
        self._file.unlink(missing_ok=True)
        self._clear()

    def __enter__(self) -> Checkpoint:
        try:
            self._lock = FolderLock(self.folder)
        except BlockingIOError as problem:
            raise CheckpointError(
                f'execution "{self._name}" is being run by another process. '
                "wait until that has ended, or take another name"
            ) from problem
        except OSError as problem:
            raise WriteError(self.folder, problem) from problem
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def _clear(self) -> None:
        """Remove the journals, which mean nothing without their execution."""
        for path in self.folder.glob("*.jsonl"):
            path.unlink()

    def _save(self, execution: Execution) -> None:
        new = self.folder / "execution.json.new"
        try:
            new.write_bytes(seal(execution.dump()))
            os.replace(new, self._file)
        except OSError as problem:
            with suppress(OSError):
                new.unlink()
            raise WriteError(new, problem) from problem


def _load(file: Path) -> Execution:
    try:
        return Execution.load(unseal(file.read_bytes()))
    except (DumpError, ValueError, RecursionError) as problem:
        raise DumpError(f"{file} is damaged: {problem}. begin under another name") from problem


def _file_name(name: str) -> str:
    """Return a name as that of a file: no slashes, and no dot at its beginning."""
    text = quote(name, safe=" ", errors="surrogatepass")
    return f"%2E{text[1:]}" if text.startswith(".") else text
