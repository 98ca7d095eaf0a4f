"""Find the triggers of machines in templates. Those in Terraform are reported as left out.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Events.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from asltool.errors import TasksError
from asltool.integrations.sam import template_document, template_resources
from asltool.service.caller import Caller
from asltool.service.machines import Body
from asltool.service.templates.machine_events import events_of
from asltool.service.templates.serverless import serverless_events
from asltool.service.templates.wanted import NOT_KNOWN, LeftOut, WantedTrigger, is_known, role_of, target_from
from asltool.syntax.sources.chosen import split
from asltool.syntax.sources.named import find
from asltool.syntax.sources.template import SERVERLESS
from asltool.syntax.text import at

__all__ = ["read_triggers"]

_MACHINE = "AWS::Serverless::StateMachine"

_NOT_SERVED = {
    "AWS::Events::Archive": "archives",
    "AWS::Events::ApiDestination": "API destinations",
    "AWS::Pipes::Pipe": "pipes",
    "AWS::StepFunctions::StateMachineAlias": "aliases of templates",
    "AWS::StepFunctions::StateMachineVersion": "versions of templates",
}

_IN_TERRAFORM = re.compile(
    r'^\s*resource\s+"(aws_(?:cloudwatch_event_rule|scheduler_schedule|pipes_pipe|sfn_activity))"\s+"([\w-]+)"',
    re.MULTILINE,
)


def read_triggers(paths: Iterable[str], caller: Caller) -> list[WantedTrigger | LeftOut]:
    """Return the triggers in templates: files, folders, or ``FILE#Name`` for the events of one machine."""
    found: list[WantedTrigger | LeftOut] = []
    for path in paths:
        file, name = split(path)
        files = find([file]).files
        found += _in_terraform({Path(each).parent for each in files if each.endswith((".tf", ".tofu"))})
        for each in files:
            if each.endswith((".json", ".template", ".yaml", ".yml")):
                found += _in_file(each, name, caller)
    return found


def _in_terraform(folders: Iterable[Path]) -> Iterator[LeftOut]:
    for path in sorted({path for folder in folders for path in folder.rglob("*.tf")}):
        for kind, name in _IN_TERRAFORM.findall(path.read_text("utf-8", "replace")):
            yield LeftOut(f"{path}#{kind}.{name}", "triggers in Terraform are not served")


def _in_file(file: str, only: str | None, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    try:
        resources = list(template_resources(file, (caller.account, caller.region)))
        value = template_document(file).value
    except TasksError as problem:
        yield LeftOut(file, f"what starts its machines is not read: {problem}")
        return
    for name, machine in _members(at(value, SERVERLESS)):
        if only in (None, name):
            yield from serverless_events(name, machine, file, caller)
    for _, _, logical, resource in resources:
        kind, properties = resource.get("Type"), resource.get("Properties")
        given = properties if isinstance(properties, dict) else {}
        origin = f"{file}#{logical}"
        if kind == _MACHINE and only in (None, logical):
            name = given.get("Name", logical)
            arn = caller.arn(f"stateMachine:{name if is_known(name) else logical}")
            yield from events_of(logical, given, arn, file, caller)
        elif only is None and kind in _MAKERS:
            yield from _MAKERS[kind](logical, given, origin, caller)
        elif only is None and kind in _NOT_SERVED:
            yield LeftOut(origin, f"{_NOT_SERVED[kind]} are not served")


def _members(value: Any) -> Iterator[tuple[str, Body]]:
    if isinstance(value, dict):
        yield from ((name, each) for name, each in value.items() if isinstance(each, dict))


def _named(kind: Any) -> Callable[[str, Body, str, Caller], Iterator[WantedTrigger | LeftOut]]:
    """Return a function that makes a resource of this kind, which has only a name."""

    def make(logical: str, given: Body, origin: str, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
        name = given.get("Name", logical)
        if is_known(name):
            yield WantedTrigger(kind, origin, {"name" if kind == "activity" else "Name": name})
        else:
            yield LeftOut(origin, f"its name {NOT_KNOWN}")

    return make


def _rule(logical: str, given: Body, origin: str, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    """Yield a rule; targets that are not known are left out."""
    names = ("ScheduleExpression", "State", "Description", "EventBusName")
    request = {"Name": logical, **{name: given[name] for name in ("Name", *names) if name in given}}
    if "EventPattern" in given:
        request["EventPattern"] = json.dumps(given["EventPattern"])
    if not is_known(request):
        yield LeftOut(origin, f"a part of it {NOT_KNOWN}")
        return
    targets = []
    for target in given.get("Targets") or []:
        made = {**target_from(target, target.get("Arn", ""), caller), "Id": target.get("Id", "")}
        if is_known(made):
            targets.append(made)
        else:
            yield LeftOut(f"{origin}.Targets.{made['Id']}", f"a part of it {NOT_KNOWN}")
    yield WantedTrigger("rule", origin, request, tuple(targets))


def _schedule(logical: str, given: Body, origin: str, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    target = given.get("Target") or {}
    made = {**target, "RoleArn": role_of(target.get("RoleArn"), caller)}
    if not is_known(made.get("DeadLetterConfig")):
        del made["DeadLetterConfig"]
    request = {"Name": logical, **given, "Target": made}
    yield (
        WantedTrigger("schedule", origin, request)
        if is_known(request)
        else LeftOut(origin, f"a part of it {NOT_KNOWN}")
    )


_MAKERS: dict[str, Callable[[str, Body, str, Caller], Iterator[WantedTrigger | LeftOut]]] = {
    "AWS::Events::EventBus": _named("event bus"),
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Scheduler::ScheduleGroup": _named("schedule group"),
    "AWS::StepFunctions::Activity": _named("activity"),
}
