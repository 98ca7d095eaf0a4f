"""A state machine on the worker."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, task

from asltool.airflow import StateMachineOperator

with DAG("test_orders") as dag:

    @task
    def fetch() -> int:
        return int(os.environ.get("ITEMS", "3"))

    @task
    def bill(order: dict[str, Any]) -> str:
        return f"{order['items']} items on {order['day']}"

    ship = StateMachineOperator(
        task_id="ship",
        definition="order.asl.json",
        tasks="tasks_of_orders.py",
        input={"items": fetch(), "day": "{{ dag_run.conf['day'] }}"},
        state_dir="{{ dag_run.conf['folder'] }}",
        real_time=False,
        retries=1,
        retry_delay=timedelta(0),
    )
    bill(ship.output)
