"""A server with executions of every kind, for the pictures of the console."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from asltool import TaskFailed
from asltool.testing.serving import TestServer, server

__all__ = ["scene"]

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"

ORDERS = {
    "StartAt": "Check stock",
    "States": {
        "Check stock": {"Type": "Task", "Resource": f"{FUNCTION}:stock", "Next": "In stock?"},
        "In stock?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.left", "NumericGreaterThan": 0, "Next": "Charge"}],
            "Default": "Apologise",
        },
        "Charge": {
            "Type": "Task",
            "Resource": f"{FUNCTION}:charge",
            "Retry": [{"ErrorEquals": ["Bank.Busy"], "IntervalSeconds": 2}],
            "Next": "Approve",
        },
        "Approve": {
            "Type": "Task",
            "Resource": TOKEN,
            "Parameters": {"QueueUrl": "approvals", "MessageBody.$": "$$.Task.Token"},
            "Next": "Ship",
        },
        "Ship": {"Type": "Pass", "End": True},
        "Apologise": {"Type": "Fail", "Error": "Stock.Empty", "Cause": "nothing is left of it"},
    },
}


def stock(event: Any, context: Any) -> Any:
    return {**event, "left": 0 if event["item"] == "lamp" else 7}


def charge(event: Any, context: Any) -> Any:
    if event["card"] == "expired":
        raise TaskFailed("Card.Expired", f"the card of {event['customer']} has expired")
    return event


@contextmanager
def scene() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the address of the console, and the paths of a live execution, of the list, and of triggers."""
    tasks = {"stock": stock, "charge": charge, TOKEN: lambda event, context: {"MessageId": "m"}}
    orders = (("Ada", "lamp", "good"), ("Grace", "chair", "expired"), ("Mary", "desk", "good"))
    with server(tasks=tasks, time="real") as running:
        client = running.client()
        role = "arn:aws:iam::123456789012:role/any"
        machine = client.create_state_machine(name="orders", definition=json.dumps(ORDERS), roleArn=role)
        arn = ""
        for number, (customer, item, card) in enumerate(orders, 1):
            order = json.dumps({"order": number, "customer": customer, "item": item, "card": card})
            arn = client.start_execution(
                stateMachineArn=machine["stateMachineArn"], name=f"order-{number}", input=order
            )["executionArn"]
        _triggers(running, machine["stateMachineArn"])
        paths = {"live": f"execution?arn={quote(arn)}", "list": "", "triggers": "triggers"}
        yield f"{running.url}/_asltool/console/", paths


def _triggers(running: TestServer, machine: str) -> None:
    """Create rules and a schedule, and send two events."""
    events, target = running.client("events"), {"Id": "orders", "Arn": machine, "InputPath": "$.detail"}
    pattern = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}], "country": ["DE", "FR"]}}
    events.put_rule(Name="large-orders", EventPattern=json.dumps(pattern))
    events.put_rule(Name="nightly-report", ScheduleExpression="cron(0 2 * * ? *)")
    for rule in ("large-orders", "nightly-report"):
        events.put_targets(Rule=rule, Targets=[target])
    running.client("scheduler").create_schedule(
        Name="monday-export",
        ScheduleExpression="cron(0 8 ? * MON *)",
        ScheduleExpressionTimezone="America/Los_Angeles",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": machine, "RoleArn": "arn:aws:iam::123456789012:role/any"},
    )
    for country in ("FR", "US"):
        detail = {
            "order": 4,
            "total": 250,
            "country": country,
            "item": "chair",
            "card": "good",
            "customer": "Ada",
        }
        entry = {"Source": "shop", "DetailType": "Order placed", "Detail": json.dumps(detail)}
        events.put_events(Entries=[entry])
