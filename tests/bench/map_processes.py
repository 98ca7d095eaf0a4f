"""A distributed Map whose tasks keep a processor busy: one process beside two, and a bare pool.

``python -m tests.bench.map_processes``
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from asltool.driver.jobs import Integration
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_runs import MapRuns
from asltool.integrations.tasks import Tasks
from asltool.machine import Machine, loads

ITEMS = 1_000
RUNS = 3

MACHINE = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Burn",
                "States": {
                    "Burn": {
                        "Type": "Task",
                        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:burn",
                        "End": True,
                    }
                },
            },
            "End": True,
        }
    },
}


def make() -> Sequence[Integration]:
    tasks = Tasks()

    @tasks.handler("burn")
    def do(event: Any, context: Any) -> Any:
        return burn(event)

    return [Handlers(tasks)]


def burn(item: int) -> int:
    return sum(number * number for number in range(150_000)) % 1000


def seconds(machine: Machine, processes: int) -> float:
    begin = time.perf_counter()
    run = machine.run(list(range(ITEMS)), map_runs=MapRuns(processes=processes, integrations=make))
    assert run.status == "SUCCEEDED", run.cause
    return time.perf_counter() - begin


def bare(processes: int) -> float:
    begin = time.perf_counter()
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        assert len(list(pool.map(burn, range(ITEMS), chunksize=20))) == ITEMS
    return time.perf_counter() - begin


def compare(name: str, run: Callable[[int], float]) -> None:
    pairs = [(run(1), run(2)) for _ in range(RUNS)]
    one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{ITEMS} items, {name:<16} one process {one:5.2f} s, two {two:5.2f} s, {ratio:.2f}x")


def main() -> None:
    compare("distributed Map", partial(seconds, loads(json.dumps(MACHINE))))
    compare("bare pool", bare)


if __name__ == "__main__":
    main()
