"""A process that runs executions is killed again and again, and the next one goes on.

::

    python -m tests.conductor_kills --kills 100 --seed 1

Starts, tasks, waits, task tokens, activities and map runs are in flight when the process is killed. After
each kill, and at the end, this is checked: everything that was acknowledged is there; no task whose outcome
was committed runs again; no history has a gap; every execution ends.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from asltool.driver.jobs import LATER, Job, Later
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.engine.identity import Identity
from asltool.errors import CallbackError
from asltool.service.conductor import Conductor
from asltool.service.start import Start
from asltool.service.time import ServiceClock
from asltool.store import Store, open_store
from asltool.store.replay import records_of
from tests.service.conducting import ACTIVITY, machine, task

__all__ = ["Series"]

_TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
_MESSAGE = {"MessageBody.$": "$$.Task.Token", "QueueUrl": "q"}
_RETRY = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 30, "MaxAttempts": 9}]
_CHILD = machine(task("C1"), task("C2", Retry=_RETRY))
_PROCESSOR = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **_CHILD}
_BRANCH = machine({"Type": "Wait", "Seconds": 600}, task("P"))

MACHINES = (
    machine({"Type": "Pass"}),
    machine(task("A"), task("B", Retry=_RETRY), task("C")),
    machine({"Type": "Wait", "Seconds": 86_400}, task("D")),
    machine(task("T1", _TOKEN, Parameters=_MESSAGE), task("T2", _TOKEN, Parameters=_MESSAGE)),
    machine(task("V1", ACTIVITY), task("V2", ACTIVITY)),
    machine({"Type": "Parallel", "Branches": [_BRANCH, _BRANCH]}),
    machine({"Type": "Pass", "Result": [0] * 12}, {"Type": "Map", "ItemProcessor": _PROCESSOR}),
)


class _Tasks:
    """Does the work of tasks for a few milliseconds; notes in a file which ones it begins."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._file = (folder / "begun").open("a", buffering=1)
        self._chance = chance
        self.tokens: list[str] = []

    def find(self, call: CallTask) -> Any:
        return None if call.resource.events == "Activity" else self._work

    async def _work(self, job: Job) -> Later | Succeeded | Failed:
        self._file.write(f"{os.getpid()} {job.call.execution_arn} {job.call.task_id}\n")
        await asyncio.sleep(self._chance.random() * 0.01)
        if job.call.waits_for_token:
            self.tokens.append(job.call.input["MessageBody"])
            job.begin({})
            return LATER
        return (
            Failed("Boom") if self._chance.random() < 0.1 and job.call.state in ("B", "C2") else Succeeded(1)
        )


async def _serve(folder: Path, seed: int, *, finish: bool) -> None:
    """Run executions in this process, and print what is acknowledged."""
    chance = random.Random(seed)
    tasks, store = _Tasks(folder, chance), open_store(folder)
    conductor = Conductor(store, ServiceClock(skips=True), [tasks])
    conductor.recover()
    tasks.tokens += _open_tokens(store)
    worker = asyncio.ensure_future(_worker(conductor))
    while not finish or store.running():
        if not finish:
            number = chance.randrange(10**12)
            identity = Identity(name=f"e{number}", state_machine="m")
            digest = store.put_definition(json.dumps(chance.choice(MACHINES)))
            start = Start(identity=identity, machine="m", definition=digest, input="[1]")
            row = conductor.start(start)
            await conductor.committed()
            print(f"started {row.arn}", flush=True)
        while tasks.tokens:
            await _answer(conductor, tasks.tokens.pop())
        await asyncio.sleep(chance.random() * 0.01)
    worker.cancel()
    await conductor.shutdown()
    store.close()


async def _worker(conductor: Conductor) -> None:
    while True:
        polled = await conductor.poll(ACTIVITY, None)
        await conductor.committed()
        if polled is not None:
            await asyncio.sleep(0.003)
            await _answer(conductor, polled.token)


async def _answer(conductor: Conductor, token: str) -> None:
    with suppress(CallbackError):  # it may have been answered before the kill
        conductor.succeed(token, token)
        await conductor.committed()
        print(f"answered {token}", flush=True)


