"""What Redshift does in the export sample: a statement is done the second time that it is looked at."""

from __future__ import annotations

from typing import Any

import asltool

tasks = asltool.Tasks()
_looked: dict[str, int] = {}


@tasks.handler("arn:aws:states:::aws-sdk:redshiftdata:executeStatement")
def execute_statement(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    print(event["Sql"])
    statement = f"statement-{len(_looked) + 1}"
    _looked[statement] = 0
    return {"Id": statement, "Database": event["Database"]}


@tasks.handler("arn:aws:states:::aws-sdk:redshiftdata:describeStatement")
def describe_statement(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    _looked[event["Id"]] += 1
    if _looked[event["Id"]] == 1:
        return {"Id": event["Id"], "Status": "STARTED"}
    return {"Id": event["Id"], "Status": "FINISHED", "ResultRows": 1234}
