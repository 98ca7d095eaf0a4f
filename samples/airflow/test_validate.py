"""The machine that checks the orders of a day, with its own task handler. Airflow is not needed for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asltool.testing import MachineUnderTest

GOOD = {"id": 1, "customer_id": 7, "customer": "Ada", "quantity": 2, "unit_price": 4.5}
DAY = {"bucket": "orders", "key": "day.jsonl"}


def stored(folder: Path, *orders: dict[str, Any]) -> str:
    (folder / "orders").mkdir()
    (folder / "orders" / "day.jsonl").write_text("\n".join(map(json.dumps, orders)), "utf-8")
    return str(folder)


def test_a_good_day(state_machine: Callable[..., MachineUnderTest], tmp_path: Path) -> None:
    validate = state_machine("validate.asl.json", tasks="checks.py")
    run = validate.run(DAY, s3=stored(tmp_path, GOOD, {**GOOD, "id": 2}))
    assert run.output == {"orders": 2, "total": 18}


def test_a_day_with_a_wrong_order(state_machine: Callable[..., MachineUnderTest], tmp_path: Path) -> None:
    validate = state_machine("validate.asl.json", tasks="checks.py")
    wrong = {**GOOD, "id": 2, "customer_id": 9, "customer": None, "quantity": 0}
    run = validate.run(DAY, s3=stored(tmp_path, GOOD, wrong))
    assert (run.error, run.cause) == ("Orders.Rejected", "order 2: customer 9 is unknown, 0 items")
