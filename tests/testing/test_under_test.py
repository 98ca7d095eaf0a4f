"""A machine under test, where its handlers come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from asltool.testing.under_test import MachineUnderTest

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
HANDLER = """
import asltool

tasks = asltool.Tasks()


@tasks.handler("{name}")
def handle(event, context):
    return "{name}"
"""


def task(name: str, **after: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"{FUNCTION}:{name}", "ResultPath": f"$.{name}", **after}


@pytest.mark.parametrize("source", ["one_under_test.py", ".", "one_under_test", "one_under_test:tasks"])
def test_tasks_come_from_a_file_a_folder_or_a_module(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}_under_test.py").write_text(HANDLER.format(name=name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    machine = {"StartAt": "A", "States": {"A": task("one", Next="B"), "B": task("two", End=True)}}
    tested = MachineUnderTest(machine, tasks=source)
    if source != ".":
        tested.task("two").returns("mocked")
    assert tested.run({}).output == {"one": "one", "two": "two" if source == "." else "mocked"}


def test_the_same_run_twice_is_the_same_to_the_last_header() -> None:
    """Also what the SDK adds to a Lambda function's answer: its date is that of the run's own clock."""
    saga = Path(__file__).parent.parent.parent / "samples" / "saga" / "order.asl.json"
    histories = []
    for _ in range(2):
        machine = MachineUnderTest(saga)
        machine.task("*").returns({"reservation": "r", "payment": "p", "tracking": "t"})
        histories.append(machine.run({"id": "o", "lines": [{"quantity": 1, "price": 2}]}).history)
    assert histories[0] == histories[1]
    assert "Thu, 01 Jan 2026 12:00:00 GMT" in str(histories[0])
