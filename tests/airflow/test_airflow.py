"""What the suite runs with Airflow, in the environment that ``python -m tests.airflow --install`` makes."""

from __future__ import annotations

import pytest

from tests.airflow.environment import DEFAULT, INSIDE, installed, run


@pytest.mark.skipif(not installed(DEFAULT), reason="needs Airflow: python -m tests.airflow --install")
def test_dags_with_the_operator_run() -> None:
    assert run(DEFAULT, [str(INSIDE / "check_operator.py")]).returncode == 0
