"""``python -m tests.bench.store``: CPU an execution with the store, as a multiple of the CPU without it.

The same conductor runs the same executions, kept in a file and not kept at all, in turn; the least of each
counts. Then executions that are open are recovered by a conductor that begins on their store.
"""

from __future__ import annotations

import asyncio
import gc
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from asltool.driver.jobs import LATER, Job, Later, ScriptedOutcomes, Work
from asltool.engine.effects import CallTask, Succeeded
from asltool.engine.identity import Identity
from asltool.service.conductor import Conductor
from asltool.service.start import Start
from asltool.service.time import ServiceClock
from asltool.store import open_store
from tests.service.conducting import machine, task

AT_ONCE = 50
MACHINES = {
    "one Pass": (machine({"Type": "Pass"}), 2_000, 1.6),
    "ten tasks": (machine(*(task(f"T{number}") for number in range(10))), 400, 1.25),
}
OPEN, SECONDS = 1_000, 0.5


class Tasks:
    """Answers at once, but for the state ``Open``, which it never answers."""

    def find(self, call: CallTask) -> Work:
        return self._wait if call.state == "Open" else ScriptedOutcomes([Succeeded({"n": 1})])

    async def _wait(self, job: Job) -> Later:
        return LATER


def starting(digest: str, number: int, *, kept: bool = True) -> Start:
    """Return an execution to be started: a STANDARD one, or one of StartSyncExecution, which is not kept."""
    identity = Identity(name=f"e{number}", express=not kept, sync=not kept, run=str(number))
    return Start(identity=identity, machine="m", definition=digest, input='{"order": 7}')


async def begin_and_end(conductor: Conductor, start: Start) -> None:
    await conductor.ended(conductor.start(start).arn)


async def run(definition: dict[str, Any], many: int, *, kept: bool) -> float:
    """Return the CPU an execution, in microseconds."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(folder)
        conductor = Conductor(store, ServiceClock(), [Tasks()])
        digest = store.put_definition(json.dumps(definition))
        began = time.process_time()
        for first in range(0, many, AT_ONCE):
            starts = [starting(digest, number, kept=kept) for number in range(first, first + AT_ONCE)]
            await asyncio.gather(*(begin_and_end(conductor, start) for start in starts))
        spent = time.process_time() - began
        conductor.close()
        store.close()
    return spent / many * 1e6


async def recover() -> float:
    """Return the CPU seconds that it takes to recover open executions."""
    definition = machine(task("A"), task("B"), task("Open"))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        conductor = Conductor(store, ServiceClock(), [Tasks()])
        digest = store.put_definition(json.dumps(definition))
        for number in range(OPEN):
            conductor.start(starting(digest, number))
        for _ in range(20):
            await conductor.committed()
        conductor.close()
        store.close()
        gc.collect()
        began = time.process_time()
        store = open_store(Path(folder))
        conductor = Conductor(store, ServiceClock(), [Tasks()])
        conductor.recover()
        spent = time.process_time() - began
        assert len(store.running()) == OPEN
        assert not any(row.blocked for row in store.running())
        conductor.close()
        store.close()
    return spent


def main() -> None:
    for name, (definition, many, bar) in MACHINES.items():
        times: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(5):
            for kept, found in times.items():
                found.append(asyncio.run(run(definition, many, kept=kept)))
        without, with_store = min(times[False]), min(times[True])
        ratio = with_store / without
        print(f"{name}: {with_store:.0f} us with, {without:.0f} us without: {ratio:.2f}, at most {bar}")
    spent = min(asyncio.run(recover()) for _ in range(3))
    print(f"{OPEN} open executions recovered in {spent:.2f} s of CPU, at most {SECONDS}")


if __name__ == "__main__":
    main()
