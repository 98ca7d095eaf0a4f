"""``python -m tests.engine.cuts [MACHINES]``: random machines, cut at a random effect and finished elsewhere.

Each is run whole, and once up to a random step; another process loads the dump and finishes it. The two
histories have to be the same, byte for byte.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from typing import Any

from asltool.engine import CallTask, Execution, Identity, StartMapRun
from asltool.machine import loads
from tests.engine.scripted import NOON
from tests.engine.test_properties import LEAVES, carry, machine, outcome

Waiting = list[CallTask | StartMapRun]


def finish(dumped: str) -> str:
    """Continue a dump to its end; return the history as text."""
    execution = Execution.load(json.loads(dumped))
    steps(execution, carry([], execution.outstanding()), sys.maxsize)
    return json.dumps(execution.history)


def steps(execution: Execution, waiting: Waiting, most: int) -> int:
    """Take so many steps, or as many as there are; return how many were taken."""
    for taken in range(most):
        if execution.status != "RUNNING":
            return taken
        answered = next((call for call in waiting if outcome(call) is not None), None)
        if answered is None:
            assert execution.wake_at is not None
            waiting = carry(waiting, execution.advance(execution.wake_at))
        else:
            told = outcome(answered)
            assert told is not None
            waiting.remove(answered)
            waiting = carry(waiting, execution.deliver(answered.task_id, told, execution.now))
    return most


def plan(chance: random.Random, depth: int = 0) -> list[dict[str, Any]]:
    """Draw a line of states, some with lines of their own."""
    return [step(chance, depth) for _ in range(chance.randint(1, 4 - depth))]


def step(chance: random.Random, depth: int) -> dict[str, Any]:
    if depth == 2 or chance.random() < 0.6:
        return chance.choice(LEAVES)
    if chance.random() < 0.5:
        return {"Type": "Parallel", "lines": [plan(chance, depth + 1) for _ in range(chance.randint(1, 3))]}
    return {"Type": "Map", "lines": [plan(chance, depth + 1)], "MaxConcurrency": chance.randint(0, 3)}


def main(many: int) -> None:
    """Print how many were the same; exit with 1 if one was not."""
    chance, different = random.Random(7), 0
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), max_tasks_per_child=25) as pool:
        for _ in range(many):
            program = loads(json.dumps(machine(plan(chance), count()))).program
            whole = Execution(program, {}, Identity(name="case"), seed=7)
            taken = steps(whole, carry([], whole.start(NOON)), sys.maxsize)
            cut = Execution(program, {}, Identity(name="case"), seed=7)
            steps(cut, carry([], cut.start(NOON)), chance.randint(0, taken))
            found = pool.submit(finish, json.dumps(cut.dump())).result()
            different += found != json.dumps(whole.history)
    print(f"{many - different} of {many} machines gave the same history in another process")
    sys.exit(different > 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
