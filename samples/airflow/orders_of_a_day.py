"""The orders of a day, from an HTTP API, joined with a database, and checked by a state machine.

It needs two connections: ``shop_api``, the HTTP API, and ``warehouse``, an SQLite or PostgreSQL database with
a table ``customers (id, name)``. The variable ORDERS_S3 is the folder in place of S3.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import DAG, BaseHook, task

from asltool.airflow import StateMachineOperator

S3 = Path(os.environ.get("ORDERS_S3", "s3"))

with DAG("orders_of_a_day", schedule="@daily", start_date=datetime(2026, 3, 1), catchup=False) as dag:

    @task(retries=2, retry_delay=timedelta(seconds=10))
    def fetch(ds: str | None = None) -> list[dict[str, Any]]:
        """Return the orders of the day from the API."""
        found: list[dict[str, Any]] = (
            HttpHook("GET", http_conn_id="shop_api").run("orders", {"day": ds}).json()
        )
        return found

    @task
    def join(orders: list[dict[str, Any]], ds: str | None = None) -> dict[str, str]:
        """Write the orders with the names of their customers to the bucket ``orders``, one a line."""
        names = dict(BaseHook.get_hook("warehouse").get_records("SELECT id, name FROM customers"))
        joined = ({**order, "customer": names.get(order["customer_id"])} for order in orders)
        target = S3 / "orders" / f"{ds}.jsonl"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(f"{json.dumps(order)}\n" for order in joined), "utf-8")
        return {"bucket": "orders", "key": target.name}

    @task
    def report(checked: dict[str, Any]) -> str:
        return f"{checked['orders']} orders, {checked['total']} in total"

    validate = StateMachineOperator(
        task_id="validate",
        definition="validate.asl.json",
        tasks="checks.py",
        input=join(fetch()),
        s3=str(S3),
    )
    report(validate.output)
