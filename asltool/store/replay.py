"""The steps of executions: write them to the store, and replay them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from asltool.driver.log import Step
from asltool.engine.effects import Failed
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity
from asltool.engine.program import Program
from asltool.errors import AslToolError, DumpError
from asltool.expr.values import loads
from asltool.history.events import events
from asltool.history.records import FIELDS, Records
from asltool.store.encoding import encode, same
from asltool.store.port import ExecutionRow, LoggedStep, Store
from asltool.store.programs import Programs

__all__ = [
    "engine_settings",
    "execution_of",
    "history_of",
    "own_settings",
    "records_of",
    "replay",
    "replayed",
    "stop_blocked",
]

_ENGINE = "engine"
"""The member of an execution's settings that has what the engine needs to make it anew."""

_IDENTITY = tuple(field.name for field in fields(Identity))


def replay(execution: Execution, steps: Iterable[LoggedStep]) -> None:
    """Repeat the calls to an execution, step by step.

    Raises:
        DumpError: a step gives other records than before, or is not a step.
    """
    seen = 0
    for number, (call, records) in enumerate(steps, 1):
        try:
            Step.load(json.loads(call)).repeat(execution)
        except Exception as problem:
            raise DumpError(
                f"step {number} cannot be repeated: {type(problem).__name__}: {problem}"
            ) from problem
        tape = execution.records.tape
        if not same(records, tape[seen:]):
            raise DumpError(f"step {number} leads to other events than it did")
        seen = len(tape)


def records_of(steps: Iterable[LoggedStep]) -> Records:
    """Return the event records of an execution from its log."""
    records = Records()
    for _, added in steps:
        tape: list[Any] = json.loads(added)
        for place in range(0, len(tape), FIELDS):
            if tape[place + 3] is None:
                tape[place + 4] = tuple(tape[place + 4])
        records.tape += tape
    return records


def history_of(steps: Iterable[LoggedStep]) -> list[dict[str, Any]]:
    """Return the events of an execution from its log.

    Raises:
        DumpError: the log is damaged.
    """
    try:
        return events(records_of(steps))
    except (LookupError, TypeError, ValueError) as problem:
        raise DumpError(f"the log is damaged: {type(problem).__name__}: {problem}") from problem


def engine_settings(
    identity: Identity, seed: int, *, limits: bool = True, activities: list[str] | None = None
) -> dict[str, Any]:
    """Return the settings of a row that `execution_of` needs; the arguments are those of an `Execution`."""
    names = {name: getattr(identity, name) for name in _IDENTITY}
    return {_ENGINE: {"identity": names, "seed": seed, "limits": limits, "activities": activities}}


def own_settings(row: ExecutionRow) -> dict[str, Any]:
    """Return the settings of a row that `execution_of` does not need."""
    return {name: value for name, value in row.settings.items() if name != _ENGINE}


def execution_of(row: ExecutionRow, program: Program) -> Execution:
    """Return the execution of a row, before its start."""
    engine = row.settings[_ENGINE]
    return Execution(
        program,
        loads(row.input),
        Identity(**engine["identity"]),
        engine["seed"],
        limits=engine["limits"],
        activities=engine["activities"],
    )


def replayed(row: ExecutionRow, store: Store, programs: Programs) -> Execution:
    """Return an execution in the state at the end of its log.

    Raises:
        DumpError: replaying its log gives other records, or its definition cannot be run.
    """
    try:
        execution = execution_of(row, programs.of(row.definition).program)
    except (AslToolError, LookupError, TypeError, ValueError) as problem:
        raise DumpError(f"its definition cannot be run: {problem}") from problem
    replay(execution, store.log(row.number))
    return execution


def stop_blocked(
    store: Store, row: ExecutionRow, now: float, error: str | None, cause: str | None
) -> tuple[ExecutionRow, Records]:
    """Abort an execution that cannot be replayed, by adding an event to its history.

    Return the row of the execution, and the event.
    """
    before = len(records_of(store.log(row.number)))
    records = Records([("ExecutionAborted", 0, now, (error, cause))], before)
    call = Step("abort", now, outcome=Failed(error, cause))
    store.step(row.number, encode(call.dump()), encode(records.tape))
    stopped = row._replace(status="ABORTED", stopped=now, error=error, cause=cause)
    store.end(stopped)
    return stopped, records
