"""``asltool test`` on 500 case files of the ETL sample, beside the same runs in a bare loop.

``python -m tests.bench.case_files``
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import asltool
from tests.bench.validate import user_time

RUNS, FILES = 5, 500

ETL = Path(__file__).parent.parent.parent / "samples" / "etl" / "etl.asl.json"

BUSY = "Glue.ConcurrentRunsExceededException"

INPUT = {"file": "a.csv", "output": "b.json", "throttled_attempts": 0}

CASE = f"""
definition: etl.asl.json
input: {{file: a.csv, output: b.json, throttled_attempts: 0}}
tasks:
  validate-data: {{returns: {{valid: true}}}}
  Glue ETL Job: [{{raises: {BUSY}, times: 2}}, {{returns: {{JobRunState: SUCCEEDED}}}}]
expect: {{output: {{JobRunState: SUCCEEDED}}, calls: {{Glue ETL Job: 3}}}}
"""


def bare_loop() -> float:
    """Return the seconds that the runs take, without files."""
    machine = asltool.load(ETL)
    begun = time.process_time()
    for _ in range(FILES):
        mocks = asltool.Mocks()
        mocks.task("validate-data").returns({"valid": True})
        mocks.task("Glue ETL Job").raises(BUSY, times=2).returns({"JobRunState": "SUCCEEDED"})
        machine.run(INPUT, integrations=[mocks])
    return time.process_time() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ETL, folder)
        for number in range(FILES):
            Path(folder, f"{number}.asltest.yaml").write_text(CASE, encoding="utf-8")
        command = [sys.executable, "-m", "asltool", "test", folder]
        files = user_time(command)
    bare = statistics.median(bare_loop() for _ in range(RUNS))
    print(
        f"{FILES} case files: {files:.2f} s, the same runs in a loop: {bare:.2f} s, ratio {files / bare:.2f}"
    )


if __name__ == "__main__":
    main()
