"""A distributed Map over a CSV: CPU an item, peak memory, and whether time is linear.

``python -m tests.bench.map_run``
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import tempfile
from pathlib import Path
from typing import Any

from asltool.machine import loads
from asltool.store.checkpoint import Checkpoints

ROWS = (100_000, 1_000_000)

MACHINE = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Parameters": {"Bucket": "in", "Key": "orders.csv"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Keep",
                "States": {"Keep": {"Type": "Pass", "End": True}},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "out", "Prefix": "orders"},
            },
            "End": True,
        }
    },
}


def measure(rows: int, journalled: bool, told: Any) -> None:
    """Run over so many rows; tell seconds of CPU and the peak of memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, rows)
        machine = loads(json.dumps(MACHINE))
        begin = seconds()
        checkpoints = Checkpoints(root / "state") if journalled else None
        run = machine.run({}, s3=root, name="bench", checkpoints=checkpoints)
        spent = seconds() - begin
        assert run.status == "SUCCEEDED", run.cause
        assert run.map_runs[0].items.succeeded == rows
    told.put((spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def write(root: Path, rows: int) -> None:
    """Make the buckets, and the CSV in one of them."""
    (root / "in").mkdir()
    (root / "out").mkdir()
    with (root / "in" / "orders.csv").open("w", encoding="utf-8") as file:
        file.write("order,customer,amount\n")
        file.writelines(f"{row},customer {row % 997},{row % 89}.50\n" for row in range(rows))


def seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def in_a_process_of_its_own(rows: int, *, journalled: bool) -> tuple[float, float]:
    """Measure where nothing else has used memory yet."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    process = context.Process(target=measure, args=(rows, journalled, told))
    process.start()
    found: tuple[float, float] = told.get()
    process.join()
    return found


def main() -> None:
    for journalled in (False, True):
        spent = {}
        for rows in ROWS:
            spent[rows], peak = in_a_process_of_its_own(rows, journalled=journalled)
            each = spent[rows] / rows * 1e6
            what = f"{rows:>9} rows{', journal' if journalled else ''}"
            print(f"{what:<23} {each:6.1f} us an item  {peak:6.0f} MiB")
        print(f"time for {ROWS[1] // ROWS[0]} times the rows: {spent[ROWS[1]] / spent[ROWS[0]]:.1f}x")


if __name__ == "__main__":
    main()
