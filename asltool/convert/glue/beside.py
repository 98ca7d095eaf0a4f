"""A SAM template with a state machine and its triggers, which `asltool serve` reads and SAM deploys."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import Any

from asltool.convert.glue.machine import ConvertedWorkflow
from asltool.convert.glue.workflow import Trigger

__all__ = ["template_of"]

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9]+")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")
_ACTIONS = (
    "glue:StartJobRun",
    "glue:GetJobRun",
    "glue:GetJobRuns",
    "glue:BatchStopJobRun",
    "glue:StartCrawler",
    "glue:GetCrawler",
)


def template_of(imported: ConvertedWorkflow, file: str) -> str | None:
    """Return the template; None if the machine has no triggers. ``file`` has the definition."""
    events: dict[str, Any] = {}
    for each in imported.starts:
        if each.schedule or each.pattern is not None:
            name, event = _event(imported, each)
            free = (f"{name}{number or ''}" for number in count())
            events[next(key for key in free if key not in events)] = event
    if not events:
        return None
    name = imported.workflow.name
    machine = {
        "Type": "AWS::Serverless::StateMachine",
        "Properties": {
            "Name": _NOT_IN_NAMES.sub("-", name)[:80],
            "DefinitionUri": file,
            "Policies": [{"Statement": [{"Effect": "Allow", "Action": list(_ACTIONS), "Resource": "*"}]}],
            "Events": events,
        },
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {_id(name): machine},
    }
    return json.dumps(template, indent=2, ensure_ascii=False) + "\n"


def _id(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in _NOT_IN_IDS.split(name)) or "Workflow"


def _event(imported: ConvertedWorkflow, trigger: Trigger) -> tuple[str, dict[str, Any]]:
    given = {"Input": json.dumps({"trigger": trigger.name})} if imported.names_trigger else {}
    if trigger.schedule:
        properties = {"Schedule": trigger.schedule, "Enabled": trigger.is_active, **given}
        return _id(trigger.name), {"Type": "Schedule", "Properties": properties}
    pattern = json.loads(trigger.pattern) if isinstance(trigger.pattern, str) else trigger.pattern
    return _id(trigger.name), {"Type": "EventBridgeRule", "Properties": {"Pattern": pattern, **given}}
