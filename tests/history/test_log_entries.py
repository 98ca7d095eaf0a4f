"""Entries of execution logs, as the service was recorded sending them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.cases import observe, read_cases
from tests.conformance.report import SHARED, load_referee

CASES = [case for case in read_cases(SHARED) if "logs" in case.get("expected", {})] if SHARED.is_dir() else []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not there")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"].rpartition("::")[2])
def test_entries_are_those_that_were_recorded(case: dict[str, Any]) -> None:
    expected, found = case["expected"]["logs"], observe(case)["logs"]
    if case["expected"].get("logsAreLastEventOnly"):
        found = found[-1:]
    assert load_referee(SHARED).compare_value(expected, found, {}) == []
