"""A server at half of what it can do: neither memory nor descriptors nor the time of an answer may grow.

::

    python -m tests.server_soak --minutes 10

First comes as much as one client can start, which says what half is. The exit status is 1 if the last quarter
of the time is worse than the second one.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.server.load import ROLE
from tests.server.load_machines import MACHINES, TASKS
from tests.server.served import PLACE, Api, ServerProcess, resident_mb

_KINDS = ("retried", "waiting", "inline", "distributed", "nesting", "express")
_WARM_SECONDS = 5.0


class Sample(NamedTuple):
    """What a part of the time was like: MB, open descriptors, median milliseconds of a StartExecution."""

    memory: float
    descriptors: int
    latency: float
    made: int


class Soak:
    """A server with machines of several kinds, and one client."""

    def __init__(self, folder: Path) -> None:
        (folder / "tasks.py").write_text(TASKS, encoding="utf-8")
        self.server = ServerProcess(folder, "--data", "data", "--tasks", "tasks.py")
        self._api = Api(self.server.wait())
        self._chance = random.Random(1)
        for name in _KINDS:
            states = MACHINES["retried" if name == "express" else name]
            definition = json.dumps(
                {"StartAt": next(iter(states)), "QueryLanguage": "JSONata", "States": states}
            )
            kind = "EXPRESS" if name == "express" else "STANDARD"
            self._api("CreateStateMachine", name=name, definition=definition, roleArn=ROLE, type=kind)

    def sample(self, seconds: float, pause: float = 0.0) -> Sample:
        """Start executions for so long, with a pause after each."""
        took, until = list[float](), time.monotonic() + seconds
        while time.monotonic() < until:
            took.append(_timed(self._start))
            time.sleep(pause)
        process = self.server.process.pid
        descriptors = len(list(Path(f"/proc/{process}/fd").iterdir()))
        return Sample(resident_mb(process), descriptors, statistics.median(took) * 1000, len(took))

    def _start(self) -> None:
        machine = f"{PLACE}:stateMachine:{self._chance.choice(_KINDS)}"
        given = json.dumps({"n": self._chance.randrange(1000)})
        arn = self._api("StartExecution", stateMachineArn=machine, input=given)["executionArn"]
        if ":express:" not in arn:
            self._api("DescribeExecution", executionArn=arn)
            self._api("GetExecutionHistory", executionArn=arn, maxResults=10)


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _worse(before: list[Sample], after: list[Sample]) -> list[str]:
    """Return what has grown, by the medians of two quarters of the time."""
    found = []
    for name, allowed in {"memory": 1.05, "descriptors": 1.0, "latency": 1.3}.items():
        first, last = (statistics.median(getattr(each, name) for each in part) for part in (before, after))
        if last > first * allowed:
            found.append(f"{name} has grown from {first:.2f} to {last:.2f}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder))
        pause = _WARM_SECONDS / soak.sample(_WARM_SECONDS).made
        time.sleep(_WARM_SECONDS)
        samples = []
        for number in range(1, 21):
            samples.append(sample := soak.sample(options.minutes * 3, pause))
            print(
                f"{number:2}/20: {sample.memory:6.1f} MB, {sample.descriptors} descriptors, "
                f"{sample.latency:.2f} ms, {sample.made} executions",
                flush=True,
            )
        assert soak.server.end() == 0
        print(soak.server.errors.read_text(encoding="utf-8"), end="")
    worse = _worse(samples[5:10], samples[15:])
    print("\n".join(worse) or f"{sum(sample.made for sample in samples)} executions, and nothing has grown")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
