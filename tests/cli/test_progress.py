"""The line that shows how far a map run is."""

from __future__ import annotations

from dataclasses import replace

import click
import pytest

from asltool.cli.progress import ProgressBar, progress_line
from asltool.engine.map_run import MapRun
from tests.driver.test_map_run import PLAN


def map_run(done: int, total: int | None = None, *, failed: int = 0, running: int = 0) -> MapRun:
    run = MapRun(replace(PLAN, tolerated_failure_count=9), "Each", "arn")
    if total is not None:
        run.expect(total, total)
    for index in range(done + running):
        run.begin(1)
        if index < done:
            run.end("FAILED" if index < failed else "SUCCEEDED", 1)
    return run


@pytest.mark.parametrize(
    ("run", "rate", "line"),
    [
        (map_run(0, 4), None, "Each  [........................] 0 of 4"),
        (map_run(1, 4, running=2), 0.5, "Each  [######..................] 1 of 4, 2 running, 0/s, 0:06 left"),
        (
            map_run(3, 4, failed=2),
            2000.0,
            "Each  [##################......] 3 of 4, 2 failed, 2,000/s, 0:00 left",
        ),
        (map_run(7, running=1), 1.0, "Each  7 done, 1 running, 1/s"),
        (map_run(1, 8001), 1.0, "Each  [........................] 1 of 8,001, 1/s, 2:13:20 left"),
    ],
)
def test_what_a_line_says(run: MapRun, rate: float | None, line: str) -> None:
    assert click.unstyle(progress_line(run, rate)) == f"map    {line}"


def test_the_end_says_how_it_went() -> None:
    run = map_run(3, failed=1)
    run.stop("SUCCEEDED", 0)
    line = "map    Each  [########################] 3 of 3, 1 failed, SUCCEEDED"
    assert click.unstyle(progress_line(run, None)) == line


def test_a_terminal_is_written_to_ten_times_a_second_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 0.05, 0.2, 0.21])
    progress = ProgressBar(lambda: next(moments), terminal=True)
    run = map_run(0, 4)
    progress(run)
    run.begin(1)
    run.end("SUCCEEDED", 1)
    progress(run)
    progress(run)
    run.stop("FAILED", 0)
    progress(run)
    shown = click.unstyle(capsys.readouterr().err).split("\r")
    assert shown == [
        "map    Each  [........................] 0 of 4",
        "map    Each  [######..................] 1 of 4, 5/s, 0:01 left",
        "map    Each  [######..................] 1 of 4, FAILED, 5/s, 0:01 left\n",
    ]


def test_elsewhere_only_the_end_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    progress = ProgressBar(lambda: 0.0, terminal=False)
    run = map_run(4, 4)
    progress(run)
    run.stop("SUCCEEDED", 0)
    progress(run)
    progress.clear()
    assert capsys.readouterr().err == "map    Each  [########################] 4 of 4, SUCCEEDED\n"
