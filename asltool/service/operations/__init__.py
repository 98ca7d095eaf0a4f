"""One function an operation: service, checked request and caller go in, a response comes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from asltool.service.operations import activities, aliases, machines, tags, validation, versions

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
    "DescribeStateMachine": machines.describe_state_machine,
    "DescribeStateMachineAlias": aliases.describe_state_machine_alias,
    "ListActivities": activities.list_activities,
    "ListStateMachineAliases": aliases.list_state_machine_aliases,
    "ListStateMachineVersions": versions.list_state_machine_versions,
    "ListStateMachines": machines.list_state_machines,
    "ListTagsForResource": tags.list_tags_for_resource,
    "PublishStateMachineVersion": versions.publish_state_machine_version,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
    "UpdateStateMachine": machines.update_state_machine,
    "UpdateStateMachineAlias": aliases.update_state_machine_alias,
    "ValidateStateMachineDefinition": validation.validate_state_machine_definition,
}
