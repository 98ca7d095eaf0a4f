"""The machine of the page about running, its handlers, and two versions of another."""

from __future__ import annotations

import json

from asltool.integrations.tasks_file import load_tasks
from tests.docs.setup.world import copy_files_of, write

copy_files_of("docs/run.md")
tasks = load_tasks("tasks.py")


def version(attempts: int, least: int, **more: object) -> str:
    """Return a definition whose charges are tried so often, from so large a total on."""
    charge = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "charge"},
        "Retry": [{"ErrorEquals": ["Payment.Busy"], "MaxAttempts": attempts}],
        "End": True,
    }
    refund = {**charge, "Parameters": {"FunctionName": "refund"}}
    rule = {"Variable": "$.total", "NumericGreaterThan": least, "Next": "Charge"}
    states = {
        "Charge": {**charge, **more},
        "Big enough?": {"Type": "Choice", "Choices": [rule], "Default": "Skip"},
        "Skip": {"Type": "Succeed"},
        **({"Refund": refund} if more else {}),
    }
    return json.dumps({"StartAt": "Big enough?", "States": states})


write("old.asl.json", version(3, 100))
write("new.asl.json", version(5, 500, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Refund"}]))
