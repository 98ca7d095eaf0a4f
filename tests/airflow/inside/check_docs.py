"""The DAGs of docs/airflow.md, with its state machine and its task handlers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from asltool.integrations.tasks_file import load_tasks
from asltool.testing import TestServer, server
from tests.airflow.inside.runs import DAGS

Run = Callable[..., Any]


@pytest.fixture
def served() -> Iterator[TestServer]:
    with server(
        str(DAGS / "docs/order.asl.json"), tasks=load_tasks(str(DAGS / "docs/handlers.py"))
    ) as running:
        yield running


def test_a_machine_as_a_task(run_dag: Run) -> None:
    run = run_dag("docs/orders")
    assert run.xcoms["ship", "return_value"] == "order 7 has left on 2026-03-01"
    assert (Path(os.environ["AIRFLOW_HOME"]) / "asltool/asltool.db").exists()


def test_on_a_server(run_dag: Run, served: TestServer) -> None:
    run = run_dag("docs/orders_on_a_server", AIRFLOW_CONN_ASLTOOL_DEFAULT=served.url)
    assert run.xcoms["ship", "return_value"] == "order 8 has left on 2026-03-01"
    assert run.xcoms["wait", "return_value"] == "order 9 has left on monday"


@pytest.mark.parametrize("alone", [False, True])
def test_with_the_provider(run_dag: Run, served: TestServer, alone: bool) -> None:
    there = {"endpoint_url": served.url}
    connection = {
        "conn_type": "aws",
        "login": "123456789012",
        "password": "any",
        "extra": {
            "region_name": "us-east-1",
            **({"service_config": {"stepfunctions": there}} if alone else there),
        },
    }
    run = run_dag("docs/orders_with_the_provider", AIRFLOW_CONN_AWS_DEFAULT=json.dumps(connection))
    assert run.tasks == {"start": "success", "wait": "success", "output": "success"}
    assert run.xcoms["wait", "output"] == run.xcoms["output", "return_value"]
    assert run.xcoms["output", "return_value"] == "order 7 has left on monday"
