"""Runs DAGs with ``dag.test()``, and reads what is left of them."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

DAGS = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])


class DagRun(NamedTuple):
    """How a run of a DAG went: its state and run ID, those of its tasks, XComs by task and key."""

    state: str
    run_id: str
    tasks: dict[str, str]
    xcoms: dict[tuple[str, str], Any]
    log: str

    def lines(self, *words: str) -> list[str]:
        """Return the lines that operators of asltool have logged, which begin with one of the words."""
        lines = re.findall(r"^\S+ \[\w+ *\] (.*?) +\[[\w.]*\basltool\.", self.log, re.M)
        return [line for line in lines if line.startswith(words)]


@pytest.fixture
def run_dag(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., DagRun]:
    """Return a function that runs the DAG of a file for a day; keywords are environment variables."""

    def run(
        file: str, *, conf: dict[str, Any] | None = None, day: str = "2026-03-01", **variables: Any
    ) -> DagRun:
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        dag = dag_of(DAGS / f"{file}.py")
        capfd.readouterr()
        ended = dag.test(run_conf=conf, logical_date=datetime.fromisoformat(f"{day}T00:00:00+00:00"))
        return read(ended, "".join(capfd.readouterr()))

    return run


def dag_of(file: Path) -> Any:
    """Return the DAG of a Python file, which is imported anew."""
    spec = importlib.util.spec_from_file_location(f"dag_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.dag


def read(ended: Any, log: str) -> DagRun:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.query(XComModel).filter_by(run_id=ended.run_id)
        xcoms = {(each.task_id, each.key): XComModel.deserialize_value(each) for each in found}
    tasks = {each.task_id: str(each.state) for each in ended.get_task_instances()}
    return DagRun(str(ended.state), ended.run_id, tasks, xcoms, log)
