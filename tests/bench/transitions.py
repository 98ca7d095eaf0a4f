"""Microseconds a transition, beside a bare Python loop that does the same work and keeps the same events.

``python -m tests.bench.transitions``
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sized
from functools import partial
from typing import Any

from asltool.engine import Execution, Identity, Program
from asltool.machine import loads
from tests.bench.machines import LOOP, chain

RUNS = 9


def bare_loop(value: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The loop machine as a dispatch loop: a function a state, and the same events kept."""

    def count(data: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        return {"i": data["i"] + 1, "limit": data["limit"]}, "More?"

    def more(data: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        return data, "Count" if data["i"] < data["limit"] else "Done"

    def done(data: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        return data, None

    return _bare(
        {"Count": ("Pass", count), "More?": ("Choice", more), "Done": ("Succeed", done)}, "Count", value
    )


def bare_chain(length: int, value: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The chain machine as a dispatch loop."""

    def step(i: int) -> Callable[[dict[str, Any]], tuple[dict[str, Any], str | None]]:
        return lambda data: ({**data, "order": {"id": data["order"]["id"], "step": i}}, f"S{i + 1}")

    states: dict[str, Any] = {f"S{i}": ("Pass", step(i)) for i in range(length)}
    states[f"S{length}"] = ("Succeed", lambda data: (data, None))
    return _bare(states, "S0", value)


def _bare(states: dict[str, Any], start: str, value: dict[str, Any]) -> list[tuple[Any, ...]]:
    events: list[tuple[Any, ...]] = [("ExecutionStarted", 0, 0.0, (value,))]
    name: str | None = start
    while name is not None:
        kind, function = states[name]
        events.append((f"{kind}StateEntered", len(events), 0.0, (name, value)))
        value, following = function(value)
        events.append((f"{kind}StateExited", len(events), 0.0, (name, value)))
        name = following
    events.append(("ExecutionSucceeded", len(events), 0.0, (value,)))
    return events


def run(program: Program, value: dict[str, Any]) -> Sized:
    """Run to the end; return the history."""
    execution = Execution(program, value, Identity(name="bench"), limits=value.get("limit", 0) <= 5_000)
    execution.start(0.0)
    assert execution.status == "SUCCEEDED", execution.cause
    return execution.records


def seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def compare(name: str, transitions: int, ours: Callable[[], Sized], bare: Callable[[], Sized]) -> None:
    """Time the two in turn and print medians."""
    assert len(ours()) == len(bare()), "both keep the same events"
    pairs = [(seconds(ours), seconds(bare)) for _ in range(RUNS + 1)][1:]
    mine, theirs = (statistics.median(column) / transitions * 1e6 for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:<28} {mine:6.2f} us a transition   bare loop {theirs:6.2f} us   {ratio:5.2f}x")


def main() -> None:
    loop = loads(json.dumps(LOOP)).program
    for turns in (1_000, 10_000):
        start = {"i": 0, "limit": turns}
        compare(f"loop of {turns} turns", 2 * turns + 1, partial(run, loop, start), partial(bare_loop, start))
    line = loads(json.dumps(chain(200))).program
    order = {"order": {"id": 7}}
    compare("chain of 200 Pass states", 201, partial(run, line, order), partial(bare_chain, 200, order))


if __name__ == "__main__":
    main()
