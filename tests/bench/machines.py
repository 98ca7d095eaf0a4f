"""The machines that the benches run."""

from __future__ import annotations

from typing import Any

__all__ = ["JSONATA_LOOP", "LOOP", "MAP", "RETRIES", "YEAR", "chain"]

LOOP: dict[str, Any] = {
    "StartAt": "Count",
    "States": {
        "Count": {
            "Type": "Pass",
            "Parameters": {"i.$": "States.MathAdd($.i, 1)", "limit.$": "$.limit"},
            "Next": "More?",
        },
        "More?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.i", "NumericLessThanPath": "$.limit", "Next": "Count"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}

JSONATA_LOOP: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Count",
    "States": {
        "Count": {
            "Type": "Pass",
            "Output": {"i": "{% $states.input.i + 1 %}", "limit": "{% $states.input.limit %}"},
            "Next": "More?",
        },
        "More?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.i < $states.input.limit %}", "Next": "Count"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}

MAP: dict[str, Any] = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "StartAt": "Take",
                "States": {"Take": {"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": True}},
            },
            "End": True,
        }
    },
}

YEAR: dict[str, Any] = {
    "StartAt": "A day",
    "States": {
        "A day": {"Type": "Wait", "Seconds": 86_400, "Next": "Count"},
        "Count": {"Type": "Pass", "Parameters": {"i.$": "States.MathAdd($.i, 1)"}, "Next": "More?"},
        "More?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.i", "NumericLessThan": 365, "Next": "A day"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}

RETRIES: dict[str, Any] = {
    "StartAt": "Try",
    "States": {
        "Try": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1_000, "MaxDelaySeconds": 60}],
            "End": True,
        }
    },
}


def chain(length: int) -> dict[str, Any]:
    """Return a machine of Pass states that each move a value with ResultPath."""
    states: dict[str, Any] = {
        f"S{i}": {
            "Type": "Pass",
            "InputPath": "$.order",
            "Parameters": {"id.$": "$.id", "step": i},
            "ResultPath": "$.order",
            "Next": f"S{i + 1}",
        }
        for i in range(length)
    }
    states[f"S{length}"] = {"Type": "Succeed"}
    return {"StartAt": "S0", "States": states}
