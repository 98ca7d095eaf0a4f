"""What is kept of an execution while it runs, so that another process can go on with it.

A folder an execution, ``STATE_DIR/MACHINE/NAME``: ``execution.json`` is the execution as it was when it last
began a map run, or as it ended; beside it lies a journal for each map run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import quote

from asltool.engine.effects import Effect, StartMapRun
from asltool.engine.execution import Execution
from asltool.errors import DumpError, InputError, WriteError
from asltool.integrations.folder_lock import FolderLock
from asltool.integrations.journal import Journals
from asltool.integrations.sealed import seal, unseal

if TYPE_CHECKING:
    from asltool.driver.runner import Watch
    from asltool.engine.identity import Identity

__all__ = ["Kept"]


class Kept:
    """The folder of one execution. In ``with`` nobody else works in it.

    Raises:
        InputError: another process does.
        WriteError: the folder cannot be written.
    """

    def __init__(self, state_dir: str | os.PathLike[str], identity: Identity) -> None:
        self._name = identity.name
        self.folder = Path(state_dir) / _file_name(identity.state_machine) / _file_name(identity.name)
        self.journal = Journals(self.folder)
        self._file = self.folder / "execution.json"

    def take_up(self, fresh: Execution, now: float, *, resume: bool, redrive: bool) -> Execution:
        """Return the execution to be run: this one, or the one that is kept under its name.

        Args:
            now: the moment of a redrive, in seconds since the epoch.
            resume: go on with what was not finished; with nothing kept, begin.
            redrive: run again what did not succeed.

        Raises:
            InputError: there is one of this name, and neither is asked for; or nothing to be redriven.
            DumpError: what is kept is damaged, or ended in a way that cannot be redriven.
        """
        if not self._file.exists():
            if redrive:
                raise InputError(
                    f'there is no execution "{self._name}" in {self.folder.parent} to be redriven'
                )
            self._clear()
            return fresh
        kept = _load(self._file)
        if redrive:
            kept.redrive(max(now, kept.now))
        elif kept.status != "RUNNING":
            raise InputError(
                f'execution "{self._name}" has ended: {kept.status}. redrive it, or take another name'
            )
        elif not resume:
            raise InputError(f'execution "{self._name}" was not finished. resume it, or take another name')
        return kept

    def watching(self, watch: Watch | None) -> Callable[[Execution, Sequence[Effect]], None]:
        """Return a watch that keeps the execution whenever it begins a map run, and then calls ``watch``."""

        def keep(execution: Execution, effects: Sequence[Effect]) -> None:
            if any(isinstance(effect, StartMapRun) for effect in effects):
                self._keep(execution)
            if watch is not None:
                watch(execution, effects)

        return keep

    def close(self, execution: Execution) -> None:
        """Forget an execution that has succeeded; keep any other, to be redriven."""
        if execution.status != "SUCCEEDED":
            self._keep(execution)
            return
        self._file.unlink(missing_ok=True)
        self._clear()

    def __enter__(self) -> Kept:
        try:
            self._lock = FolderLock(self.folder)
        except BlockingIOError as problem:
            raise InputError(
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

    def _keep(self, execution: Execution) -> None:
        whole = self.folder / "execution.json.new"
        try:
            whole.write_bytes(seal(execution.dump()))
            os.replace(whole, self._file)
        except OSError as problem:
            with suppress(OSError):
                whole.unlink()
            raise WriteError(whole, problem) from problem


def _load(file: Path) -> Execution:
    try:
        return Execution.load(unseal(file.read_bytes()))
    except (DumpError, ValueError, RecursionError) as problem:
        raise DumpError(f"{file} is damaged: {problem}. begin under another name") from problem


def _file_name(name: str) -> str:
    """Return a name as that of a file: no slashes, and no dot at its beginning."""
    text = quote(name, safe=" ", errors="surrogatepass")
    return f"%2E{text[1:]}" if text.startswith(".") else text
