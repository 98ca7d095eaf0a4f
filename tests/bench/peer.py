"""asltool beside the npm package aws-local-stepfunctions, and beside itself with ten times the work.

``python -m tests.bench.peer`` needs node and npm, and installs the package into a folder of its own.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asltool
from asltool.engine import Execution, Identity, Program
from tests.bench.machines import JSONATA_LOOP, LOOP, MAP, RETRIES, YEAR, chain

RUNS = 5

PEER = "aws-local-stepfunctions@3"

SCRIPT = """
const { StateMachine } = require('aws-local-stepfunctions');
const cases = JSON.parse(require('fs').readFileSync(0));
async function once(machine, input) {
  const begin = process.hrtime.bigint();
  const run = machine.run(input);
  const events = [];
  const logs = (async () => { for await (const event of run.eventLogs) events.push(event); })();
  await run.result;
  await logs;
  return Number(process.hrtime.bigint() - begin) / 1e9;
}
(async () => {
  const medians = [];
  for (const { definition, input } of cases) {
    const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
    await once(machine, input);
    const times = [];
    for (let i = 0; i < RUNS; i++) times.push(await once(machine, input));
    medians.push(times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]);
  }
  console.log(JSON.stringify(medians));
})();
""".replace("RUNS", str(RUNS))


def items(many: int) -> dict[str, Any]:
    return {"items": [{"id": i, "x": "y"} for i in range(many)]}


CASES: list[tuple[str, int, dict[str, Any], Any]] = [
    ("loop of 1,000 turns", 2_001, LOOP, {"i": 0, "limit": 1_000}),
    ("chain of 200 Pass states", 201, chain(200), {"order": {"id": 7}}),
    ("inline Map of 1,000 items", 1_000, MAP, items(1_000)),
]


def run(program: Program, value: Any) -> Execution:
    execution = Execution(program, value, Identity(name="bench"), limits=False)
    execution.start(0.0)
    assert execution.status == "SUCCEEDED", execution.cause
    return execution


def median(work: Callable[[], object]) -> float:
    """Return the median of several runs after one that does not count, in seconds."""
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def ours(definition: dict[str, Any], value: Any) -> float:
    program = asltool.load(definition).program
    return median(lambda: run(program, value))


def memory(definition: dict[str, Any], value: Any) -> int:
    """Return how many bytes a finished execution holds, its history included."""
    program = asltool.load(definition).program
    tracemalloc.start()
    execution = run(program, value)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert execution.records
    return size


def theirs() -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, PEER], check=True)
        script = Path(folder, "bench.js")
        script.write_text(SCRIPT, encoding="utf-8")
        cases = json.dumps([{"definition": definition, "input": value} for _, _, definition, value in CASES])
        done = subprocess.run(["node", str(script)], input=cases, capture_output=True, text=True, check=True)
    medians: list[float] = json.loads(done.stdout)
    return medians


def beside_the_peer() -> None:
    for (name, count, definition, value), other in zip(CASES, theirs(), strict=True):
        mine = ours(definition, value)
        each, peers = mine / count * 1e6, other / count * 1e6
        print(f"{name:<28} {each:6.2f} us each   peer {peers:6.1f} us   {other / mine:5.1f}x")


def ten_times_the_work() -> None:
    sizes: list[tuple[str, dict[str, Any], Any, Any]] = [
        ("loop", LOOP, {"i": 0, "limit": 1_000}, {"i": 0, "limit": 10_000}),
        ("JSONata loop", JSONATA_LOOP, {"i": 0, "limit": 500}, {"i": 0, "limit": 5_000}),
        ("Map", MAP, items(1_000), items(10_000)),
    ]
    for name, definition, small, large in sizes:
        growth = ours(definition, large) / ours(definition, small)
        space = memory(definition, large) / memory(definition, small)
        print(f"{name:<28} ten times the work: {growth:5.1f}x the time, {space:5.1f}x the memory")


def waits_and_retries() -> None:
    tasks = asltool.Tasks()

    @tasks.handler("*")
    def refuse(event: Any, context: asltool.TaskContext) -> Any:
        if context.attempt < 1_000:
            raise asltool.TaskFailed("Busy", "later")
        return event

    for name, definition in (("a year of waits", YEAR), ("1,000 retries", RETRIES)):
        machine = asltool.load(definition)
        seconds = median(lambda machine=machine: machine.run({"i": 0}, tasks=tasks).result())  # type: ignore[misc]
        print(f"{name:<28} {seconds * 1e3:7.1f} ms")


def main() -> None:
    if shutil.which("npm"):
        beside_the_peer()
    else:
        print("node and npm are not there: no figures of the peer")
    each = ours(JSONATA_LOOP, {"i": 0, "limit": 500}) / 1_001 * 1e6
    print(f"{'JSONata loop of 500 turns':<28} {each:6.2f} us each")
    ten_times_the_work()
    waits_and_retries()


if __name__ == "__main__":
    main()
