"""A distributed Map that is killed again and again, and resumed: every item once, and no process left.

::

    python -m tests.kills --kills 100 --items 20000 --seed 1

Moments and victims are drawn from the seed; where the run is by then depends on the machine. A victim is the
command itself (killed, or ended by SIGTERM) or one of its worker processes. A run that ends before it is
killed is checked, and the next begins. The exit status is 1 at the first thing that is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from asltool.store import open_to_read

__all__ = ["Series"]

_TASKS = """\
import os
import signal
from pathlib import Path

import asltool

tasks = asltool.Tasks()


@tasks.handler("work")
def work(event, context):
    order = Path(f"kill-{event['n']}")
    if order.exists():
        victim = {"parent": os.getppid, "self": os.getpid}[order.read_text()]
        order.unlink()
        os.kill(victim(), signal.SIGKILL)
    return event["n"]
"""

_MAP = {
    "Type": "Map",
    "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSONL"},
        "Parameters": {"Bucket": "in", "Key": "items.jsonl"},
    },
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Work",
        "States": {
            "Work": {
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
                "End": True,
            }
        },
    },
    "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "out", "Prefix": "results"},
        "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"},
    },
    "End": True,
}

_SECONDS = 30.0
"""How long processes may take to end after the kill, on the slowest machine."""


class Series:
    """The runs of one series, in a folder of their own. What is wrong is an `AssertionError`.

    ``at_once`` is the Map's MaxConcurrency: with 1 the items come one after the other.
    """

    def __init__(self, folder: Path, items: int, processes: int = 2, *, at_once: int = 0) -> None:
        self._folder = folder
        self._items = items
        self._mark = f"ASLTOOL_KILLS={folder}"
        self._command = [
            *(sys.executable, "-m", "asltool", "run", "each.asl.json", "--tasks", "tasks.py", "--s3", "s3"),
            *("--processes", str(processes), "--name", "n", "--resume", "--no-progress"),
        ]
        machine = {"StartAt": "Each", "States": {"Each": {**_MAP, "MaxConcurrency": at_once}}}
        for bucket in ("in", "out"):
            (folder / "s3" / bucket).mkdir(parents=True)
        lines = "".join(f'{{"n": {number}}}\n' for number in range(items))
        (folder / "s3" / "in" / "items.jsonl").write_text(lines, encoding="utf-8")
        (folder / "tasks.py").write_text(_TASKS, encoding="utf-8")
        (folder / "each.asl.json").write_text(json.dumps(machine), encoding="utf-8")

    def order(self, item: int, victim: str) -> None:
        """Have whoever does this item kill the ``parent`` or itself (``self``), once."""
        (self._folder / f"kill-{item}").write_text(victim, encoding="utf-8")

    def run(self, interrupt: Callable[[Series, subprocess.Popen[bytes]], None] | None = None) -> int:
        """Begin or go on, ``interrupt`` that, and return the exit status once no process is left."""
        name, _, value = self._mark.partition("=")
        process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env={**os.environ, name: value, "PYTHONPATH": os.getcwd()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if interrupt is not None:
            interrupt(self, process)
        _, told = process.communicate(timeout=600)
        assert b"Traceback" not in told or process.returncode < 0, told.decode()
        until = time.monotonic() + _SECONDS
        while left := self.processes():
            assert time.monotonic() < until, f"processes are left: {left}"
            time.sleep(0.01)
        return process.returncode

    def processes(self) -> list[int]:
        """Return the processes of this series that there are, by their environment."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                environment = (path / "environ").read_bytes()
            except OSError:
                continue
            if self._mark.encode() in environment.split(b"\0"):
                found.append(int(path.name))
        return found

    def workers(self) -> list[int]:
        """Return those of them that run children, and not Python's own helper for shared memory."""
        found = []
        for number in self.processes():
            with suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes():
                    found.append(number)
        return found

    def check(self) -> None:
        """See that all items are in the results once, and forget these results."""
        found: list[int] = []
        for path in (self._folder / "s3" / "out" / "results").rglob("SUCCEEDED_*.json"):
            found += json.loads(path.read_text(encoding="utf-8"))
        assert len(found) == self._items, f"{len(found)} results of {self._items} items"
        assert sorted(found) == list(range(self._items)), "an item is there twice, another not at all"
        with closing(open_to_read(self._folder / ".asltool")) as store:
            assert store.executions() == [], "the execution is still kept"
        assert not list((self._folder / ".asltool").glob("*/n")), "its journals are still kept"
        (self._folder / "s3" / "out" / "results").rename(self._folder / f"checked-{time.monotonic_ns()}")


def _interrupter(chance: random.Random, longest: float) -> Callable[[Series, subprocess.Popen[bytes]], None]:
    """Return what ends a run, or a part of it, at a random moment."""

    def interrupt(series: Series, process: subprocess.Popen[bytes]) -> None:
        pause, kind = chance.uniform(0, longest), chance.choice(("kill", "kill", "term", "worker"))
        try:
            process.wait(pause)
        except subprocess.TimeoutExpired:
            workers = sorted(series.workers())
            if kind == "worker" and workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
            else:
                process.send_signal(signal.SIGTERM if kind == "term" else signal.SIGKILL)

    return interrupt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=6.0, help="seconds from a beginning to the kill")
    options = parser.parse_args()
    chance, kills, runs, began = random.Random(options.seed), 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        series = Series(Path(folder), options.items, options.processes)
        while True:
            last = kills >= options.kills
            status = series.run(None if last else _interrupter(chance, options.longest))
            if status == 0:
                series.check()
                runs += 1
                if last:
                    break
            else:
                assert not last, f"exit status {status} without a kill"
                kills += 1
                print(f"\r{kills} kills, {runs} runs ended", end="", flush=True)
    print(
        f"\r{kills} kills, {runs} runs of {options.items} items, each once: {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
