"""EMR, whose optimized integration has actions that the API does not.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.effects import CallTask
from asltool.integrations.aws.action import AwsAction, AwsService, with_metadata
from asltool.integrations.aws.contracts import Contract, by_state
from asltool.integrations.aws.sdk import ServiceReply
from asltool.integrations.aws.words import optimized

__all__ = ["ELASTICMAPREDUCE"]


def _created(reply: ServiceReply, call: CallTask) -> Any:
    result = with_metadata(reply, call)
    return {**result, "ClusterId": result.pop("JobFlowId")}


def _added(reply: ServiceReply, call: CallTask) -> Any:
    result = with_metadata(reply, call)
    return {**result, "StepId": result.pop("StepIds")[0]}


def _step(call: CallTask) -> Any:
    """The API adds steps as a list."""
    others = {name: value for name, value in call.input.items() if name not in ("ClusterId", "Step")}
    return {**others, "JobFlowId": call.input.get("ClusterId"), "Steps": [call.input.get("Step")]}


def _job_flow(asked: Any) -> dict[str, Any]:
    """In places, the API calls clusters job flows."""
    return {"JobFlowIds": [asked.get("ClusterId")]}


_ENDED = "TERMINATED TERMINATED_WITH_ERRORS"

ELASTICMAPREDUCE = AwsService(
    "emr",
    optimized("elasticmapreduce"),
    {
        "addStep": AwsAction(
            operation="AddJobFlowSteps",
            send=_step,
            receive=_added,
            sync=Contract(
                request=lambda task, started: {"ClusterId": task["ClusterId"], "StepId": started["StepId"]},
                ended=by_state("Step.Status.State", "COMPLETED", "CANCELLED FAILED INTERRUPTED"),
                stop="CancelSteps",
                stop_request=lambda task, started: {
                    "ClusterId": task["ClusterId"],
                    "StepIds": [started["StepId"]],
                },
            ),
        ),
        "cancelStep": AwsAction(
            operation="CancelSteps",
            send=lambda call: {
                "ClusterId": call.input.get("ClusterId"),
                "StepIds": [call.input.get("StepId")],
            },
        ),
        "createCluster": AwsAction(
            operation="RunJobFlow",
            receive=_created,
            sync=Contract(
                request=lambda task, started: {"ClusterId": started["ClusterId"]},
                job=lambda answer: {**answer, "ClusterId": answer["Cluster"]["Id"]},
                ended=by_state("Cluster.Status.State", "WAITING", _ENDED),
                stop="TerminateJobFlows",
                stop_request=lambda task, started: _job_flow(started),
            ),
        ),
        "setClusterTerminationProtection": AwsAction(
            operation="SetTerminationProtection",
            send=lambda call: {
                **_job_flow(call.input),
                "TerminationProtected": call.input.get("TerminationProtected"),
            },
        ),
        "terminateCluster": AwsAction(
            operation="TerminateJobFlows",
            send=lambda call: _job_flow(call.input),
            sync=Contract(
                request=lambda task, started: {"ClusterId": task["ClusterId"]},
                ended=by_state("Cluster.Status.State", _ENDED, ""),
            ),
        ),
    },
)
