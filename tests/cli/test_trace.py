"""What a run shows as it goes: every kind of failure on a line of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from asltool.cli import main

REFUSE = {
    "StartAt": "Refuse",
    "States": {"Refuse": {"Type": "Fail", "Error": "Order.Bad", "Cause": "no stock"}},
}
DISTRIBUTED = {**REFUSE, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
CAUGHT = {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]}
RETRIED = {
    "Retry": [
        {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 2, "JitterStrategy": "NONE"}
    ]
}


THRESHOLD = "States.ExceedToleratedFailureThreshold"

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a Parallel": (
        {"Type": "Parallel", "Branches": [REFUSE]},
        ["enter  S", "enter  Refuse", "error  Parallel state failed"],
    ),
    "a Parallel, caught": (
        {"Type": "Parallel", "Branches": [REFUSE], **CAUGHT},
        [
            "enter  S",
            "enter  Refuse",
            "error  Parallel state failed",
            "leave  S",
            "enter  Caught",
            "leave  Caught",
        ],
    ),
    "a Map, retried": (
        {"Type": "Map", "ItemProcessor": REFUSE, **RETRIED},
        [
            "enter  S",
            "enter  Refuse",
            "error  iteration 0 of S failed",
            "retry  S  2 s, skipped",
            "enter  Refuse",
            "error  iteration 0 of S failed",
            "error  Map state failed",
        ],
    ),
    "a distributed Map": (
        {"Type": "Map", "ItemProcessor": DISTRIBUTED},
        [
            "enter  S",
            "map    S  [########################] 1 of 1, 1 failed, FAILED",
            '       1 of 1 child executions of Map state "S" failed:',
            '         input 1, state "Refuse": Order.Bad: no stock',
            f"error  {THRESHOLD}  The specified tolerated failure threshold was exceeded",
            "error  Map state failed",
        ],
    ),
    "an expression": (
        {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $error('x') %}"},
        [
            "enter  S",
            "error  States.QueryEvaluationError  An error occurred while executing the state 'S' (entered at "
            "the event id #2). The JSONata expression '$error('x')' specified for the field 'Output' threw "
            "an error",
        ],
    ),
}


@pytest.mark.parametrize(("state", "lines"), CASES.values(), ids=CASES)
def test_each_kind_of_failure(state: dict[str, Any], lines: list[str], tmp_path: Path) -> None:
    states = {"S": {**state, "End": True}}
    if "Catch" in state:
        states["Caught"] = {"Type": "Succeed"}
    (tmp_path / "m.asl.json").write_text(json.dumps({"StartAt": "S", "States": states}))
    result = CliRunner().invoke(main, ["run", str(tmp_path / "m.asl.json"), "--progress", "--input", "[1]"])
    assert result.exit_code == (0 if "Catch" in state else 1)
    shown = [re.sub(r", [\d,]+/s$| during evaluation.*", "", line) for line in result.stderr.splitlines()]
    assert shown[: len(lines)] == lines