def _open_tokens(store: Store) -> list[str]:
    """Return the tokens that the process before this one gave away."""
    tokens = []
    for row in store.running():
        for kind, previous, _, payload in records_of(store.log(row.number)):
            if kind == "ActivityStarted":
                tokens.append(hashlib.sha256(f"{row.arn}#{previous}".encode()).hexdigest())
            elif kind == "TaskScheduled":
                tokens += [each["MessageBody"] for each in payload if isinstance(each, dict)]
    return tokens


class Series:
    """Kills in one folder. ``problems`` is what was wrong."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self._acknowledged: set[str] = set()
        self._ended: set[str] = set()
        self._begun = 0
        self.problems: list[str] = []

    def __str__(self) -> str:
        answers = sum(line.startswith("answered") for line in self._acknowledged)
        starts = len(self._acknowledged) - answers
        return f"{starts} starts, {answers} answers, {self._begun} tasks, {len(self.problems)} problems"

    def kill(self) -> None:
        """Run a process until it is killed, and look at what it leaves."""
        process = self._process()
        assert process.stdout is not None
        self._take(process.stdout.readline())
        time.sleep(self._chance.random() * 0.4)
        process.send_signal(signal.SIGKILL)
        self._take(process.communicate()[0])
        self._look()

    def finish(self) -> None:
        """Let all executions end."""
        process = self._process("--finish")
        self._take(process.communicate(timeout=120)[0])
        if process.returncode:
            self.problems.append(f"the last process ended with {process.returncode}")
        self._look(over=True)

    def _process(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.conductor_kills", "--serve", str(self._folder)]
        seed = str(self._chance.randrange(10**6))
        return subprocess.Popen(
            [*command, "--seed", seed, *options], stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def _take(self, printed: str) -> None:
        self._acknowledged.update(line for line in printed.splitlines(keepends=True) if line.endswith("\n"))

    def _look(self, *, over: bool = False) -> None:
        """Check everything that is to hold after a kill."""
        store = open_store(self._folder)
        said = set[str]()
        ended = set[str]()
        for row in store.executions():
            said.add(f"started {row.arn}\n")
            steps = store.log(row.number)
            if over and row.status != "SUCCEEDED":
                self.problems.append(f"{row.arn} is {row.status}: {row.error} {row.cause} {row.blocked}")
            for place, record in enumerate(records_of(steps), 1):
                kind, previous, _, payload = record
                if previous >= place:
                    self.problems.append(f"{row.arn}: event {place} follows {previous}")
                if kind.endswith("Succeeded") and kind != "ExecutionSucceeded" and "State" not in kind:
                    said.update(f"answered {value}\n" for value in map(str, payload))
            ended |= {f"{row.arn} {task_id}" for task_id in _ended_tasks(row.status, steps)}
        store.close()
        self._check_begun(ended)
        missing = (
            sorted(self._acknowledged - said)
            if over
            else sorted(line for line in self._acknowledged - said if line.startswith("started"))
        )
        self.problems += [f"lost: {line}" for line in missing]

    def _check_begun(self, ended: set[str]) -> None:
        lines = (self._folder / "begun").read_text().splitlines()
        again = [line for line in lines[self._begun :] if line.partition(" ")[2] in self._ended]
        self.problems += [f"ran again: {line}" for line in again]
        self._begun, self._ended = len(lines), ended


def _ended_tasks(status: str, steps: Any) -> set[int]:
    """Return the ids of the tasks whose outcome is in the log."""
    calls = [json.loads(call) for call, _ in steps]
    kinds = {"succeeded", "failed"}
    return {call["task_id"] for call in calls if kinds & call.get("outcome", {}).keys()}


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=Path)
    parser.add_argument("--finish", action="store_true")
    options = parser.parse_args()
    if options.serve is not None:
        asyncio.run(_serve(options.serve, options.seed, finish=options.finish))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        series = Series(Path(folder), options.seed)
        for number in range(1, options.kills + 1):
            series.kill()
            print(f"{number} kills: {series}", flush=True)
            if series.problems:
                break
        series.finish()
        print(f"at the end: {series}")
        print("\n".join(series.problems[:20]))
        return bool(series.problems)


if __name__ == "__main__":
    sys.exit(main())
