"""Reading YAML with its places, beside the libraries that read it; and a template, beside the same in JSON.

``python -m tests.bench.sources``
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import yaml

from asltool.syntax.reader import read, read_all
from tests.bench.machines import chain

RUNS = 5
STATES = 2_000
LIMIT = 1.5  # times what PyYAML's C loader takes, which gives no places


def seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def compare(name: str, ours: Callable[[], Any], peer_name: str, peer: Callable[[], Any]) -> float:
    """Time the two in turn, print medians, and return the ratio."""
    pairs = [(seconds(ours), seconds(peer)) for _ in range(RUNS + 1)][1:]
    mine, theirs = (statistics.median(pair[side] for pair in pairs) * 1e3 for side in (0, 1))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:<34} {mine:7.1f} ms   {peer_name:<24} {theirs:7.1f} ms   {ratio:5.2f}x")
    return ratio


def main() -> None:
    definition = chain(STATES)
    in_json, in_yaml = json.dumps(definition, indent=2), yaml.safe_dump(definition, sort_keys=False)
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": in_json}}
    template = json.dumps({"Resources": {"M": machine}})
    print(f"{STATES} states: {len(in_json) // 1000} kB of JSON, {len(in_yaml) // 1000} kB of YAML")
    ratio = compare(
        "YAML",
        lambda: read(in_yaml, "x.yaml"),
        "PyYAML's C loader",
        lambda: yaml.load(in_yaml, Loader=yaml.CSafeLoader),
    )
    compare("YAML", lambda: read(in_yaml, "x.yaml"), "JSON", lambda: read(in_json, "x.json"))
    compare(
        "JSON in a template", lambda: read_all(template, "x.json"), "JSON", lambda: read(in_json, "x.json")
    )
    if ratio > LIMIT:
        raise SystemExit(f"YAML takes {ratio:.2f} times as long as with PyYAML; at most {LIMIT} are allowed")


if __name__ == "__main__":
    main()
