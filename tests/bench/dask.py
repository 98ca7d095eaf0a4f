"""A distributed Map on Dask: two local workers beside one, and what the process of the run costs.

::

    python -m tests.bench.dask              # speed: two workers against one, best of alternated runs
    python -m tests.bench.dask memory       # memory and CPU of the run's process, which has the scheduler too

Measure when nothing else uses the processors: ratios of two workers on two processors say nothing otherwise.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from distributed import Client

from asltool.driver.jobs import Integration
from asltool.integrations.dask.connecting import connect
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_runs import MapRuns
from asltool.integrations.tasks import Tasks
from asltool.machine import loads
from tests.dask_kills import MACHINE

RUNS = 3


def make(sleep: float, cpu: float) -> Sequence[Integration]:
    tasks = Tasks()

    @tasks.handler("work")
    def work(event: dict[str, int], context: object) -> int:
        if sleep:
            time.sleep(sleep)
        until = time.thread_time() + cpu
        while cpu and time.thread_time() < until:
            pass
        return event["n"]

    return [Handlers(tasks)]


def written(folder: Path, items: int) -> Path:
    """Write the items of a run; return the folder that stands for S3."""
    s3 = folder / f"{items}"
    if not s3.exists():
        for bucket in ("in", "out"):
            (s3 / bucket).mkdir(parents=True)
        with (s3 / "in" / "items.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(f'{{"n": {number}}}\n' for number in range(items))
    return s3


def run(client: Client, s3: Path, there: Callable[[], Sequence[Integration]]) -> float:
    """Return how many seconds a run takes."""
    begin = time.perf_counter()
    ran = loads(json.dumps(MACHINE)).run(s3=s3, map_runs=MapRuns(dask=client, integrations=there))
    assert ran.status == "SUCCEEDED", ran.cause
    return time.perf_counter() - begin


def compare(folder: Path) -> None:
    """Print how much quicker two workers are than one."""
    kinds = {"sleep 5 ms": (2_000, 0.005, 0.0, 1.85), "0.2 ms of CPU": (40_000, 0.0, 0.0002, 1.45)}
    with ExitStack() as stack:
        clients = [connect(stack, f"local:{many}") for many in (1, 2)]
        for name, (items, sleep, cpu, bar) in kinds.items():
            there, s3 = partial(make, sleep, cpu), written(folder, items)
            for client in clients:
                run(client, written(folder, 200), there)
            pairs = [[run(client, s3, there) for client in clients] for _ in range(RUNS)]
            one, two = (min(column) for column in zip(*pairs, strict=True))
            print(
                f"{items:,} items, {name}: one worker {one:.2f} s, two {two:.2f} s, {one / two:.2f}x ({bar}x)"
            )


def cost(folder: Path) -> None:
    """Print CPU and memory of this process, in which the scheduler runs too."""
    with ExitStack() as stack:
        client = connect(stack, "local:2")
        for items in (200_000, 1_000_000):
            s3, begin = written(folder, items), time.process_time()
            seconds = run(client, s3, partial(make, 0.0, 0.0002))
            each = (time.process_time() - begin) / items * 1e6
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{items:,} items: {seconds:.0f} s, {each:.1f} us each (60), peak {peak:.0f} MB (160)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (cost if sys.argv[1:] == ["memory"] else compare)(Path(folder))


if __name__ == "__main__":
    main()
