"""The children of a map run: their identities, and the records of their ends.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from asltool.engine.effects import StartMapRun
from asltool.engine.execution import Execution
from asltool.engine.identity import ExecutionStatus, Identity
from asltool.engine.map_io import ChildEnd, ChildIdentities, Chunk, ChunkEnd, WriteResults
from asltool.engine.map_items import Children, Input
from asltool.engine.pausing import Pause
from asltool.engine.program import Program

__all__ = ["ChildExecutions"]

_RECENT = 1_024
"""How many children's names are cached: most are used at a child's start and for its result."""


class ChildExecutions:
    """Makes the children of one map run. The same child always has the same name and seed."""

    def __init__(self, children: Children, chunk: Chunk, pause: Pause | None = None) -> None:
        self._children = children
        self._chunk = chunk
        self._program = Program(None, children.machine, children.timeout_seconds, pause)
        self._machine = f"{chunk.parent.whole_machine}/{children.label}"
        self.identity: ChildIdentities = lru_cache(_RECENT)(self._identity)
        self._root = hashlib.blake2b(
            f"{chunk.seed}/{chunk.map_run_arn}/".encode(errors="replace"), digest_size=16
        )

    @classmethod
    def of(cls, effect: StartMapRun, now: float, definition: str | None) -> ChildExecutions:
        """Return the children for an execution's request; see `Chunk` for ``definition``."""
        chunk = Chunk(
            definition=definition,
            state=effect.state,
            map_run_arn=effect.plan.arn,
            redrive_count=effect.plan.redrive_count,
            parent=effect.parent,
            seed=effect.seed,
            limits=effect.limits,
            activities=effect.activities,
            writer=effect.plan.writer if effect.plan.writer["resource"] is not None else None,
            inputs=[],
            tolerated=None,
            now=now,
        )
        return cls(effect.children, chunk, effect.pause)

    def chunk(self, inputs: list[Input], tolerated: int | None, now: float) -> Chunk:
        """Return some of them as a chunk for another process."""
        return replace(self._chunk, inputs=inputs, tolerated=tolerated, now=now)

    def child(self, index: int, value: Any) -> Execution:
        """Return the child with this index, not yet started."""
        identity, chunk = self.identity(index), self._chunk
        seed = int(identity.name.replace("-", ""), 16)
        return Execution(
            self._program, value, identity, seed, limits=chunk.limits, activities=chunk.activities
        )

    def target(self, writer: Mapping[str, Any]) -> WriteResults:
        """Return where results are written, from the fields of a ResultWriter."""
        # The service's defaults differ for results in files and for those that become the state's output.
        usual = {"Transformation": "COMPACT"} if writer["resource"] is None else {}
        return WriteResults(
            resource=writer["resource"],
            arguments=writer["arguments"],
            config={**usual, **writer["config"]},
            map_run_arn=self._chunk.map_run_arn,
            child_type="EXPRESS" if self._children.express else "STANDARD",
            names=self.identity,
        )

    def revived(self, ended: ChildEnd, tape: list[Any]) -> Execution:
        """Return a child that ended in another process, with its history."""
        child = self.child(ended.index, ended.input)
        child.end_as(ended, tape)
        return child

    def killed(self, child: Input, process: str, now: float) -> ChunkEnd:
        """Return the end of a child that ends every process it runs in; ``process`` is the last one."""
        index, items, value = child
        killer = self.child(index, value)
        cause = f"every process that ran this execution ended, the last one was {process}"
        killer.fail(now, "States.Runtime", cause)
        return ChunkEnd([(self.ended(index, items, killer), killer.records.tape)], 0.0)

    def ended(self, index: int, items: int, child: Execution) -> ChildEnd:
        """Return the record of a child that has ended."""
        return ChildEnd(
            index=index,
            items=items,
            status=child.status,
            started_at=child.started_at,
            stopped_at=child.now,
            input=child.input,
            output=child.output,
            error=child.error,
            cause=child.cause,
            redrive_count=self._chunk.redrive_count,
        )

    def not_ended(self, status: ExecutionStatus, inputs: Iterable[Input], now: float) -> Iterator[ChildEnd]:
        """Yield the records of children that have only inputs so far."""
        for index, items, value in inputs:
            yield ChildEnd(
                index=index, items=items, status=status, started_at=now, stopped_at=now, input=value
            )

    def _identity(self, index: int) -> Identity:
        """Return the names of a child."""
        digest = self._root.copy()
        digest.update(b"%d" % index)
        name, parent = digest.hexdigest(), self._chunk.parent
        return Identity(
            name=f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}",
            state_machine=self._machine,
            region=parent.region,
            account=parent.account,
            role=parent.role,
            express=self._children.express,
        )
