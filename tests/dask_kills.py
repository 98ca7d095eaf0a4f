"""A distributed Map on a Dask cluster whose workers are killed at random: every item is in the results once.

::

    python -m tests.dask_kills --items 100000 --kills 20 --seed 1

Then the same with the command itself killed in the middle, and resumed. The exit status is 1 at the first
thing that is wrong.
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
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

__all__ = ["MACHINE", "Series"]

_TASKS = """\
import time

import asltool

tasks = asltool.Tasks()


@tasks.handler("work")
def work(event, context):
    until = time.perf_counter() + {seconds}
    while time.perf_counter() < until:
        pass
    return event["n"]
"""

MAP: dict[str, Any] = {
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

MACHINE = {"StartAt": "Each", "States": {"Each": MAP}}

_STARTING = 3.0
"""Seconds of CPU after which a worker has certainly started: Dask does not replace one that dies before."""


class Series:
    """Runs in a folder of their own. What is wrong is an `AssertionError`."""

    def __init__(self, folder: Path, items: int, seconds: float, workers: int = 2) -> None:
        self._folder, self._items = folder, items
        self._command = [
            *(sys.executable, "-m", "asltool", "run", "each.asl.json", "--tasks", "tasks.py", "--s3", "s3"),
            *("--dask", f"local:{workers}", "--name", "n", "--resume", "--no-progress"),
        ]
        for bucket in ("in", "out"):
            (folder / "s3" / bucket).mkdir(parents=True)
        lines = "".join(f'{{"n": {number}}}\n' for number in range(items))
        (folder / "s3" / "in" / "items.jsonl").write_text(lines, encoding="utf-8")
        (folder / "tasks.py").write_text(_TASKS.format(seconds=seconds), encoding="utf-8")
        (folder / "each.asl.json").write_text(json.dumps(MACHINE), encoding="utf-8")

    def begin(self) -> subprocess.Popen[bytes]:
        """Begin a run, or resume it."""
        environment = {**os.environ, "PYTHONPATH": os.getcwd()}
        return subprocess.Popen(self._command, cwd=self._folder, env=environment, stdout=subprocess.PIPE)

    def journalled(self) -> int:
        """Return how many bytes the journal of the run has."""
        return sum(path.stat().st_size for path in (self._folder / ".asltool").rglob("*.jsonl"))

    def check(self) -> None:
        """Check that all items are in the results once, and that the manifest lists all files."""
        out = self._folder / "s3" / "out"
        (manifest,) = out.rglob("manifest.json")
        files = json.loads(manifest.read_text(encoding="utf-8"))["ResultFiles"]
        assert not files["FAILED"], "an item has failed"
        there = sorted(str(path.relative_to(out)) for path in out.rglob("SUCCEEDED_*.json"))
        assert there == sorted(file["Key"] for file in files["SUCCEEDED"]), "a file is not in the manifest"
        counts: Counter[int] = Counter()
        for name in there:
            counts.update(json.loads((out / name).read_text(encoding="utf-8")))
        twice = [item for item, many in counts.items() if many > 1]
        assert not twice, f"{len(twice)} items are there twice"
        assert sorted(counts) == list(range(self._items)), f"{len(counts)} of {self._items} items are there"
        for path in sorted(manifest.parent.iterdir()):
            path.unlink()


def workers(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return the processes that run children: those that the command has started, without helpers."""
    found = []
    with suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.Error):
                if child.cpu_times().user > _STARTING and "spawn_main" in " ".join(child.cmdline()):
                    found.append(child)
    return found


def run(series: Series, kills: int, chance: random.Random, pause: float) -> int:
    """Run to the end while workers are killed; return how many were."""
    killed, process = 0, series.begin()
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0.5, 1.5) * pause)
        found = workers(process) if series.journalled() and killed < kills else []
        if found:
            with suppress(psutil.Error):
                chance.choice(found).send_signal(signal.SIGKILL)
                killed += 1
    output, _ = process.communicate()
    assert process.returncode == 0, f"exit status {process.returncode}: {output.decode()}"
    series.check()
    return killed


def kill_and_resume(series: Series, after: float) -> None:
    """Kill the command in the middle, and resume it."""
    process, end = series.begin(), time.monotonic() + 600
    while not series.journalled() and time.monotonic() < end and process.poll() is None:
        time.sleep(0.05)
    time.sleep(after)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "the run ended before it was killed"
    again = series.begin()
    output, _ = again.communicate()
    assert again.returncode == 0, f"exit status {again.returncode}: {output.decode()}"
    series.check()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=0.001, help="how long a task takes")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between kills")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        series, begin = Series(Path(folder), options.items, options.seconds), time.monotonic()
        killed = run(series, options.kills, chance, options.pause)
        print(f"{killed} workers killed, {options.items} items, each once: {time.monotonic() - begin:.0f} s")
        begin = time.monotonic()
        kill_and_resume(series, chance.uniform(1, 5))
        print(f"the command killed and resumed, each once: {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
