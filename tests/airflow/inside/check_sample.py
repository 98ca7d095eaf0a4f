"""The DAG of samples/airflow, with an HTTP API and databases on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

ORDERS: dict[str, list[dict[str, Any]]] = {
    "2026-03-01": [{"id": 1, "customer_id": 7, "quantity": 2, "unit_price": 4.5}],
    "2026-03-02": [
        {"id": 1, "customer_id": 7, "quantity": 2, "unit_price": 4.5},
        {"id": 2, "customer_id": 9, "quantity": 0, "unit_price": 1},
    ],
}
CUSTOMERS = "CREATE TABLE customers (id integer, name text)", "INSERT INTO customers VALUES (7, 'Ada')"


class Api(BaseHTTPRequestHandler):
    """The orders of a day: ``GET /orders?day=2026-03-01``."""

    def do_GET(self) -> None:
        [day] = parse_qs(urlsplit(self.path).query)["day"]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(ORDERS[day]).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(params=["sqlite", "postgresql"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the connection of a database with customers."""
    if request.param == "sqlite":
        file = tmp_path / "warehouse.db"
        with closing(sqlite3.connect(file)) as database:
            for statement in CUSTOMERS:
                database.execute(statement)
            database.commit()
        yield json.dumps({"conn_type": "sqlite", "host": str(file)})
    else:
        yield from postgresql()


def postgresql() -> Iterator[str]:
    if shutil.which("initdb") is None:
        pytest.skip("needs PostgreSQL: initdb is not on the path")
    # PostgreSQL does not run as root.
    user: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        if user:
            shutil.chown(folder, "postgres")
        how = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        control = ["pg_ctl", "-D", f"{folder}/data", "-w", "-s"]

        def run(*command: str) -> None:
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **user)

        run("initdb", "-D", f"{folder}/data", "-U", "airflow", "--auth=trust", "--no-sync")
        run(*control, "-o", how, "-l", f"{folder}/log", "start")
        try:
            where = {"host": "127.0.0.1", "port": port, "login": "airflow"}
            for statement in CUSTOMERS:
                run(
                    "psql",
                    "-q",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(port),
                    "-U",
                    "airflow",
                    "-c",
                    statement,
                    "postgres",
                )
            yield json.dumps({"conn_type": "postgres", "schema": "postgres", **where})
        finally:
            run(*control, "-m", "immediate", "stop")


@pytest.fixture
def run_day(run_dag: Callable[..., Any], api: str, warehouse: str, tmp_path: Path) -> Callable[[str], Any]:
    def run(day: str) -> Any:
        return run_dag(
            "sample/orders_of_a_day",
            day=day,
            AIRFLOW_CONN_SHOP_API=api,
            AIRFLOW_CONN_WAREHOUSE=warehouse,
            ORDERS_S3=tmp_path / "s3",
        )

    return run


def test_a_day(run_day: Callable[[str], Any], tmp_path: Path) -> None:
    run = run_day("2026-03-01")
    assert set(run.tasks.values()) == {"success"}
    stored = (tmp_path / "s3/orders/2026-03-01.jsonl").read_text("utf-8")
    assert json.loads(stored) == {**ORDERS["2026-03-01"][0], "customer": "Ada"}
    assert run.xcoms["report", "return_value"] == "1 orders, 9 in total"
    rejected = run_day("2026-03-02")
    assert rejected.tasks["validate"] == "failed"
    assert "error:  Orders.Rejected\ncause:  order 2: customer 9 is unknown, 0 items\n" in rejected.log
