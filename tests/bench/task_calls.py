"""How many Python calls and files one Lambda task takes, there and back.

``python -m tests.bench.task_calls [--list]``

Counted with ``sys.setprofile`` in the thread of the run: every call of a Python function whose file is in
asltool (generator steps and lambdas count, C functions and other packages do not), from the first step of the
run on, in a machine with two Lambda tasks one after the other, less one with a single task. So it is a task
and its transition: the engine's events, the driver, the integration, and the way back. What a run costs once
is not in it, nor is the check for handlers before the run.

"the way" is the part without the engine, which decides what the outcome means: from the effect `CallTask` to
`Execution.deliver`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import asltool

PACKAGE = Path(asltool.__file__).parent
RESOURCE = "arn:aws:lambda:us-east-1:123456789012:function:f"
ENGINE = ("engine", "history", "syntax")


def machine(tasks: int) -> asltool.Machine:
    """Return a machine of so many Lambda tasks in a row."""
    states: dict[str, Any] = {
        f"T{number}": {"Type": "Task", "Resource": RESOURCE, "Next": f"T{number + 1}"}
        for number in range(tasks)
    }
    states[f"T{tasks - 1}"] = {"Type": "Task", "Resource": RESOURCE, "End": True}
    return asltool.loads(json.dumps({"StartAt": "T0", "States": states}))


def calls(of: asltool.Machine) -> Counter[tuple[str, str]]:
    """Return how often each function is called in a run, by its file and its name."""
    counted: Counter[tuple[str, str]] = Counter()
    handlers = {"f": lambda event, context: event}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(PACKAGE):
            counted[str(path.relative_to(PACKAGE)), frame.f_code.co_qualname] += 1

    of.run({}, tasks=handlers, seed=0)  # what is imported or compiled when it is first needed
    try:
        of.run({}, tasks=handlers, seed=0, watch=lambda execution, effects: sys.setprofile(note))
    finally:
        sys.setprofile(None)
    return counted


def main() -> None:
    """Print the number of calls and files, in all and without the engine."""
    task = calls(machine(2)) - calls(machine(1))
    way = {key: number for key, number in task.items() if key[0].split("/")[0] not in ENGINE}
    for name, found in (("one Lambda task", task), ("the way", way)):
        print(f"{name:<16} {sum(found.values()):4} calls in {len({file for file, _ in found}):3} files")
    if "--list" in sys.argv:
        for (file, function), number in sorted(task.items()):
            print(f"{number:4}  {file}  {function}")


if __name__ == "__main__":
    main()
