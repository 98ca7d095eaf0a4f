"""The children of a map run: who they are, and what is told of them at their end.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from asltool.engine.effects import StartMapRun
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity, Status
from asltool.engine.map_io import ChildResult, Chunk, Ended
from asltool.engine.map_items import Children, Input
from asltool.engine.program import Program

__all__ = ["Family"]


class Family:
    """Makes the children of one map run. The same child has the same name and the same chance every time."""

    def __init__(self, children: Children, chunk: Chunk) -> None:
        self._children = children
        self._chunk = chunk
        self._program = Program(None, children.machine, children.timeout_seconds)
        self._machine = f"{chunk.parent.whole_machine}/{children.label}"
        self._last: tuple[int, Identity] = -1, chunk.parent
        self._root = hashlib.blake2b(
            f"{chunk.seed}/{chunk.map_run_arn}/".encode(errors="replace"), digest_size=16
        )

    @classmethod
    def of(cls, effect: StartMapRun, now: float) -> Family:
        """Return the children that an execution asks for."""
        chunk = Chunk(
            state=effect.state,
            map_run_arn=effect.plan.arn,
            redrive_count=effect.plan.redrive_count,
            parent=effect.parent,
            seed=effect.seed,
            limits=effect.limits,
            activities=effect.activities,
            keeps_inputs=effect.plan.writer["resource"] is not None,
            inputs=[],
            now=now,
        )
        return cls(effect.children, chunk)

    def chunk(self, inputs: list[Input], now: float) -> Chunk:
        """Return some of them as another process is told of them."""
        return replace(self._chunk, inputs=inputs, now=now)

    def child(self, index: int, value: Any) -> Execution:
        """Return the child with this index, yet to begin."""
        digest = self._digest(index)
        return Execution(
            self._program,
            value,
            self._identity(index, digest),
            int.from_bytes(digest),
            limits=self._chunk.limits,
            activities=self._chunk.activities,
        )

    def revived(self, ended: Ended, tape: list[Any]) -> Execution:
        """Return a child that ended in another process, with its history."""
        child = self.child(ended.index, ended.input)
        child.end_as(ended, tape)
        return child

    def ended(self, index: int, items: int, child: Execution) -> Ended:
        """Return what is to be kept of a child that has ended."""
        return Ended(
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

    def result(self, ended: Ended) -> ChildResult:
        """Return what the results of the map run tell of a child."""
        identity = self._identity(ended.index)
        return ChildResult(
            arn=identity.execution_arn,
            name=identity.name,
            state_machine_arn=identity.state_machine_arn,
            status=ended.status,
            input=ended.input,
            output=ended.output,
            error=ended.error,
            cause=ended.cause,
            started_at=ended.started_at,
            stopped_at=ended.stopped_at,
            redrive_count=ended.redrive_count,
        )

    def not_ended(self, status: Status, inputs: Iterable[Input], now: float) -> Iterator[Ended]:
        """Yield what there is to tell of children of which nothing more is known than their inputs."""
        for index, items, value in inputs:
            yield Ended(index=index, items=items, status=status, started_at=now, stopped_at=now, input=value)

    def _digest(self, index: int) -> bytes:
        digest = self._root.copy()
        digest.update(b"%d" % index)
        return digest.digest()

    def _identity(self, index: int, digest: bytes | None = None) -> Identity:
        """Return the names of a child; most are asked for twice in a row, at its beginning and its end."""
        if index == self._last[0]:
            return self._last[1]
        name, parent = (digest or self._digest(index)).hex(), self._chunk.parent
        identity = Identity(
            name=f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}",
            state_machine=self._machine,
            region=parent.region,
            account=parent.account,
            role=parent.role,
            express=self._children.express,
        )
        self._last = index, identity
        return identity
