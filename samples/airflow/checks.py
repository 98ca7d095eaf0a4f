"""The task handler of ``validate.asl.json``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import asltool

tasks = asltool.Tasks()


@tasks.handler("check-order")
def check_order(order: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    """Return what is wrong with an order, and what it is worth."""
    problems = list(problems_of(order))
    total = 0 if problems else order["quantity"] * order["unit_price"]
    return {"id": order["id"], "problems": problems, "total": total}


def problems_of(order: dict[str, Any]) -> Iterator[str]:
    if order["customer"] is None:
        yield f"customer {order['customer_id']} is unknown"
    if order["quantity"] < 1:
        yield f"{order['quantity']} items"
