"""Validating and drawing large definitions: four times as much takes at most six times as long.

``python -m tests.bench.large`` prints user time and peak memory of processes. One that grows with the square
would take sixteen times as much.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIMIT = 6.0

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def line(count: int, state: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    states: dict[str, Any] = {f"S{at}": {**state(at), "Next": f"S{at + 1}"} for at in range(count)}
    return {"StartAt": "S0", "States": {**states, f"S{count}": {"Type": "Succeed"}}}


def variables(count: int) -> dict[str, Any]:
    return line(count, lambda at: {"Type": "Task", "Resource": FUNCTION, "Assign": {f"v{at}.$": "$"}})


def fields(count: int) -> dict[str, Any]:
    wrong = {f"Resutl{at}": 1 for at in range(count)}
    return {"StartAt": "A", "States": {"A": {"Type": "Pass", **wrong, "End": True}}}


def targets(count: int) -> dict[str, Any]:
    states = line(count, lambda at: {"Type": "Pass"})
    for at in range(count):
        states["States"][f"S{at}"]["Next"] = f"Z{at}x"
    return states


def long_line(count: int) -> dict[str, Any]:
    return line(count, lambda at: {"Type": "Pass", "Parameters": {"id.$": "$.id", "text": "x" * 60}})


def choices(count: int) -> dict[str, Any]:
    def state(at: int) -> dict[str, Any]:
        ways = [(at * 7 + way * 13) % count for way in range(20)]
        rules = [{"Variable": "$.x", "NumericEquals": way, "Next": f"S{way}"} for way in ways]
        return {"Type": "Choice", "Choices": rules, "Default": f"S{count}"}

    states: dict[str, Any] = {f"S{at}": state(at) for at in range(count)}
    return {"StartAt": "S0", "States": {**states, f"S{count}": {"Type": "Succeed"}}}


VALIDATE = ("validate",)
DRAW = ("render", "-o", "FOLDER/x.dot")

INPUTS = {
    "variables": (variables, 2_500, VALIDATE),
    "misspelt fields": (fields, 1_250, VALIDATE),
    "missing targets": (targets, 2_500, VALIDATE),
    "one long line": (long_line, 15_000, VALIDATE),
    "drawn Choices": (choices, 500, DRAW),
}


def cost(text: str, arguments: tuple[str, ...] = VALIDATE) -> tuple[float, float]:
    """Return the seconds and mebibytes that a command takes on a definition."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "m.asl.json")
        path.write_text(text, encoding="utf-8")
        options = [each.replace("FOLDER", folder) for each in arguments]
        command = [sys.executable, "-m", "asltool", *options, str(path)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{arguments[0]} ended with {process.returncode}")
    return usage.ru_utime, usage.ru_maxrss / 1024


def main() -> None:
    seconds, memory = cost(json.dumps(variables(1)))
    steep = []
    for name, (make, count, arguments) in INPUTS.items():
        one, four = (cost(json.dumps(make(size)), arguments) for size in (count, 4 * count))
        slower, larger = (four[0] - seconds) / (one[0] - seconds), (four[1] - memory) / (one[1] - memory)
        print(
            f"{name:<16} {count:>6,}: {one[0]:5.2f} s {one[1]:5.0f} MiB   {4 * count:>6,}: {four[0]:5.2f} s "
            f"{four[1]:5.0f} MiB   {slower:4.1f}x {larger:4.1f}x"
        )
        steep += [name] if max(slower, larger) > LIMIT else []
    if steep:
        raise SystemExit(f"more than {LIMIT} times as much for four times the definition: {', '.join(steep)}")


if __name__ == "__main__":
    main()
