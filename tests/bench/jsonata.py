"""Microseconds an evaluation on a document of 1,000 items, beside jsonata-python and a Python function.

``python -m tests.bench.jsonata``
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonata as peer

from asltool.expr.jsonata import compile_jsonata

RUNS = 9


@dataclass
class Still:
    """An environment whose clock stands still."""

    context: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=lambda: {"limit": 1490})
    now: float = 0.0

    def uniform(self) -> float:
        return 0.5


STATES = {
    "input": {
        "order": {"id": 7},
        "items": [{"id": i, "name": f"item {i}", "price": i * 1.5} for i in range(1000)],
    },
    "context": {"Execution": {"Name": "bench"}},
}

EXPRESSIONS: dict[str, Callable[[Any, Any], Any]] = {
    "$states.input.order.id": lambda states, limit: states["input"]["order"]["id"],
    "$states.input.items[500].price": lambda states, limit: states["input"]["items"][500]["price"],
    "$states.input.order.id + 1": lambda states, limit: states["input"]["order"]["id"] + 1,
    "$states.input.items[price > $limit].id": lambda states, limit: [
        item["id"] for item in states["input"]["items"] if item["price"] > limit
    ],
    "$map($states.input.items, function($i){$i.price * 2})": lambda states, limit: [
        item["price"] * 2 for item in states["input"]["items"]
    ],
    "$reduce($states.input.items.price, function($a, $b){$a + $b})": lambda states, limit: sum(
        item["price"] for item in states["input"]["items"]
    ),
}
"""Text to the same in Python. The first two need no engine, the last one a process of its own."""


def microseconds(work: Callable[[], Any], times: int) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begin) / times * 1e6


def compare(text: str, bare: Callable[[Any, Any], Any]) -> None:
    """Time the three in turn and print medians."""
    environment = Still()
    evaluate, library = compile_jsonata(text), peer.Jsonata(text)
    limit = environment.variables["limit"]

    def ours() -> Any:
        return evaluate(STATES, environment)

    def theirs() -> Any:
        return library.evaluate(None, {"states": STATES, "limit": limit})

    assert ours() == theirs() == bare(STATES, limit), text
    times = 1000 if microseconds(ours, 10) < 20 else 20
    rows = [
        (
            microseconds(ours, times),
            microseconds(theirs, max(times // 100, 1)),
            microseconds(lambda: bare(STATES, limit), times),
        )
        for _ in range(RUNS)
    ]
    mine, peers, bares = (statistics.median(column) for column in zip(*rows, strict=True))
    print(
        f"{text:<62}{mine:8.1f} us   jsonata-python {peers:9.1f} us {peers / mine:7.1f}x"
        f"   Python {bares:6.1f} us {mine / bares:6.1f}x"
    )


def main() -> None:
    for text, bare in EXPRESSIONS.items():
        compare(text, bare)


if __name__ == "__main__":
    main()
