"""``python -m tests.bench.put_events [EVENTS]``: PutEvents against 50 rules, without HTTP.

Few match (one event in 50), or each starts an execution of one Pass state; the time ends with the commit.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from typing import Any

from asltool.service.backend import Backend, BackendSettings

_PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
_RULES = 50
_AT_ONCE = 10
"""Entries of a request: what the service takes."""


async def _prepared(folder: str) -> Backend:
    backend = Backend(BackendSettings(data=folder))
    call = backend.service.call
    machine = await call(
        "CreateStateMachine",
        {"name": "m", "definition": json.dumps(_PASS), "roleArn": "arn:aws:iam::123456789012:role/any"},
    )
    for number in range(_RULES):
        pattern = {"source": ["app"], "detail": {"kind": [number], "size": [{"numeric": [">", 0]}]}}
        await call("PutRule", {"Name": f"r{number}", "EventPattern": json.dumps(pattern)}, api="events")
        target = {"Id": "t", "Arn": machine["stateMachineArn"]}
        await call("PutTargets", {"Rule": f"r{number}", "Targets": [target]}, api="events")
    return backend


def _entries(first: int, kinds: int) -> list[dict[str, Any]]:
    return [
        {
            "Source": "app",
            "DetailType": "Order",
            "Detail": json.dumps({"kind": number % kinds, "size": 1, "id": number}),
        }
        for number in range(first, first + _AT_ONCE)
    ]


async def _rate(events: int, kinds: int) -> tuple[float, float]:
    """Return events a second until they are answered, and until what they start has ended."""
    with tempfile.TemporaryDirectory() as folder:
        backend = await _prepared(folder)
        begun = time.perf_counter()
        for first in range(0, events, _AT_ONCE):
            await backend.service.call("PutEvents", {"Entries": _entries(first, kinds)}, api="events")
        answered = time.perf_counter() - begun
        while backend.counts()["running"]:
            await asyncio.sleep(0.005)
        ended = time.perf_counter() - begun
        await backend.close()
        return events / answered, events / ended


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    for what, kinds in (
        ("one in 50 starts an execution", _RULES * _RULES),
        ("each starts an execution", _RULES),
    ):
        answered, ended = asyncio.run(_rate(events, kinds))
        print(f"{what}: {answered:.0f} a second answered, {ended:.0f} with what they start")


if __name__ == "__main__":
    main()
