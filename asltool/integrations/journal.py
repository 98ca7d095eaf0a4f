"""What is kept of an execution while it runs, so that another process can go on with it.

A folder an execution, ``STATE_DIR/MACHINE/NAME``: ``execution.json`` is the execution as it was when it last
began a map run, or as it ended; beside it lies a journal for each map run, a line of JSON for each child that
has ended.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from asltool.engine.effects import Effect, StartMapRun
from asltool.engine.execution import Execution
from asltool.engine.map_io import Ended
from asltool.errors import DumpError, InputError
from asltool.expr.values import dumps

if TYPE_CHECKING:
    from asltool.engine.identity import Identity
    from asltool.engine.runner import Watch

__all__ = ["Journal", "Kept"]

_BLOCK = 64 * 1024
"""Characters that may wait to be written while nothing is done that could not be done again."""


class Kept:
    """The folder of one execution."""

    def __init__(self, state_dir: str | os.PathLike[str], identity: Identity) -> None:
        self._name = identity.name
        self.folder = Path(state_dir) / _file_name(identity.state_machine) / _file_name(identity.name)

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
        file = self.folder / "execution.json"
        if not file.exists():
            if redrive:
                raise InputError(
                    f'there is no execution "{self._name}" in {self.folder.parent} to be redriven'
                )
            return fresh
        kept = Execution.load(_read(file))
        if redrive:
            kept.redrive(max(now, kept.now))
        elif kept.status != "RUNNING":
            raise InputError(
                f'execution "{self._name}" has ended: {kept.status}. redrive it, or take another name'
            )
        elif not resume:
            raise InputError(f'execution "{self._name}" was not finished. resume it, or take another name')
        return kept

    def journal(self, map_run_arn: str, inputs: bool) -> Journal:
        """Open the journal of a map run."""
        return Journal(self.folder / map_run_arn.rpartition(":")[2], inputs=inputs)

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
        if execution.status == "SUCCEEDED":
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self._keep(execution)

    def _keep(self, execution: Execution) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = self.folder / "execution.json.new"
        whole.write_text(dumps(execution.dump()), encoding="utf-8")
        os.replace(whole, self.folder / "execution.json")


class Journal:
    """The `MapJournal` in files ``STEM.PID.jsonl``: each process writes its own, and reads all there are.

    A last line that was cut off by a crash is dropped.
    """

    def __init__(self, stem: Path, *, inputs: bool) -> None:
        self._stem = stem
        self._inputs = inputs
        self._lines: list[str] = []
        self._length = 0
        self._file: FileIO | None = None

    def ended(self) -> Iterator[Ended]:
        for path in sorted(self._stem.parent.glob(f"{self._stem.name}.*.jsonl")):
            whole = 0
            with path.open("rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    whole += len(line)
                    yield _ended(json.loads(line))
            os.truncate(path, whole)

    def note(self, child: Ended) -> None:
        line = dumps(_fields(child, inputs=self._inputs))
        self._lines.append(line)
        self._length += len(line)
        if self._length > _BLOCK:
            self.flush()

    def flush(self) -> None:
        """Hand all lines to the operating system, which keeps them if this process is killed."""
        if not self._lines:
            return
        if self._file is None:
            self._stem.parent.mkdir(parents=True, exist_ok=True)
            self._file = FileIO(f"{self._stem}.{os.getpid()}.jsonl", "ab")
        self._file.write("".join(f"{line}\n" for line in self._lines).encode("utf-8", "surrogatepass"))
        self._lines, self._length = [], 0

    def close(self) -> None:
        self.flush()
        if self._file is not None:
            self._file.close()


def _fields(child: Ended, *, inputs: bool) -> list[Any]:
    return [
        *(child.index, child.items, child.status, child.started_at, child.stopped_at),
        *(child.redrive_count, child.error, child.cause, child.output),
        *((child.input,) if inputs else ()),
    ]


def _ended(fields: list[Any]) -> Ended:
    index, items, status, started_at, stopped_at, redrive_count, error, cause, output, *inputs = fields
    return Ended(
        index=index,
        items=items,
        status=status,
        started_at=started_at,
        stopped_at=stopped_at,
        redrive_count=redrive_count,
        error=error,
        cause=cause,
        output=output,
        input=inputs[0] if inputs else None,
    )


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise DumpError(f"{file} is damaged: {problem}") from problem


def _file_name(name: str) -> str:
    """Return a name as that of a file: no slashes, and no dot at its beginning."""
    text = quote(name, safe=" ")
    return f"%2E{text[1:]}" if text.startswith(".") else text
