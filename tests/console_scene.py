"""A server with executions of every kind, for the pictures of the console."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from asltool import TaskFailed
from asltool.testing.serving import server

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
    """Yield the address of the console, and the paths of a live execution and of the list."""
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
        yield f"{running.url}/_asltool/console/", {"live": f"execution?arn={quote(arn)}", "list": ""}
