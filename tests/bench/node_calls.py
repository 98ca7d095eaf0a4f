"""What a call of a JavaScript function takes more than one of a Python function in the same run.

``python -m tests.bench.node_calls [CALLS]``

A machine calls a function once for each item of a Map, one after the other. Python and JavaScript take turns;
the fastest run of each counts. The first call, which starts ``node``, is not in it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import asltool

ROUNDS = 5
FUNCTION = Path(__file__).parent.parent / "cases" / "integrations" / "javascript" / "module.mjs"
TASK = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
EVERY = {
    "Type": "Map",
    "MaxConcurrency": 1,
    "ItemProcessor": {"StartAt": "Call", "States": {"Call": TASK}},
    "End": True,
}


def main() -> None:
    """Print milliseconds per call, and the difference."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    machine = asltool.loads(json.dumps({"StartAt": "All", "States": {"All": EVERY}}))
    node = asltool.NodeFunction(FUNCTION, "echo")
    doers: dict[str, Any] = {"Python": lambda event, context: event, "JavaScript": node}
    items = [{"order": number} for number in range(calls)]
    best = dict.fromkeys(doers, float("inf"))
    for _ in range(ROUNDS):
        for name, doer in doers.items():
            machine.run(items[:1], tasks={"f": doer})
            begun = time.perf_counter()
            assert machine.run(items, tasks={"f": doer}, limits=False).output == items
            best[name] = min(best[name], time.perf_counter() - begun)
    python, javascript = (best[name] / calls * 1000 for name in doers)
    print(f"{calls} calls: Python {python:.3f} ms each, JavaScript {javascript:.3f} ms each")
    print(f"more for JavaScript: {javascript - python:.3f} ms each ({javascript / python:.1f} times as long)")


if __name__ == "__main__":
    main()
