"""Executions recorded from the service, replayed from their own histories."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from asltool.driver.workers import Workers
from asltool.errors import HistoryError, MockError, NoHandler
from asltool.expr.values import dumps
from asltool.integrations.replay import Replay
from tests.conformance.cases import observe, read_cases
from tests.conformance.report import SHARED, differences, load_referee

REPLAYED = {False: 348, True: 361}
"""How many end as they ended on the service, by whether they are replayed loosely.

Strictly, a placeholder that stands for a value in a recorded input is a difference.
"""

_TEXTS = ("cause", "input", "output", "parameters")


def cases() -> Iterator[dict[str, Any]]:
    for case in read_cases(SHARED):
        whole = case["kind"] == "execution" and case.get("ordering") == "total"
        needs_more = {"map-distributed", "sync-execution"} & set(case["needs"])
        if whole and not needs_more and case["expected"]["status"] != "RUNNING":
            yield case


def history(case: dict[str, Any]) -> str:
    """Return the history as the AWS CLI prints it: payloads are strings, which the recording has parsed."""
    events = [
        {key: _details(value) if isinstance(value, dict) else value for key, value in event.items()}
        for event in case["expected"]["history"]
    ]
    return json.dumps({"events": events})


def _details(details: dict[str, Any]) -> dict[str, Any]:
    printed = {name: _text(value) if name in _TEXTS else value for name, value in details.items()}
    if assigned := details.get("assignedVariables"):
        printed["assignedVariables"] = {name: _text(value) for name, value in assigned.items()}
    return printed


def _text(value: Any) -> str:
    return value if isinstance(value, str) else dumps(value)


def ends_alike(case: dict[str, Any], loosely: bool, referee: Any) -> bool:
    try:
        with Workers(Replay.loads(history(case), loosely=loosely), max_workers=1) as workers:
            found = differences(case, observe(case, workers), referee)
    except (HistoryError, MockError, NoHandler):
        return False
    return not (found["status"] or found["result"])


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not there")
@pytest.mark.parametrize("loosely", [False, True])
def test_a_history_replayed_ends_as_it_ended(loosely: bool) -> None:
    referee = load_referee(SHARED)
    alike = [ends_alike(case, loosely, referee) for case in cases()]
    assert len(alike) == 361
    assert sum(alike) >= REPLAYED[loosely]
