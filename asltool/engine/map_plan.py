"""A map run's plan: the evaluated fields of its Map state.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asltool.engine.dump_types import made, take
from asltool.engine.map_io import ReadItems

__all__ = ["Batching", "MapPlan"]


_WRITER: dict[str, Any] = {"resource": str | None, "arguments": dict[str, Any], "config": dict[str, Any]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batching:
    """An ItemBatcher: the most items per child, and the most bytes of their JSON text.

    ``input`` is added to every batch, None if there is none.
    """

    max_items: int | None
    max_bytes: int | None
    input: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPlan:
    """Plain values, so it can be dumped with the execution that waits for the map run.

    ``items`` is None where ``reader`` reads them; ``keyed``: they are the members of an object, each as
    ``{"Key", "Value"}``. ``document`` is the state's effective input. ``writer``
    holds the ``Resource`` (None without one), the evaluated ``Arguments`` and the ``WriterConfig`` of the
    ResultWriter. ``entered_id`` and ``started_id`` are the IDs of the events of entering and starting the
    state. Timestamps are in seconds since the epoch.
    """

    arn: str
    entered_id: int
    items: list[Any] | None
    document: Any
    reader: ReadItems | None
    batching: Batching | None
    writer: Mapping[str, Any]
    max_concurrency: int
    tolerated_failure_count: int | None
    tolerated_failure_percentage: float | None
    started_at: float
    keyed: bool = False
    started_id: int = 0
    redriven_at: float | None = None
    redrive_count: int = 0

    @classmethod
    def load(cls, dumped: dict[str, Any]) -> MapPlan:
        """Restore it from `dataclasses.asdict`.

        Raises:
            KeyError, TypeError: it is not such a value.
        """
        reader, batching = dumped["reader"], dumped["batching"]
        parts = {
            "reader": None if reader is None else made(ReadItems, reader),
            "batching": None if batching is None else made(Batching, batching),
        }
        writer = {name: take(dumped["writer"], name, hint) for name, hint in _WRITER.items()}
        return made(cls, {**dumped, **parts, "writer": writer})
