"""One function for each operation: from the service, a checked request and a caller to a response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from asltool.service.operations import (
    activities,
    aliases,
    executions,
    machines,
    map_runs,
    single_states,
    tags,
    tokens,
    validation,
    versions,
)

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["OPERATIONS", "Operation"]

Operation: TypeAlias = (
    "Callable[[Service, dict[str, Any], Caller], dict[str, Any] | Awaitable[dict[str, Any]]]"
)

OPERATIONS: dict[str, Operation] = {
    "CreateActivity": activities.create_activity,
    "CreateStateMachine": machines.create_state_machine,
    "CreateStateMachineAlias": aliases.create_state_machine_alias,
    "DeleteActivity": activities.delete_activity,
    "DeleteStateMachine": machines.delete_state_machine,
    "DeleteStateMachineAlias": aliases.delete_state_machine_alias,
    "DeleteStateMachineVersion": versions.delete_state_machine_version,
    "DescribeActivity": activities.describe_activity,
    "DescribeExecution": executions.describe_execution,
    "DescribeMapRun": map_runs.describe_map_run,
    "DescribeStateMachine": machines.describe_state_machine,
    "DescribeStateMachineAlias": aliases.describe_state_machine_alias,
    "DescribeStateMachineForExecution": executions.describe_state_machine_for_execution,
    "GetActivityTask": tokens.get_activity_task,
    "GetExecutionHistory": executions.get_execution_history,
    "ListActivities": activities.list_activities,
    "ListExecutions": executions.list_executions,
    "ListMapRuns": map_runs.list_map_runs,
    "ListStateMachineAliases": aliases.list_state_machine_aliases,
    "ListStateMachineVersions": versions.list_state_machine_versions,
    "ListStateMachines": machines.list_state_machines,
    "ListTagsForResource": tags.list_tags_for_resource,
    "PublishStateMachineVersion": versions.publish_state_machine_version,
    "RedriveExecution": executions.redrive_execution,
    "SendTaskFailure": tokens.send_task_failure,
    "SendTaskHeartbeat": tokens.send_task_heartbeat,
    "SendTaskSuccess": tokens.send_task_success,
    "StartExecution": executions.start_execution,
    "StartSyncExecution": executions.start_sync_execution,
    "StopExecution": executions.stop_execution,
    "TagResource": tags.tag_resource,
    "TestState": single_states.test_state,
    "UntagResource": tags.untag_resource,
    "UpdateMapRun": map_runs.update_map_run,
    "UpdateStateMachine": machines.update_state_machine,
    "UpdateStateMachineAlias": aliases.update_state_machine_alias,
    "ValidateStateMachineDefinition": validation.validate_state_machine_definition,
}
