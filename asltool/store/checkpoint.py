"""Checkpoints of named executions: each step is saved, so that another process can resume or redrive them.

Their folder contains a store, and in ``MACHINE/NAME`` a journal for each map run of an execution.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from asltool.driver.log import Step
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity
from asltool.errors import CheckpointError, DumpError, OptionError, WriteError
from asltool.expr.values import dumps
from asltool.integrations.folder_lock import FolderLock
from asltool.integrations.journal import Journals
from asltool.store.definitions import hash_of
from asltool.store.execution_log import ExecutionLog
from asltool.store.opening import DATABASE, open_store
from asltool.store.port import ExecutionRow, Store
from asltool.store.programs import Programs
from asltool.store.replay import engine_settings, replayed

if TYPE_CHECKING:
    from asltool.engine.effects import Effect

__all__ = ["Checkpoint", "Checkpoints", "remove_journals"]

_DUMP = "execution.json"
_LAST_WITH_DUMPS = "a24136b"
"""The last commit that kept an execution as a file of this name."""


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Where `Machine.run` saves an execution, and what it does if one is already saved under its name.

    Args:
        folder: created if it does not exist. An execution that succeeds is removed from it. resume: continue
        the execution of this name if it has not ended; children of map runs that have ended do not run again.
        If none is saved, start a new one. redrive: run the unsuccessful execution of this name again, as
        RedriveExecution does; children that have succeeded do not run again.

    Raises:
        OptionError: both ``resume`` and ``redrive`` are set.
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
    """The saved data of one execution, and the `Log` of its steps. No other process can run it meanwhile.

    Raises:
        CheckpointError: another process runs it.
        StoreError: the store cannot be used.
        WriteError: the folder cannot be written.
    """

    def __init__(self, checkpoints: Checkpoints, identity: Identity) -> None:
        self._options = checkpoints
        self._identity = identity
        self._name = identity.name
        self._folder = Path(checkpoints.folder, *map(_file_name, (identity.state_machine, identity.name)))
        self.journal = Journals(self._folder)

    def take_up(self, fresh: Execution, now: float) -> Execution:
        """Return the execution to run: this one, or the one that is saved under its name.

        Args:
            now: the timestamp of a redrive, in seconds since the epoch.

        Raises:
            CheckpointError: one is saved, but neither option is set; or there is none to redrive.
            NotRedrivable: the saved one cannot be redriven. DumpError: the saved data is damaged, or from
            another version of asltool.
        """
        row = self._store.execution(self._identity.execution_arn)
        if row is None:
            if self._options.redrive:
                raise CheckpointError(
                    f'there is no execution "{self._name}" in {self._folder.parent} to be redriven'
                )
            _clear(self._folder)
            return fresh
        if not self._options.redrive:
            self._check_resumable(row)
        try:
            saved = replayed(row, self._store, Programs(self._store))
        except DumpError as problem:
            raise DumpError(
                f'execution "{self._name}" cannot be continued: {problem}. begin under another name'
            ) from problem
        if self._options.redrive:
            self._redrive(saved, row, now)
        else:
            self._log.follow(saved, row)
        return saved

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        """Add a step; see `asltool.driver.log.Log`. Only steps of the named execution itself are saved."""
        if execution is not root:
            return
        if step.call != "start":
            self._log.note(execution, step, effects, root)
            return
        text = dumps(execution.program.definition)
        self._log.later(partial(self._store.put_definition, text))
        self._log.begin(execution, self._row(execution, hash_of(text)))
        self._log.note_from(0, execution, step, effects)

    def commit(self) -> None:
        """Make the added steps durable. An execution that has succeeded is removed."""
        self._log.commit()

    def close(self, execution: Execution) -> None:
        """Remove the journals of an execution that has succeeded; a redrive needs those of others."""
        if execution.status == "SUCCEEDED":
            _clear(self._folder)

    def __enter__(self) -> Checkpoint:
        try:
            self._lock = FolderLock(self._folder)
        except BlockingIOError as problem:
            raise CheckpointError(
                f'execution "{self._name}" is being run by another process. '
                "wait until that has ended, or take another name"
            ) from problem
        except OSError as problem:
            raise WriteError(self._folder, problem) from problem
        try:
            self._refuse_dump(self._folder / _DUMP)
            self._store = open_store(self._options.folder)
        except BaseException:
            self._lock.release()
            raise
        self._log = ExecutionLog(self._store, forgets=lambda execution: execution.status == "SUCCEEDED")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()
        self._lock.release()

    def _check_resumable(self, row: ExecutionRow) -> None:
        if row.status != "RUNNING":
            instead = "take" if row.status == "SUCCEEDED" else "redrive it, or take"
            raise CheckpointError(f'execution "{self._name}" has ended: {row.status}. {instead} another name')
        if not self._options.resume:
            raise CheckpointError(
                f'execution "{self._name}" was not finished. resume it, or take another name'
            )

    def _redrive(self, saved: Execution, row: ExecutionRow, now: float) -> None:
        at, before = max(now, saved.now), len(saved.records.tape)
        effects = saved.redrive(at)
        self._log.later(partial(self._store.reopen, row.number, at))
        self._log.follow(saved, row._replace(redrives=row.redrives + 1, redriven=at))
        self._log.note_from(before, saved, Step("redrive", at), effects)

    def _row(self, execution: Execution, definition: str) -> ExecutionRow:
        identity = execution.identity
        return ExecutionRow(
            arn=identity.execution_arn,
            machine=identity.state_machine_arn,
            definition=definition,
            started=execution.started_at,
            input=dumps(execution.input),
            settings=engine_settings(identity, execution.seed, limits=execution.limits),
        )

    def _refuse_dump(self, file: Path) -> None:
        if file.exists():
            raise DumpError(
                f"{file} was saved by an earlier version of asltool. finish the execution with "
                f"commit {_LAST_WITH_DUMPS}, or take another name"
            )


def remove_journals(folder: Path, store: Store) -> None:
    """Remove the journals of executions that are no longer saved, unless another process runs them."""
    for found in {path.parent for path in folder.glob("*/*/*.jsonl")}:
        if (found / _DUMP).exists() or (found.parent / DATABASE).exists():
            continue
        machine, name = (unquote(part, errors="surrogatepass") for part in (found.parent.name, found.name))
        with suppress(BlockingIOError):
            lock = FolderLock(found)
            if store.execution(Identity(name=name, state_machine=machine).execution_arn) is None:
                _clear(found)
            lock.release()


def _clear(folder: Path) -> None:
    """Remove the journals, which are useless without their execution."""
    for path in folder.glob("*.jsonl"):
        path.unlink()


def _file_name(name: str) -> str:
    """Return a name as a file name, without slashes and without a dot at the start."""
    text = quote(name, safe=" ", errors="surrogatepass")
    return f"%2E{text[1:]}" if text.startswith(".") else text
