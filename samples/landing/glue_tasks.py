"""What Glue does in the landing sample: a crawler, and a job on files of the folder that stands for S3."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import asltool

BUCKETS = Path(os.environ.get("BUCKETS", "buckets"))
"""The folder that ``--s3`` names, too."""

tasks = asltool.Tasks()
_crawler = {"Name": "landing", "State": "READY", "LastCrawl": {"Status": "SUCCEEDED"}}


@tasks.handler("arn:aws:states:::aws-sdk:glue:startCrawler")
def start_crawler(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    if _crawler["State"] != "READY":
        raise asltool.TaskFailed("Glue.CrawlerRunningException", "landing has already started")
    _crawler["State"] = "RUNNING"
    return {}


@tasks.handler("arn:aws:states:::aws-sdk:glue:getCrawler")
def get_crawler(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    """Return the crawler as it is; it takes one step each time that it is looked at."""
    found = dict(_crawler)
    _crawler["State"] = {"RUNNING": "STOPPING"}.get(str(_crawler["State"]), "READY")
    return {"Crawler": found}


@tasks.handler("arn:aws:states:::glue:startJobRun.sync")
def clean_orders(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    """Write how many orders have a quantity, and how many do not."""
    arguments = event["Arguments"]
    with open(BUCKETS / arguments["--bucket"] / arguments["--key"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    good = [row for row in rows if row["quantity"].isdigit()]
    result = {"rows": len(good), "rejected": len(rows) - len(good)}
    target = BUCKETS / "results" / arguments["--output"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result), encoding="utf-8")
    return {"JobName": event["JobName"], "JobRunState": "SUCCEEDED"}
