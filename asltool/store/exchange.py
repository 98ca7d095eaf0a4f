"""Export executions as JSON, and import them into another store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.dump_types import fit, made, take
from asltool.errors import CheckpointError, DumpError
from asltool.store.definitions import hash_of
from asltool.store.port import MAP_RUN, ExecutionRow, LoggedStep, Store

__all__ = ["Importer", "exported"]

_FORMAT = 1


def exported(store: Store, row: ExecutionRow) -> dict[str, Any]:
    """Return an execution with its definition, map runs and log. The row must include the payloads."""
    fields = row._asdict()
    del fields["number"]
    return {
        "asltool": _FORMAT,
        "execution": fields,
        "definition": store.definition(row.definition),
        "map_runs": {each.key: each.body for each in store.listed(MAP_RUN, row.arn)},
        "log": [[each.decode("latin-1") for each in step] for step in store.log(row.number)],
    }


@dataclass(frozen=True, slots=True)
class _Imported:
    row: ExecutionRow
    definition: str | None
    map_runs: dict[str, tuple[dict[str, Any], float]]
    log: list[LoggedStep]


class Importer:
    """Adds exported executions. The caller commits the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._new: set[int] = set()

    def add(self, dumped: Any) -> bool:
        """Add an execution; return False if the store already has it.

        Raises:
            DumpError: the value does not come from `exported`.
            CheckpointError: another execution has its ARN.
        """
        try:
            found = _loaded(dumped)
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            raise DumpError(f"not an exported execution: {type(problem).__name__}: {problem}") from problem
        known = self._store.executions(arn=found.row.arn, whole=True)
        there = [row for row in known if row.number not in self._new]
        same = [row for row in there if row._replace(number=0) == found.row]
        if any(self._store.log(row.number) == found.log for row in same):
            return False
        if there:
            raise CheckpointError(f"another execution has the ARN {found.row.arn}")
        self._put(found)
        return True

    def _put(self, found: _Imported) -> None:
        row = found.row
        if found.definition is not None:
            self._store.put_definition(found.definition)
        for key, (body, started) in found.map_runs.items():
            self._store.put(MAP_RUN, key, body, owner=row.arn, created=started)
        number = self._store.begin(row)
        self._new.add(number)
        for step in found.log:
            self._store.step(number, *step)
        if row.status != "RUNNING":
            self._store.end(row._replace(number=number))


def _loaded(dumped: Any) -> _Imported:
    if take(dumped, "asltool", int) != _FORMAT:
        raise ValueError(f'"asltool" has to be {_FORMAT}')
    row = made(ExecutionRow, dumped["execution"])
    definition = take(dumped, "definition", str | None)
    if definition is not None and hash_of(definition) != row.definition:
        raise ValueError("the definition is not the one that was executed")
    map_runs = {key: (body, take(body, "startDate", float)) for key, body in dumped["map_runs"].items()}
    steps = [fit("log", step, list[str]) for step in take(dumped, "log", list[Any])]
    log = [LoggedStep(call.encode("latin-1"), records.encode("latin-1")) for call, records in steps]
    return _Imported(row, definition, map_runs, log)
