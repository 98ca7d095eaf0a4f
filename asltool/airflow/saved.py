"""Find the saved execution that a task continues: an Airflow retry resumes or redrives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from asltool.airflow.naming import numbered
from asltool.engine.identity import Identity
from asltool.history.event_types import type_of
from asltool.store import Store, open_to_read
from asltool.store.checkpoint import Checkpoints
from asltool.store.opening import DATABASE
from asltool.store.replay import history_of

__all__ = ["Saved", "ended_in_fail", "saved_as"]

_AROUND = ("execution", "iteration", "map", "parallel")
"""Kinds of events: these fail because a state inside has failed."""


class Saved(NamedTuple):
    """The name of an execution, how `Machine.run` continues it, and its number of events so far."""

    name: str
    checkpoints: Checkpoints
    events: int

    @property
    def how(self) -> str:
        """Whether it is started, resumed or redriven, for the log."""
        if not self.events:
            return "begins"
        return "is redriven" if self.checkpoints.redrive else "is resumed"


def saved_as(folder: Path, machine: str, name: str) -> Saved:
    """Return how to run the execution of this name.

    An interrupted execution is resumed. A failed one is redriven, unless it ended in a Fail state, which it
    would only enter again; in that case a new execution is named with ``-2``, ``-3`` and so on.

    Raises:
        StoreError, DumpError: the saved data cannot be read.
    """
    if not (folder / DATABASE).exists():
        return Saved(name, Checkpoints(folder, resume=True), 0)
    with closing(open_to_read(folder)) as store:
        return next(
            found for each in numbered(name) if (found := _saved(store, folder, machine, each)) is not None
        )


def _saved(store: Store, folder: Path, machine: str, name: str) -> Saved | None:
    row = store.execution(Identity(name=name, state_machine=machine).execution_arn)
    if row is None:
        return Saved(name, Checkpoints(folder, resume=True), 0)
    events = history_of(store.log(row.number))
    if row.status == "RUNNING":
        return Saved(name, Checkpoints(folder, resume=True), len(events))
    if row.status == "SUCCEEDED" or ended_in_fail(events[::-1]):
        return None
    return Saved(name, Checkpoints(folder, redrive=True), len(events))


def ended_in_fail(newest_first: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an execution failed in a Fail state, by its last events."""
    for event in newest_first:
        row = type_of(event["type"])
        if not (row.subject in _AROUND and row.phase in ("failed", "aborted")):
            return bool(event["type"] == "FailStateEntered")
    return False
