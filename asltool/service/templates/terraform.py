"""Resources of Terraform as those of CloudFormation.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asltool.integrations.declared import PUBLISHED, Declared, camel
from asltool.integrations.resource_arns import RESOURCE_NAMES, label_of
from asltool.service.caller import Caller
from asltool.service.machines import Body
from asltool.service.templates.makers import MAKERS, version_of
from asltool.service.templates.wanted import NOT_KNOWN, LeftOut, TemplateSpot, WantedTrigger, is_known

__all__ = ["TERRAFORM", "wanted_by_terraform"]

_TYPES = {
    "aws_cloudwatch_event_bus": "AWS::Events::EventBus",
    "aws_cloudwatch_event_rule": "AWS::Events::Rule",
    "aws_scheduler_schedule": "AWS::Scheduler::Schedule",
    "aws_scheduler_schedule_group": "AWS::Scheduler::ScheduleGroup",
    "aws_sfn_activity": "AWS::StepFunctions::Activity",
    "aws_sfn_alias": "AWS::StepFunctions::StateMachineAlias",
}
_TARGET = "aws_cloudwatch_event_target"
_MACHINE = "aws_sfn_state_machine"
_NOT_SERVED = {
    "aws_cloudwatch_event_api_destination": "API destinations",
    "aws_cloudwatch_event_archive": "archives",
    "aws_pipes_pipe": "pipes",
}

TERRAFORM = (*_TYPES, _TARGET, _MACHINE, *_NOT_SERVED)
"""Types of resources that matter."""

_FIELDS = {
    "EventPattern": "event_pattern",
    "Name": "name",
    "ScheduleExpression": "schedule_expression",
    "ScheduleExpressionTimezone": "schedule_expression_timezone",
    "State": "state",
}


def wanted_by_terraform(declared: Iterable[Declared], caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    """Yield what the resources of a root module want."""
    kept = list(declared)
    targets: defaultdict[tuple[str, str], list[tuple[Declared, Body]]] = defaultdict(list)
    for each in kept:
        if each.type == _TARGET:
            members = camel(each.properties)
            targets[_bus(members), str(members.get("Rule"))].append((each, _target(members, each.name)))
    for each in kept:
        members, spot = camel(each.properties), TemplateSpot(each, (), _FIELDS)
        if each.type in _NOT_SERVED:
            yield LeftOut.at(each.origin, f"{_NOT_SERVED[each.type]} are not served", spot)
        elif each.type == _MACHINE and members.get("Publish") is True:
            arn = str(members.get("Arn"))
            yield version_of(arn, members.get("VersionDescription"), PUBLISHED, spot)
        elif each.type in _TYPES:
            if named := RESOURCE_NAMES.get(each.type):
                members["Name"] = named.name_of(each.name, each.properties)
            if each.type == "aws_cloudwatch_event_rule":
                own = [target for _, target in targets.pop((_bus(members), members["Name"]), [])]
                members |= _state(members) | {"Targets": own}
            name = label_of(each.name)
            yield from MAKERS[_TYPES[each.type]](name, _without_unknown(members), spot, caller)
    for (_, rule), left in targets.items():
        for each, _ in left:
            reason = f'there is no rule "{rule}" in the files' if is_known(rule) else f"its rule {NOT_KNOWN}"
            yield LeftOut.at(each.origin, reason, TemplateSpot(each, ("rule",)))


def _bus(members: Mapping[str, Any]) -> str:
    return str(members.get("EventBusName") or "default").rpartition("/")[2]


def _target(members: Mapping[str, Any], address: str) -> Body:
    transformer = members.get("InputTransformer")
    made = {**members, "Id": members.get("TargetId") or label_of(address)}
    if isinstance(transformer, dict):
        paths = transformer.get("InputPaths") or {}
        made["InputTransformer"] = {"InputPathsMap": paths, "InputTemplate": transformer.get("InputTemplate")}
    return made


def _state(members: Mapping[str, Any]) -> Body:
    return {"State": "DISABLED"} if members.get("IsEnabled") is False else {}


def _without_unknown(members: Body) -> Body:
    """Leave out what nothing here depends on: descriptions and keys that are not known."""
    return {name: each for name, each in members.items() if name not in _IDLE or is_known(each)}


_IDLE = frozenset(
    ("Description", "KmsKeyArn", "RoleArn", "NamePrefix", "ForEach", "Count", "DependsOn", "Tags")
)
