"""The APIs that a service answers, by botocore's name, and their operations."""

from __future__ import annotations

from collections.abc import Mapping

from asltool.service.checks import STATES
from asltool.service.events import buses, putting, rules, tags, targets
from asltool.service.operations import OPERATIONS, Operation
from asltool.service.schedules import groups, schedules

__all__ = ["APIS", "EVENTS", "SCHEDULER"]

EVENTS = "events"
"""Botocore's name of EventBridge."""

SCHEDULER = "scheduler"
"""Botocore's name of EventBridge Scheduler."""

APIS: Mapping[str, Mapping[str, Operation]] = {
    STATES: OPERATIONS,
    EVENTS: {
        "CreateEventBus": buses.create_event_bus,
        "DeleteEventBus": buses.delete_event_bus,
        "DeleteRule": rules.delete_rule,
        "DescribeEventBus": buses.describe_event_bus,
        "DescribeRule": rules.describe_rule,
        "DisableRule": rules.disable_rule,
        "EnableRule": rules.enable_rule,
        "ListEventBuses": buses.list_event_buses,
        "ListRules": rules.list_rules,
        "ListTagsForResource": tags.list_tags_for_resource,
        "ListTargetsByRule": targets.list_targets_by_rule,
        "PutEvents": putting.put_events,
        "PutRule": rules.put_rule,
        "PutTargets": targets.put_targets,
        "RemoveTargets": targets.remove_targets,
        "TagResource": tags.tag_resource,
        "TestEventPattern": putting.test_event_pattern,
        "UntagResource": tags.untag_resource,
    },
    SCHEDULER: {
        "CreateSchedule": schedules.create_schedule,
        "CreateScheduleGroup": groups.create_schedule_group,
        "DeleteSchedule": schedules.delete_schedule,
        "DeleteScheduleGroup": groups.delete_schedule_group,
        "GetSchedule": schedules.get_schedule,
        "GetScheduleGroup": groups.get_schedule_group,
        "ListScheduleGroups": groups.list_schedule_groups,
        "ListSchedules": schedules.list_schedules,
        "ListTagsForResource": tags.list_tags_for_resource,
        "TagResource": tags.tag_resource,
        "UntagResource": tags.untag_resource,
        "UpdateSchedule": schedules.update_schedule,
    },
}
