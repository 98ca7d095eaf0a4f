"""ECS and Fargate.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.effects import CallTask
from asltool.errors import TaskFailed
from asltool.expr.values import dumps
from asltool.integrations.aws.action import AwsAction, AwsService, with_metadata
from asltool.integrations.aws.contracts import Contract
from asltool.integrations.aws.sdk import ServiceReply
from asltool.integrations.aws.words import optimized

__all__ = ["ECS"]


def _started(reply: ServiceReply, call: CallTask) -> Any:
    if not reply.answer["Tasks"]:
        raise TaskFailed("States.TaskFailed", dumps(reply.answer))
    return with_metadata(reply, call)


def _ended(task: Any) -> bool | None:
    """A task succeeded if it started and all its containers exited with 0."""
    if task.get("LastStatus") != "STOPPED":
        return None
    return all(container.get("ExitCode") == 0 for container in task["Containers"])


def _task(given: Any, started: Any) -> tuple[dict[str, str], str]:
    """Return the cluster, as parameters, and the task."""
    cluster = {"Cluster": given["Cluster"]} if "Cluster" in given else {}
    return cluster, started["Tasks"][0]["TaskArn"]


def _describe(given: Any, started: Any) -> dict[str, Any]:
    cluster, task = _task(given, started)
    return {**cluster, "Tasks": [task]}


def _stop(given: Any, started: Any) -> dict[str, Any]:
    cluster, task = _task(given, started)
    return {**cluster, "Task": task, "Reason": "Aborted by AWS Step Functions"}


_LISTS = frozenset(
    {
        "Attachments",
        "Attributes",
        "Command",
        "ContainerOverrides",
        "Containers",
        "Environment",
        "EnvironmentFiles",
        "Failures",
        "GpuIds",
        "InferenceAcceleratorOverrides",
        "InferenceAccelerators",
        "ManagedAgents",
        "NetworkBindings",
        "NetworkInterfaces",
        "ResourceRequirements",
        "Tags",
    }
)

ECS = AwsService(
    "ecs",
    optimized("ecs", lists=_LISTS),
    {
        "runTask": AwsAction(
            receive=_started,
            sync=Contract(
                request=_describe,
                job=lambda answer: answer["Tasks"][0],
                ended=_ended,
                stop="StopTask",
                stop_request=_stop,
            ),
        )
    },
)
