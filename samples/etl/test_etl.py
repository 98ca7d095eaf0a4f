"""The ETL pipeline, its tasks done by the sample's own handlers, but for the one that is to go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from asltool.testing import MachineUnderTest

HERE = Path(__file__).parent
GOOD = json.loads((HERE / "inputs" / "good.json").read_text("utf-8"))


def test_a_job_that_fails_is_told_of(state_machine: Callable[..., MachineUnderTest]) -> None:
    etl = state_machine("etl.asl.json", tasks="tasks.py")
    job = etl.task("Glue ETL Job").raises("States.TaskFailed", "out of memory")
    run = etl.run(GOOD)
    assert run.error == "Etl.JobFailed"
    assert run.state("Validate Data").output["validation"]["valid"]
    assert job.inputs[0]["Arguments"]["--input_file"] == GOOD["file"]


def test_a_machine_of_its_own_clock(state_machine: Callable[..., MachineUnderTest]) -> None:
    etl = state_machine("etl.asl.json", tasks="tasks.py")
    etl.task("Glue ETL Job").throttles(3, "Glue.ConcurrentRunsExceededException").returns({})
    run = etl.run(GOOD)
    assert run.succeeded
    assert 0 < run.waited <= 10 + 20 + 30
