"""The states of an execution in the log of its task: entered, exited, failed, waiting and retried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from asltool.engine.effects import Effect, Sleep
from asltool.engine.execution import Execution
from asltool.history.event_types import type_of
from asltool.history.events import events
from asltool.history.records import Records
from asltool.history.shape import details_of
from asltool.history.summary import summary

__all__ = ["Logger", "TaskLog", "log_events"]

_WORDS = {"entered": "enter ", "exited": "leave "}


class Logger(Protocol):
    """The logger that Airflow passes to operators."""

    def info(self, message: str, *values: object) -> None: ...

    def warning(self, message: str, *values: object) -> None: ...


class TaskLog:
    """A `Watch` that writes lines to ``log``. ``shown``: the number of earlier events to leave out."""

    def __init__(self, log: Logger, shown: int = 0) -> None:
        self._log = log
        self._shown = shown

    def __call__(self, execution: Execution, effects: Sequence[Effect]) -> None:
        records = execution.records
        for record in records.after(max(self._shown, records.before)):
            row = type_of(record[0])
            if row.phase in _WORDS:
                self._log.info("%s %s", _WORDS[row.phase], record[3][0])
            elif row.failed and row.subject != "execution":
                log_events(self._log, events(Records([record])))
        self._shown = max(self._shown, len(records))
        for effect in effects:
            if isinstance(effect, Sleep):
                seconds = max(0.0, effect.until - execution.now)
                self._log.info("%-6s %s  %.4g s", effect.reason, effect.state, seconds)


def log_events(log: Logger, spelled: Iterable[Mapping[str, Any]]) -> None:
    """Write the same lines for events from GetExecutionHistory."""
    for event in spelled:
        row = type_of(event["type"])
        if row.phase in _WORDS:
            log.info("%s %s", _WORDS[row.phase], details_of(event)["name"])
        elif row.failed and row.subject != "execution":
            log.warning("error  %s", summary(event) or row.name)
