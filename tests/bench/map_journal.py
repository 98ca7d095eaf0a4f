"""The journal of a map run's children as a file, as it is, and as rows of a store: CPU a child.

``python -m tests.bench.map_journal --children 200000``

A flush, which makes durable what was noted, comes after so many children: a thousand where they need nothing
from outside, a few where each waits for a task.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from asltool.engine.map_io import ChildEnd, MapJournal, WrittenPart
from asltool.integrations.journal import Journal
from asltool.store import ExecutionRow, open_store

__all__ = ["StoreJournal"]

FLUSHES = (1_000, 10)
ROUNDS = 3
FIELDS = tuple(ChildEnd.__slots__)


class StoreJournal:
    """A journal as steps of an execution in a store."""

    def __init__(self, folder: Path) -> None:
        self._store = open_store(folder)
        found = self._store.execution("run")
        row = ExecutionRow(arn="run", machine="m", definition="d", started=0.0, input="{}")
        self._number = self._store.begin(row) if found is None else found.number
        self._store.commit()

    def ended(self) -> Iterator[ChildEnd]:
        for step in self._store.log(self._number):
            yield ChildEnd(**dict(zip(FIELDS, json.loads(step.call), strict=True)))

    def note(self, child: ChildEnd | WrittenPart) -> None:
        assert isinstance(child, ChildEnd)
        self._store.step(self._number, json.dumps([getattr(child, name) for name in FIELDS]).encode(), b"")

    def flush(self) -> None:
        self._store.commit()

    def close(self) -> None:
        self._store.commit()
        self._store.close()


def child(index: int) -> ChildEnd:
    """Return the end of a child, its output that of an order."""
    output = {"order": index, "customer": f"customer {index % 997}", "amount": index % 89 + 0.5}
    return ChildEnd(index=index, items=1, status="SUCCEEDED", started_at=1.0, stopped_at=2.0, output=output)


def seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(opened: Callable[[Path], MapJournal], children: int, flush: int) -> tuple[float, float, int]:
    """Return the seconds of CPU that noting and reading take, and the bytes on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        ends = [child(index) for index in range(children)]
        gc.collect()
        journal, begin = opened(Path(folder)), seconds()
        for number, each in enumerate(ends, 1):
            journal.note(each)
            if number % flush == 0:
                journal.flush()
        journal.close()
        noted = seconds() - begin
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        journal, begin = opened(Path(folder)), seconds()
        assert sum(1 for _ in journal.ended()) == children
        read = seconds() - begin
        journal.close()
    return noted, read, size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--children", type=int, default=200_000)
    children = parser.parse_args().children
    kinds: dict[str, Callable[[Path], MapJournal]] = {
        "file": lambda folder: Journal(folder / "run", inputs=False),
        "store": StoreJournal,
    }
    for flush in FLUSHES:
        found: dict[str, list[tuple[float, float, int]]] = {kind: [] for kind in kinds}
        for _ in range(ROUNDS):
            for kind, opened in kinds.items():
                found[kind].append(measure(opened, children, flush))
        for kind, rounds in found.items():
            noted, read, size = map(min, zip(*rounds, strict=True))
            print(
                f"{kind:<5} a flush every {flush:>5}: {noted / children * 1e6:5.1f} us a child to note, "
                f"{read / children * 1e6:5.1f} to read, {size / children:4.0f} bytes"
            )


if __name__ == "__main__":
    main()
