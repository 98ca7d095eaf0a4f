"""What Batch and SNS do in the report sample: the job fails, and the notification is printed."""

from __future__ import annotations

from typing import Any

import asltool

tasks = asltool.Tasks()


@tasks.handler("arn:aws:states:::batch:submitJob.sync")
def make_report(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    raise asltool.TaskFailed("States.TaskFailed", f"{event['JobName']}: host terminated")


@tasks.handler("arn:aws:states:::sns:publish")
def notify(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    print(event["Message"])
    return {"MessageId": "1"}
