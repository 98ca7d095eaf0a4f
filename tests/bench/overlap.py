"""``python -m tests.bench.overlap``: four blocking handlers side by side, against one after the other.

Each handler blocks for 200 ms, as a call to a database does. In a Parallel they take as long as one of them.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import asltool

BLOCK = 0.2
WIDTH = 4
RUNS = 5


def machine(kind: str) -> asltool.Machine:
    """Return a machine with four tasks, side by side in a Parallel or one after the other."""
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:block"}
    names = [f"T{n}" for n in range(WIDTH)]
    if kind == "parallel":
        branches = [{"StartAt": name, "States": {name: {**task, "End": True}}} for name in names]
        states: dict[str, Any] = {"P": {"Type": "Parallel", "Branches": branches, "End": True}}
        return asltool.load({"StartAt": "P", "States": states})
    following = [{"Next": name} for name in names[1:]] + [{"End": True}]
    states = {name: {**task, **then} for name, then in zip(names, following, strict=True)}
    return asltool.load({"StartAt": names[0], "States": states})


def seconds(kind: str) -> float:
    """Return the median time of a run."""
    tasks = asltool.Tasks()

    @tasks.handler("block")
    def block(event: Any, context: asltool.TaskContext) -> None:
        time.sleep(BLOCK)

    ready, times = machine(kind), []
    for _ in range(RUNS):
        start = time.perf_counter()
        ready.run({}, tasks=tasks)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print both medians and their ratio."""
    parallel, sequence = seconds("parallel"), seconds("sequence")
    print(f"{WIDTH} handlers of {BLOCK * 1000:.0f} ms, median of {RUNS} runs")
    print(f"side by side          {parallel * 1000:7.1f} ms")
    print(f"one after the other   {sequence * 1000:7.1f} ms")
    print(f"ratio                 {sequence / parallel:7.2f}")


if __name__ == "__main__":
    main()
