"""An import of two orders, and its buckets."""

from __future__ import annotations

import json

import asltool
from tests.docs.setup.world import write

DEFINITION = {
    "StartAt": "Each order",
    "States": {
        "Each order": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Parameters": {"Bucket": "raw", "Key": "orders/2025.csv"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Import",
                "States": {
                    "Import": {
                        "Type": "Task",
                        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:import-order",
                        "End": True,
                    }
                },
            },
            "End": True,
        }
    },
}

write("import.asl.json", json.dumps(DEFINITION))
write("buckets/raw/orders/2025.csv", "id,total\n1,7\n2,15\n")
write(
    "tasks.py",
    """import asltool

tasks = asltool.Tasks()


@tasks.handler("import-order")
def import_order(event, context):
    return event["id"]
""",
)

tasks = asltool.Tasks()


@tasks.handler("import-order")
def import_order(event: dict[str, str], context: asltool.TaskContext) -> str:
    raise asltool.TaskFailed("Order.Unknown", event["id"])


machine = asltool.load("import.asl.json")
