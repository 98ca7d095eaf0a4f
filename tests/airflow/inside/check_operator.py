"""`StateMachineOperator` on the worker."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from airflow import plugins_manager
from starlette.testclient import TestClient

from asltool.airflow.naming import execution_name, numbered

Run = Callable[..., Any]


@pytest.fixture
def ship(run_dag: Run, tmp_path: Path) -> Run:
    def ship(plan: str = "", **variables: Any) -> Any:
        conf = {"day": "monday", "folder": str(tmp_path / "state")}
        return run_dag("orders", conf=conf, ASLTOOL_TEST=tmp_path, PLAN=plan, **variables)

    return ship


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text("utf-8").split()


def test_a_machine_gets_xcoms_and_templates_and_gives_its_output(ship: Run, tmp_path: Path) -> None:
    run = ship("busy")
    assert run.tasks == {"fetch": "success", "ship": "success", "bill": "success"}
    assert run.xcoms["ship", "return_value"] == {"items": 3, "day": "monday"}
    assert run.xcoms["bill", "return_value"] == "3 items on monday"
    assert run.lines("enter", "leave", "error", "retry") == [
        "enter  Check",
        "error  Busy: come back later",
        "retry  Check  1 s",
        "leave  Check",
        "enter  Ship",
        "leave  Ship",
        "enter  Big?",
        "leave  Big?",
        "enter  Done",
        "leave  Done",
    ]


@pytest.mark.parametrize(
    ("items", "end"), [(3, '"ended":true,"end":{"status":"Succeeded"'), (12, '"error":"Order.TooBig"')]
)
def test_the_link_of_a_task_leads_to_the_drawing_of_its_run(ship: Run, items: int, end: str) -> None:
    run = ship(ITEMS=items)
    link = urlsplit(run.xcoms["ship", "_link_StateMachineLink"])
    assert link.path == "/asltool/drawing"
    place = {"dag_id": "test_orders", "run_id": run.run_id, "task_id": "ship", "map_index": "-1"}
    assert dict(parse_qsl(link.query)) == place
    page = gzip.decompress(base64.b64decode(run.xcoms["ship", "drawing"])).decode("utf-8")
    assert end in page


def test_airflow_serves_the_page_of_drawings() -> None:
    apps, _ = plugins_manager.get_fastapi_plugins()
    [app] = [each["app"] for each in apps if each["url_prefix"] == "/asltool"]
    assert "xcomEntries/drawing" in TestClient(app).get("/drawing").text


def test_a_retry_begins_where_the_machine_failed(ship: Run, tmp_path: Path) -> None:
    run = ship("no lorry")
    assert run.state == "success"
    assert calls(tmp_path) == ["check", "ship", "ship"]
    assert [line.split(" of ")[1] for line in run.lines("execution manual")] == [
        "order begins",
        "order is redriven",
    ]
    assert run.lines("error", "leave")[:3] == ["leave  Check", "error  LookupError: no lorry", "leave  Ship"]


def test_a_retry_resumes_a_task_that_was_stopped(ship: Run, tmp_path: Path) -> None:
    run = ship("stopped")
    assert run.state == "success"
    assert calls(tmp_path) == ["check", "ship", "ship"]
    assert "was stopped; a retry resumes it" in run.log
    assert len([line for line in run.lines("execution manual") if line.endswith("is resumed")]) == 1


def test_a_retry_begins_anew_after_a_fail_state(ship: Run, tmp_path: Path) -> None:
    run = ship(ITEMS=12)
    assert run.tasks == {"fetch": "success", "ship": "failed", "bill": "upstream_failed"}
    assert calls(tmp_path) == ["check", "ship", "check", "ship"]
    assert run.lines("execution manual")[1].split(" of ")[0].endswith("-2")


def test_a_failure_has_error_cause_state_and_input(ship: Run) -> None:
    assert (
        ship(ITEMS=12).log.count(
            """-2 FAILED
error:  Order.TooBig
cause:  at most 9 items
failed in state "Too big", whose input was
        {"items":12,"day":"monday"}
"""
        )
        == 1
    )


def test_a_retry_of_the_same_run_finds_its_name_and_another_input_does_not() -> None:
    name = execution_name("manual__2026-03-01T12:00:00+00:00", "dag", {"a": 1})
    assert name == execution_name("manual__2026-03-01T12:00:00+00:00", "dag", {"a": 1})
    assert name != execution_name("manual__2026-03-01T12:00:00+00:00", "dag", {"a": True})
    assert name.startswith("manual__2026-03-01T12_00_00+00_00-")


def test_names_have_80_characters_at_most() -> None:
    names = numbered(execution_name("x" * 250))
    first, second = next(names), next(names)
    assert second == f"{first}-2"
    assert len(second) < 80
    assert [len(name) for name in islice(numbered("y" * 80), 3)] == [80, 80, 80]
