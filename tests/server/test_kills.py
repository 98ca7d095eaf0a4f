"""The short forms of `tests.server_kills` and `tests.event_kills`: kills at random moments under load."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import event_kills
from tests.server_kills import Series


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_server_that_is_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    series = Series(tmp_path, seed=1)
    for _ in range(9):
        series.round(longest=0.3)
    series.finish(120)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_server_that_is_killed_again_and_again_loses_no_event_and_doubles_none(tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    series = event_kills.Series(tmp_path, seed=1)
    for _ in range(3):
        series.round(files=40, longest=0.4)
    series.finish(120)
