"""``python -m tests.bench.beside [ITEMS]``: 1,000 small executions beside a large map run, in one driver.

The small ones begin one after the other while the map run goes on; each has three states. Prints how long
each took from being added to its end.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from asltool.driver.clock import RealClock
from asltool.driver.map_outside import Maps
from asltool.driver.runner import Runner
from asltool.driver.workers import Workers
from asltool.engine import Effect, Execution, Identity
from asltool.engine.map_io import ChildEnd, ReadItems, WriteResults
from asltool.machine import loads
from tests.bench.machines import chain
from tests.bench.map_run import MACHINE

MANY = 1_000


class Numbers:
    """Reads whole numbers, and writes nothing."""

    def __init__(self, many: int) -> None:
        self._many = many

    def read(self, source: ReadItems) -> Iterator[Any]:
        yield from range(self._many)

    def write(self, target: WriteResults) -> Numbers:
        return self

    def add(self, child: ChildEnd) -> None:
        """Drop it."""

    def add_part(self, file: Any) -> None:
        """There is none."""

    def close(self) -> Any:
        return {}


def main(items: int) -> None:
    small = loads(json.dumps(chain(3))).program
    begun: dict[str, float] = {}
    took: list[float] = []

    def ended(execution: Execution) -> None:
        took.append(time.perf_counter() - begun[execution.identity.name])
        if len(begun) < MANY:
            begin()

    def begin() -> None:
        name = f"small-{len(begun)}"
        begun[name] = time.perf_counter()
        runner.add(Execution(small, {"order": {"id": 7}}, Identity(name=name)), ended)

    def seen(execution: Execution, effects: Sequence[Effect]) -> None:
        """Nothing to see."""

    with Workers() as workers:
        runner = Runner(workers, RealClock(), Maps(Numbers(items)))
        runner.add(Execution(loads(json.dumps(MACHINE)).program, {}, Identity(name="large")), watch=seen)
        for _ in range(10):
            begin()
        start = time.perf_counter()
        runner.run()
    took.sort()
    print(f"map run of {items:,} items: {time.perf_counter() - start:.1f} s")
    middle, late = (took[int(len(took) * part)] * 1_000 for part in (0.5, 0.95))
    print(f"{len(took):,} small executions beside it: median {middle:.1f} ms, p95 {late:.1f} ms each")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
