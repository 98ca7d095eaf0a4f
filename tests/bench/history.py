"""Microseconds an event of ``run.history``, beside a bare loop that makes the same objects.

Every event is visited and its details are read. The bare loop makes the same dicts, encodes every value with
the standard library, and knows nothing of types of events.

``python -m tests.bench.history``
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from asltool.engine import Execution, Identity
from asltool.history.events import events
from asltool.history.records import Record, Records
from asltool.integrations.scripted import Mocks
from asltool.machine import loads
from tests.bench.machines import LOOP, chain
from tests.bench.transitions import RUNS, seconds

_KEYS = {"Entered": ("stateEnteredEventDetails", "input"), "Exited": ("stateExitedEventDetails", "output")}

TASKS: dict[str, Any] = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "StartAt": "Charge",
                "States": {
                    "Charge": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::lambda:invoke",
                        "Parameters": {"FunctionName": "charge", "Payload.$": "$"},
                        "End": True,
                    }
                },
            },
            "End": True,
        }
    },
}


def bare(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Spell events out with what the standard library has."""
    spelled: list[dict[str, Any]] = []
    for kind, previous, time, payload in records:
        stamp = datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = {"timestamp": stamp, "type": kind, "id": len(spelled) + 1, "previousEventId": previous}
        key, name = _KEYS.get(kind[-7:].lstrip("e"), ("details", "value"))
        texts = {
            f"{name}{at}" if at else "name": value if isinstance(value, str) else json.dumps(value)
            for at, value in enumerate(payload)
        }
        event[key] = {**texts, "inputDetails": {"truncated": False}}
        spelled.append(event)
    return spelled


def read(history: Iterable[dict[str, Any]]) -> int:
    """Read every field of every event's details; return how many there are."""
    count = 0
    for event in history:
        for key, details in event.items():
            if key.lower().endswith("details"):
                count += len(details.values())
    return count


def compare(name: str, records: Records) -> None:
    """Time both in turn and print medians."""

    def timed(spell: Callable[[Records], list[dict[str, Any]]]) -> float:
        return seconds(lambda: read(spell(records)))

    pairs = [(timed(events), timed(bare)) for _ in range(RUNS + 1)][1:]
    mine, theirs = (statistics.median(column) / len(records) * 1e6 for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:<28} {mine:6.2f} us an event   bare loop {theirs:6.2f} us   {ratio:5.2f}x")


def run(machine: dict[str, Any], value: Any) -> Records:
    execution = Execution(loads(json.dumps(machine)).program, value, Identity(name="bench"))
    execution.start(0.0)
    assert execution.status == "SUCCEEDED", execution.cause
    return execution.records


def run_tasks(items: int) -> Records:
    """Run a Map whose iterations each call a function."""
    found: list[Execution] = []
    mocks = Mocks()
    mocks.task("Charge").returns({"Payload": {"paid": True}})
    value = {"items": [{"order": number, "total": 9.5} for number in range(items)]}
    watch = partial(_keep, found)
    loads(json.dumps(TASKS)).run(value, integrations=[mocks], watch=watch)
    return found[0].records


def _keep(found: list[Execution], execution: Execution, effects: object) -> None:
    found.append(execution)


def main() -> None:
    compare("loop of 3,000 turns", run(LOOP, {"i": 0, "limit": 3_000}))
    compare("chain of 200 Pass states", run(chain(200), {"order": {"id": 7}}))
    compare("Map of 500 Tasks", run_tasks(500))


if __name__ == "__main__":
    main()
