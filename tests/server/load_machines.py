"""What the load on a server is made of: state machines of every kind, and the handlers of their tasks."""

from __future__ import annotations

from typing import Any

from tests.server.served import PLACE

__all__ = ["ACTIVITY", "MACHINES", "TASKS"]

TASKS = '''\
"""Handlers that note each call as a line of a file, which outlives the process."""

import os
import time

import asltool

tasks = asltool.Tasks()
NOTES = os.open("notes.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
TOKENS = os.open("tokens.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT)


@tasks.handler("work")
def work(event, context):
    os.write(NOTES, f"{event['key']}\\n".encode())
    time.sleep(event["n"] % 4 * 0.01)
    if event["fails"] and event["key"].endswith("#0"):
        raise ValueError(event["key"])
    return {"key": event["key"], "n": event["n"]}


@tasks.handler("ask")
def ask(event, context):
    os.write(TOKENS, f"{context.task_token}\\n".encode())
'''

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
ACTIVITY = f"{PLACE}:activity:poll"
_RETRY = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxDelaySeconds": 1, "MaxAttempts": 50}]


def _work(fails: str, counter: str = "$states.context.State.RetryCount", **fields: Any) -> dict[str, Any]:
    key = (
        "$states.context.Execution.Id & '/' & $states.context.State.Name & '/' & $string($states.input.n) "
        f"& '#' & $string({counter})"
    )
    arguments = {"key": f"{{% {key} %}}", "n": "{% $states.input.n %}", "fails": f"{{% {fails} %}}"}
    return {"Type": "Task", "Resource": f"{FUNCTION}:work", "Arguments": arguments, **fields}


def _each(mode: str) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": mode, **({"ExecutionType": "STANDARD"} if mode == "DISTRIBUTED" else {})},
        "StartAt": "One",
        "States": {"One": _work("false", Output="{% $states.result.n %}", End=True)},
    }
    items = "{% [1..7].{'n': $} %}"
    return {"Type": "Map", "Items": items, "MaxConcurrency": 3, "ItemProcessor": processor, "End": True}


_NESTED = {
    "Type": "Task",
    "Resource": "arn:aws:states:::states:startExecution.sync:2",
    "Arguments": {
        "StateMachineArn": f"{PLACE}:stateMachine:retried",
        "Input": {"n": "{% $states.input.n %}"},
    },
    "Output": "{% $states.result.Output %}",
    "End": True,
}
_ASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "Arguments": {
        "FunctionName": f"{FUNCTION}:ask",
        "Payload": {"token": "{% $states.context.Task.Token %}"},
    },
    "End": True,
}
_N = "{% $states.result.n %}"
_RETRIED = _work("$states.input.n % 3 = 0", Retry=_RETRY, Output=_N, End=True)
_POLLED = {"Type": "Task", "Resource": ACTIVITY, "TimeoutSeconds": 3, "Retry": _RETRY, "End": True}

MACHINES: dict[str, dict[str, Any]] = {
    "retried": {"Work": _RETRIED},
    "waiting": {"Wait": {"Type": "Wait", "Seconds": 1, "Next": "Work"}, "Work": _RETRIED},
    "inline": {"Each": _each("INLINE")},
    "distributed": {"Each": _each("DISTRIBUTED")},
    "nesting": {"Start": _NESTED},
    "asking": {"Ask": _ASK},
    "polled": {"Poll": _POLLED},
    "redriven": {"Work": _work("true", "$states.context.Execution.RedriveCount", Output=_N, End=True)},
}
"""The states of each machine, the first of which it begins with."""
