"""The work of the ETL sample: the Lambda function, and what the Glue job does, on files beside this one."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from functions import HERE, validate_data

import asltool

tasks = asltool.Tasks()
tasks.register("validate-data", validate_data)


@tasks.handler("arn:aws:states:::glue:startJobRun.sync")
def orders_by_region(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    """Add revenue up by region, and write it to ``out/``; refuse the first ``throttled_attempts`` tries."""
    arguments = event["Arguments"]
    if int(arguments["--attempt"]) < int(arguments["--throttled_attempts"]):
        raise asltool.TaskFailed(
            "Glue.ConcurrentRunsExceededException", f"Concurrent runs exceeded for {event['JobName']}"
        )
    with open(HERE / "data" / arguments["--input_file"], newline="", encoding="utf-8") as file:
        regions = aggregate(csv.DictReader(file))
    target = HERE / "out" / arguments["--output_file"]
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(regions, indent=2) + "\n", encoding="utf-8")
    return {
        "JobName": event["JobName"],
        "JobRunState": "SUCCEEDED",
        "RevenueByRegion": {region["region"]: region["revenue"] for region in regions},
        "TotalRevenue": round(sum(region["revenue"] for region in regions), 2),
    }


def aggregate(rows: csv.DictReader[str]) -> list[dict[str, Any]]:
    """Return orders, items and revenue of each region, the one with most revenue first."""
    orders: defaultdict[str, int] = defaultdict(int)
    items: defaultdict[str, int] = defaultdict(int)
    revenue: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        region, quantity = row["region"], int(row["quantity"])
        orders[region] += 1
        items[region] += quantity
        revenue[region] += quantity * Decimal(row["unit_price"])
    return [
        {
            "region": region,
            "orders": orders[region],
            "items": items[region],
            "revenue": float(revenue[region]),
        }
        for region in sorted(revenue, key=lambda region: (-revenue[region], region))
    ]
