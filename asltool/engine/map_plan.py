"""A map run's plan: everything that the Map state says about it, evaluated.

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
    """An ItemBatcher: how many items a child gets at most, and how many bytes of JSON text they may have.

    ``input`` is what every batch has beside its items, None if nothing.
    """

    max_items: int | None
    max_bytes: int | None
    input: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPlan:
    """Plain values, so that it can be dumped with the execution that waits for the map run.

    ``items`` is None where ``reader`` reads them; ``keyed``: they are the members of an object, each as
    ``{"Key", "Value"}``. ``document`` is the state's effective input. ``writer``
    holds the ``Resource`` (None without one), the evaluated ``Arguments`` and the ``WriterConfig`` of the
    ResultWriter. ``entered_id`` is the id of the event that tells of entering the state. Moments are seconds
    since the epoch.
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
    redriven_at: float | None = None
    redrive_count: int = 0

    @classmethod
    def load(cls, dumped: dict[str, Any]) -> MapPlan:
        """Make it anew from what `dataclasses.asdict` made of it.

        Raises:
            KeyError, TypeError: it is not that.
        """
        reader, batching = dumped["reader"], dumped["batching"]
        parts = {
            "reader": None if reader is None else made(ReadItems, reader),
            "batching": None if batching is None else made(Batching, batching),
        }
        writer = {name: take(dumped["writer"], name, hint) for name, hint in _WRITER.items()}
        return made(cls, {**dumped, **parts, "writer": writer})
