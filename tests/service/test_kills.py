"""The short form of `tests.conductor_kills`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conductor_kills import Series


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_nothing_that_was_acknowledged_is_lost_and_nothing_runs_twice(tmp_path: Path) -> None:
    series = Series(tmp_path, seed=3)
    for _ in range(3):
        series.kill()
    series.finish()
    assert series.problems == []
