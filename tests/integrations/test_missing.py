"""What is said where nobody does a task."""

from __future__ import annotations

from typing import Any

import pytest

from asltool.engine import CallTask
from asltool.integrations.missing import no_handler
from asltool.syntax.resource import Resource

ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:approve"


def said(resource: str, value: Any = None) -> str:
    return str(no_handler(CallTask(task_id=1, state="S", resource=Resource(resource), input=value)))


def test_lambda_invoke_asks_for_the_function() -> None:
    message = said("arn:aws:states:::lambda:invoke", {"FunctionName": "charge-card:PROD"})
    assert message.endswith(
        'add\n\n    @tasks.handler("charge-card")\n    def charge_card(event, context): ...'
        "\n\nor run it on AWS: --aws (integrations=[asltool.Aws()])"
    )


@pytest.mark.parametrize(
    ("resource", "end"),
    [
        (ACTIVITY, '\n\nor take it in your own worker: tasks.activity("approve").get_task()'),
        (
            "arn:aws:states:::http:invoke",
            "\n\nor allow the request to be sent: --http (integrations=[asltool.HttpInvoke()])",
        ),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            "\n\nor run the state machine that it starts: --machine NAME=FILE "
            "(integrations=[asltool.Executions({NAME: machine})])",
        ),
        (
            "arn:aws:states:::sqs:sendMessage",
            "    def send_message(event, context): ..."
            "\n\nor run it on AWS: --aws (integrations=[asltool.Aws()])",
        ),
        (
            "arn:aws:lambda:us-east-1:123456789012:function:charge",
            "\n\nor use the function of a Lambda project: --lambda 'charge=app.py:lambda_handler', "
            "--sam template.yaml (integrations=[asltool.LambdaFunctions(...)])",
        ),
    ],
)
def test_what_else_helps(resource: str, end: str) -> None:
    assert said(resource).endswith(end)
