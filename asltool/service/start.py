"""The data to start an execution with, and its row in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asltool.engine.identity import Identity
from asltool.store.port import ExecutionRow
from asltool.store.replay import engine_settings

__all__ = ["Start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """An execution to start.

    ``identity`` has its names, role and type; ``machine``, ``version`` and ``alias`` are ARNs. ``definition``
    is the hash of its definition in the store, ``input`` is JSON text. ``settings`` is the other data that
    the API shows later, as JSON; the row has all its members. ``activities`` are the ARNs of those that
    exist.
    """

    identity: Identity
    machine: str
    definition: str
    input: str
    version: str | None = None
    alias: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    activities: list[str] | None = None

    @property
    def arn(self) -> str:
        return self.identity.execution_arn

    def row(self, started: float, seed: int) -> ExecutionRow:
        """Return the row of the execution, started at this timestamp, in seconds since the epoch."""
        engine = engine_settings(self.identity, seed, activities=self.activities)
        return ExecutionRow(
            arn=self.arn,
            machine=self.machine,
            definition=self.definition,
            started=started,
            input=self.input,
            settings={**self.settings, **engine},
            version=self.version,
            alias=self.alias,
        )
