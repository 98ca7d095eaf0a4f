"""EventBridge and Scheduler, asked by the AWS CLI; prints what it saw as JSON. See ``aws_session.py``."""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from awscli.clidriver import create_clidriver

given = json.load(sys.stdin)
driver = create_clidriver()


def aws(*words: str) -> Any:
    """Run ``aws``, and return its output, or the name of the error."""
    out, error = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(error):
        status = driver.main(list(words))
    if status:
        refusal = re.search(r"An error occurred \((\w+)\)", error.getvalue())
        assert refusal is not None, error.getvalue()
        return refusal[1]
    return json.loads(out.getvalue() or "null")


machine = given["machine"]
seen: dict[str, Any] = {}

aws("events", "create-event-bus", "--name", "orders", "--tags", "Key=team,Value=data")
bus = ("--event-bus-name", "orders")
rule = aws(
    *("events", "put-rule", "--name", "placed", *bus, "--event-pattern", '{"source": ["app"]}'),
    *("--tags", "Key=team,Value=data"),
)["RuleArn"]
target = {"Id": "t", "Arn": machine, "InputPath": "$.detail"}
aws("events", "put-targets", "--rule", "placed", *bus, "--targets", json.dumps([target]))
entry = {"Source": "app", "DetailType": "Placed", "Detail": '{"id": 7}', "EventBusName": "orders"}
seen["put"] = aws("events", "put-events", "--entries", json.dumps([entry]))["FailedEntryCount"]
seen["targets"] = aws("events", "list-targets-by-rule", "--rule", "placed", *bus)["Targets"] == [target]
seen["tags"] = aws("events", "list-tags-for-resource", "--resource-arn", rule)["Tags"]
aws("events", "untag-resource", "--resource-arn", rule, "--tag-keys", "team")
seen["untagged"] = aws("events", "list-tags-for-resource", "--resource-arn", rule)["Tags"]
aws("events", "disable-rule", "--name", "placed", *bus)
seen["state"] = aws("events", "describe-rule", "--name", "placed", *bus)["State"]
seen["refused"] = [
    aws("events", "delete-rule", "--name", "placed", *bus),
    aws("events", "put-rule", "--name", "bad", "--event-pattern", '{"source": 1}'),
]
aws("events", "remove-targets", "--rule", "placed", *bus, "--ids", "t")
aws("events", "delete-rule", "--name", "placed", *bus)
aws("events", "delete-event-bus", "--name", "orders")
buses = aws("events", "list-event-buses")["EventBuses"]
seen["left"] = [[each["Name"] for each in buses], aws("events", "list-rules")["Rules"]]
event = {"id": "1", "account": "1", "source": "app", "time": "t", "region": "r", "resources": []}
seen["matches"] = aws(
    *("events", "test-event-pattern", "--event-pattern", '{"source": ["app"]}'),
    *("--event", json.dumps({**event, "detail-type": "x"})),
)["Result"]

group = aws("scheduler", "create-schedule-group", "--name", "g", "--tags", "Key=a,Value=b")[
    "ScheduleGroupArn"
]
seen["group"] = aws("scheduler", "list-tags-for-resource", "--resource-arn", group)["Tags"]
once = ("--name", "once", "--group-name", "g")
about = (
    *("--flexible-time-window", "Mode=OFF"),
    *("--target", json.dumps({"Arn": machine, "RoleArn": given["role"], "Input": '{"id": 8}'})),
)
aws("scheduler", "create-schedule", *once, *about, "--schedule-expression", "rate(1 day)")
aws(
    *("scheduler", "update-schedule", *once, *about, "--schedule-expression", "cron(0 8 ? * MON *)"),
    *("--schedule-expression-timezone", "America/Los_Angeles"),
)
found = aws("scheduler", "get-schedule", *once)
seen["schedule"] = [found["ScheduleExpression"], found["ScheduleExpressionTimezone"]]
listed = aws("scheduler", "list-schedules", "--group-name", "g")["Schedules"]
seen["schedules"] = [each["Name"] for each in listed]
aws("scheduler", "delete-schedule", *once)
seen["gone"] = aws("scheduler", "get-schedule", *once)
aws("scheduler", "delete-schedule-group", "--name", "g")
groups = aws("scheduler", "list-schedule-groups")["ScheduleGroups"]
seen["groups"] = [each["Name"] for each in groups]
print(json.dumps(seen))
