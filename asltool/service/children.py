"""The children of map runs: those that the API shows are executions with their own rows and logs.

The rows of STANDARD children are the journal of their map run. EXPRESS children cannot be listed, so they
have only a journal beside the store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from asltool.engine.effects import StartMapRun
from asltool.engine.execution import Execution
from asltool.engine.map_effects import StartChild
from asltool.engine.map_execution import MapExecution
from asltool.engine.map_io import ChildEnd, MapJournal, WrittenPart
from asltool.engine.map_items import Children
from asltool.engine.map_run import MapRun
from asltool.expr.values import dumps
from asltool.service.elsewhere import may_leave
from asltool.store.execution_log import ExecutionLog, Followed
from asltool.store.port import ExecutionRow, LoggedStep, Store
from asltool.store.replay import own_settings, replay

if TYPE_CHECKING:
    from asltool.service.map_runs import MapRunTracker

__all__ = ["CHILD", "RowJournal", "StoredChildren"]

CHILD = "child"
"""The member of a child's settings that has its index, and how many items it has."""


class RowJournal:
    """A `MapJournal` that uses the rows in the store: ``children`` had ended before."""

    def __init__(self, children: Sequence[ChildEnd] = ()) -> None:
        self._children = list(children)

    def ended(self) -> Iterator[ChildEnd]:
        yield from self._children
        self._children.clear()

    def note(self, child: ChildEnd | WrittenPart) -> None:
        pass

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


class StoredChildren:
    """The `MapRegister` of the execution that ``root`` follows; ``on_child`` is called when one starts."""

    def __init__(
        self,
        runs: MapRunTracker,
        store: Store,
        log: ExecutionLog,
        root: Followed,
        on_child: Callable[[Followed], None],
    ) -> None:
        self._runs = runs
        self._store = store
        self._log = log
        self._root = root
        self._on_child = on_child
        self._known: dict[str, ExecutionRow] = {}
        self._steps: dict[str, Sequence[LoggedStep]] = {}
        self._ended: dict[str, list[ChildEnd]] = {}
        self._express: set[str] = set()

    def recall(self) -> set[str]:
        """Load the stored children of map runs that will continue, in the store's thread.

        Returns:
            The ARNs of the children that are running.
        """
        root = self._root.execution
        asked = {effect.plan.arn for effect in root.outstanding() if isinstance(effect, StartMapRun)}
        return self._recall(self._root.row.arn, asked)

    def _recall(self, execution: str, asked: Container[str] | None) -> set[str]:
        """Do so for one execution; ``asked`` are the map runs that it waits for, if they are known."""
        asleep = set[str]()
        for run in self._runs.to_go_on(execution, asked):
            ended = self._ended.setdefault(run, [])
            for row in self._store.executions(map_run=run, whole=True):
                if row.status == "RUNNING":
                    self._known[row.arn], self._steps[row.arn] = row, self._store.log(row.number)
                    asleep |= {row.arn, *self._recall(row.arn, None)}
                    continue
                ended.append(_ended(row))
                if row.status != "SUCCEEDED":
                    self._known[row.arn] = row
        return asleep

    def end_asleep(self, now: float) -> set[str]:
        """Abort the children that were running and did not continue; return their ARNs."""
        asleep = [row for row in self._known.values() if row.status == "RUNNING"]
        for row in asleep:
            self._log.stop_blocked(row, now, None, None)
        return {row.arn for row in asleep}

    def journal(self, map_run: str, inputs: bool) -> MapJournal:
        """Open the journal of a map run."""
        if map_run in self._express:
            return self._runs.journal(map_run, inputs=inputs)
        return RowJournal(self._ended.pop(map_run, ()))

    def began(self, run: MapExecution) -> None:
        if run.effect.children.express:
            self._express.add(run.run.arn)
        self._runs.began(run.run)

    def may_leave(self, children: Children) -> bool:
        return may_leave(children)

    def child(self, child: Execution, run: MapRun, start: StartChild, now: float) -> bool:
        if child.identity.express:
            return False
        arn = child.identity.execution_arn
        known = self._known.pop(arn, None)
        if known is not None and known.status == "RUNNING":
            replay(child, self._steps.pop(arn))
            self._on_child(self._log.follow(child, known))
            return True
        if known is not None:
            self._log.later(partial(self._store.forget, known.number))
        row = ExecutionRow(
            arn=arn,
            machine=child.identity.state_machine_arn,
            definition=self._root.row.definition,
            started=now,
            input=dumps(child.input),
            settings={**own_settings(self._root.row), CHILD: [start.index, start.items]},
            map_run=run.arn,
            redrives=0 if known is None else run.redrive_count,
            redriven=None if known is None else run.redriven_at,
        )
        self._on_child(self._log.begin(child, row))
        return False


def _ended(row: ExecutionRow) -> ChildEnd:
    index, items = row.settings[CHILD]
    fields: dict[str, Any] = {"status": row.status, "stopped_at": row.stopped}
    return ChildEnd(
        index=index,
        items=items,
        started_at=row.started,
        input=json.loads(row.input),
        output=None if row.output is None else json.loads(row.output),
        error=row.error,
        cause=row.cause,
        redrive_count=row.redrives,
        **fields,
    )
