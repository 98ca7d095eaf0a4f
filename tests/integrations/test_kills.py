"""The short form of `tests.kills`: the command and one of its workers are killed, at items that are known."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.kills import Series


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_map_that_is_killed_and_resumed_has_every_item_once(tmp_path: Path) -> None:
    series = Series(tmp_path, items=60, at_once=1)
    series.order(20, "parent")
    series.order(40, "self")
    assert series.run() == -signal.SIGKILL
    assert series.run() == 2
    assert series.run() == 0
    series.check()
