"""Microseconds to parse and to read JSONPath, each beside jsonpath-ng in the same run.

``python -m tests.bench.jsonpath``
"""

from __future__ import annotations

import statistics
import timeit
import warnings
from collections.abc import Callable
from typing import Any

from jsonpath_ng.ext.parser import parse

from asltool.expr.jsonpath import compile_path, compile_reference
from tests.expr.world import World

REPEATS = 9

DOCUMENT = {
    "order": {"id": 7, "customer": {"name": "Ada", "address": {"city": "London"}}},
    "items": [
        {"id": 1, "name": "x", "price": 5.5, "tags": ["s", "m"]},
        {"id": 2, "name": "y", "price": 15, "tags": ["l"]},
        {"id": 3, "name": "z", "tags": []},
        {"id": 4, "name": None, "price": 12},
    ],
}

REFERENCES = [
    "$.order",
    "$.order.customer.name",
    "$.order.customer.address.city",
    "$.items[1].name",
    "$.items[0].tags[1]",
]
QUERIES = ["$.items[*].name", "$.items[1:].id", "$..name"]
FILTERS = [
    "$.items[?(@.id == 2)]",
    "$.items[?(@.price > 10)].name",
    "$.items[?(@.price > 10 && @.name == 'y')].id",
    "$.items[?(@.tags)].id",
]


def median(work: Callable[[], object], number: int) -> float:
    """Return the median of several runs, in microseconds a call."""
    work()
    return statistics.median(timeit.repeat(work, number=number, repeat=REPEATS)) / number * 1e6


def row(name: str, what: str, ours: float, theirs: float, bar: float | None) -> None:
    held = "" if bar is None else f"   bar {bar:4} us{'' if ours <= bar else '  MISSED'}"
    print(f"{what:7} {name:48} {ours:7.2f} us   jsonpath-ng {theirs:8.1f} us   {theirs / ours:6.0f}x{held}")


def compare(text: str, bar: float | None, peer_text: str | None = None) -> None:
    world = World()
    read = compile_path(text).read
    peer: Any = parse(peer_text or text)
    ours = median(lambda: read(DOCUMENT, world), 5_000)
    theirs = median(lambda: [found.value for found in peer.find(DOCUMENT)], 200)
    row(text, "read", ours, theirs, bar)
    row(
        text,
        "parse",
        median(lambda: compile_path(text), 300),
        median(lambda: parse(peer_text or text), 3),
        60,
    )


def compare_write(text: str) -> None:
    write = compile_reference(text).write
    peer: Any = parse(text)
    ours = median(lambda: write(DOCUMENT, 1), 2_000)
    theirs = median(lambda: peer.update_or_create(DOCUMENT, 1), 200)
    row(text, "write", ours, theirs, None)


def main() -> None:
    warnings.simplefilter("ignore")
    for text in REFERENCES:
        compare(text, 0.5)
    for text in QUERIES:
        compare(text, None)
    for text in FILTERS:
        compare(text, 8)
    compare("$.items[?(@.id =~ /[23]/)].name", 8, '$.items[?(@.id =~ "[23]")].name')
    compare_write("$.order.customer.address.city")


if __name__ == "__main__":
    main()
