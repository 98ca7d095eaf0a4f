"""``python -m tests.airflow``: run what is in ``inside``, in an environment that is made if it is missing.

::

    python -m tests.airflow                      # all, in .venv/airflow
    python -m tests.airflow --env ~/airflow-env  # the same in another folder
    python -m tests.airflow --install            # only make the environment
    python -m tests.airflow -- -k provider       # what follows -- goes to pytest
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.airflow.environment import DEFAULT, install, installed, lock, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.airflow")
    parser.add_argument("--env", type=Path, default=DEFAULT, help="the virtual environment")
    parser.add_argument("--install", action="store_true", help="make the environment, and run nothing")
    parser.add_argument("--lock", action="store_true", help="bring lock.txt up to date, and run nothing")
    parser.add_argument("arguments", nargs="*", help="pytest's, after --")
    given = parser.parse_args()
    if given.lock:
        lock()
        return 0
    if not installed(given.env):
        begun = time.monotonic()
        install(given.env)
        print(f"{given.env} made in {time.monotonic() - begun:.0f} s")
    return 0 if given.install else run(given.env, given.arguments).returncode


if __name__ == "__main__":
    sys.exit(main())
