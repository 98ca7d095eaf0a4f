"""Microseconds an item read and a result written, beside bare loops that do the same; and the peak of memory.

``python -m tests.bench.map_io [ITEMS]``
"""

from __future__ import annotations

import csv
import json
import math
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from asltool.engine import Identity
from asltool.engine.map_io import ChildEnd, ReadItems, WriteResults
from asltool.integrations.map_storage import MapStorage
from asltool.integrations.objects.folder import Folder

RUNS = 3
LIMITS = {"CSV": 2.0, "results of Pass": 8.0}  # microseconds an item

CHILD = Identity(name=f"{17:036}", state_machine="orders/Lines")
TARGET = WriteResults(
    resource="arn:aws:states:::s3:putObject",
    arguments={"Bucket": "data", "Prefix": "results"},
    config={},
    map_run_arn="arn:aws:states:us-east-1:123456789012:mapRun:orders/Lines:2b1d",
    child_type="STANDARD",
    names=lambda index: CHILD,
)


def line(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f'item number {number}, "new"',
        "quantity": number % 7,
        "price": number * 1.25,
    }


def write_files(folder: Path, count: int) -> None:
    lines = list(map(line, range(1000)))
    with (folder / "plain.csv").open("w") as plain, (folder / "quoted.csv").open("w") as quoted:
        plain.write("id,name,quantity,price\n")
        quoted.write("id,name,quantity,price\n")
        for number in range(count):
            one = lines[number % len(lines)]
            plain.write(f"{number},item number {number},{one['quantity']},{one['price']}\n")
            quoted.write(f'"{number}","item number {number}, ""new""","{one["quantity"]}","{one["price"]}"\n')
    texts = [json.dumps(one) for one in lines]
    with (folder / "lines.json").open("w") as array, (folder / "lines.jsonl").open("w") as rows:
        for number in range(count):
            array.write(("[" if number == 0 else ",") + texts[number % len(texts)])
            rows.write(texts[number % len(texts)] + "\n")
        array.write("]")


def read(storage: MapStorage, kind: str, key: str) -> int:
    source = ReadItems(
        resource="arn:aws:states:::s3:getObject",
        arguments={"Bucket": "data", "Key": key},
        config={"InputType": kind, "CSVHeaderLocation": "FIRST_ROW"},
    )
    return sum(1 for _ in storage.read(source))


def bare_csv(path: Path) -> int:
    with path.open(newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def bare_json(path: Path) -> int:
    with path.open() as file:
        return sum(1 for row in file if json.loads(row))


def children(count: int, passing: bool) -> Iterator[ChildEnd]:
    """Yield children whose output is their input, or looks like it."""
    value = {"id": "17", "name": "item number 17", "quantity": "3", "price": "21.25"}
    for number in range(count):
        yield ChildEnd(
            index=number,
            items=1,
            status="SUCCEEDED",
            input=value,
            output=value if passing else dict(value),
            started_at=1738633790.099 + number / 1000,
            stopped_at=1738633790.163 + number / 1000,
        )


def write(storage: MapStorage, count: int, passing: bool) -> int:
    sink = storage.write(TARGET)
    for child in children(count, passing):
        sink.add(child)
    sink.close()
    return count


def bare_write(path: Path, count: int, passing: bool) -> int:
    """Write the same with json.dumps: the record, and in it the texts of input and output."""
    with path.open("w") as file:
        for child in children(count, passing):
            record = {
                "ExecutionArn": CHILD.execution_arn,
                "Input": json.dumps(child.input),
                "InputDetails": {"Included": True},
                "Name": CHILD.name,
                "Output": json.dumps(child.output),
                "OutputDetails": {"Included": True},
                "RedriveCount": 0,
                "RedriveStatus": "NOT_REDRIVABLE",
                "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
                "StartDate": child.started_at,
                "StateMachineArn": CHILD.state_machine_arn,
                "Status": child.status,
                "StopDate": child.stopped_at,
            }
            file.write(json.dumps(record))
    return count


def spent(work: Callable[[], int]) -> float:
    """Return the CPU microseconds an item, the median of some runs."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        count = work()
        times.append((time.process_time() - start) / count * 1e6)
    return statistics.median(times)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    slow: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        write_files(folder, count)
        storage = MapStorage(Folder(name))
        making = spent(lambda: sum(1 for _ in children(count, True)))
        plain, quoted, lines = folder / "plain.csv", folder / "quoted.csv", folder / "lines.jsonl"
        rows: list[tuple[str, Callable[[], int], Callable[[], int]]] = [
            ("CSV", partial(read, storage, "CSV", plain.name), partial(bare_csv, plain)),
            ("CSV, quoted", partial(read, storage, "CSV", quoted.name), partial(bare_csv, quoted)),
            ("JSONL", partial(read, storage, "JSONL", lines.name), partial(bare_json, lines)),
            ("JSON", partial(read, storage, "JSON", "lines.json"), partial(bare_json, lines)),
            *(
                (
                    f"results of {what}",
                    partial(write, storage, count, passing),
                    partial(bare_write, folder / "bare", count, passing),
                )
                for what, passing in (("Pass", True), ("tasks", False))
            ),
        ]
        for what, ours, bare in rows:
            made = making if what.startswith("results") else 0.0
            mine, theirs = spent(ours) - made, spent(bare) - made
            print(f"{what:16} {mine:6.2f} us   bare loop {theirs:6.2f} us   {mine / theirs:5.2f}x")
            if mine > LIMITS.get(what, math.inf):
                slow.append(f"{what} take {mine:.2f} us; at most {LIMITS[what]} are allowed")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB with {count:,} items")
    if slow:
        raise SystemExit("\n".join(slow))


if __name__ == "__main__":
    main()
