"""The Lambda function of the ETL sample. With this file alone, the Glue job runs where ``--aws`` says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import asltool

HERE = Path(__file__).parent
COLUMNS = ["order_id", "ordered_on", "region", "quantity", "unit_price"]

tasks = asltool.Tasks()


@tasks.handler("validate-data")
def validate_data(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    """Check every row of ``file``: say whether all are good, and what is wrong with the others."""
    with open(HERE / "data" / event["file"], newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != COLUMNS:
            return {"valid": False, "rows": 0, "problems": f"the columns are not {', '.join(COLUMNS)}"}
        problems: list[str] = []
        seen: set[str] = set()
        count = 0
        for count, row in enumerate(rows, 1):
            found = [*problems_of(row), *(["order_id is there twice"] if row["order_id"] in seen else [])]
            seen.add(row["order_id"])
            if found:
                problems.append(f"row {count} ({', '.join(found)})")
    return {"valid": not problems, "rows": count, "problems": "; ".join(problems)}


def problems_of(row: dict[str, str]) -> Iterator[str]:
    if not row["order_id"].isdigit():
        yield "order_id is not a number"
    try:
        date.fromisoformat(row["ordered_on"])
    except ValueError:
        yield "ordered_on is not a date"
    if not row["region"]:
        yield "region is empty"
    if not row["quantity"].isdigit() or int(row["quantity"]) == 0:
        yield "quantity is not a positive number"
    try:
        if Decimal(row["unit_price"]) < 0:
            yield "unit_price is negative"
    except InvalidOperation:
        yield "unit_price is not a number"
