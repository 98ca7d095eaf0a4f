"""Find the triggers of machines in templates and Terraform.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_StepFunctions.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asltool.errors import MissingExtra, TasksError
from asltool.integrations.declared import declared_in
from asltool.service.caller import Caller
from asltool.service.templates.machine_events import api_auth, wanted_by_machine
from asltool.service.templates.makers import MAKERS
from asltool.service.templates.serverless import serverless_events
from asltool.service.templates.terraform import TERRAFORM, wanted_by_terraform
from asltool.service.templates.wanted import LeftOut, TemplateSpot, WantedTrigger
from asltool.syntax.sources.chosen import split
from asltool.syntax.sources.named import find
from asltool.syntax.sources.template import is_terraform
from asltool.syntax.sources.terraform_files import root_modules

__all__ = ["read_triggers"]

_MACHINE, _API = "AWS::Serverless::StateMachine", "AWS::Serverless::Api"

_NOT_SERVED = {
    "AWS::Events::ApiDestination": "API destinations",
    "AWS::Events::Archive": "archives",
    "AWS::Pipes::Pipe": "pipes",
}

_TYPES = (_MACHINE, _API, *MAKERS, *_NOT_SERVED)


def read_triggers(paths: Iterable[str], caller: Caller) -> list[WantedTrigger | LeftOut]:
    """Return the triggers in templates: files, folders, or ``FILE#Name`` for the events of one machine."""
    found: list[WantedTrigger | LeftOut] = []
    for path in paths:
        file, name = split(path)
        named = find([file])
        for each in root_modules(named) if name is None else ():
            found += _in_terraform(each, caller)
        for each in named.files:
            if each.endswith((".json", ".template", ".yaml", ".yml")) and not is_terraform(each):
                found += _in_file(each, name, caller)
    return found


def _in_terraform(path: str, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    try:
        declared = declared_in(path, (caller.account, caller.region), TERRAFORM)
    except MissingExtra as problem:
        yield LeftOut(path, str(problem))
        return
    yield from wanted_by_terraform(declared, caller)


def _in_file(file: str, only: str | None, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    try:
        declared = declared_in(file, (caller.account, caller.region), _TYPES)
        yield from serverless_events(file, only, caller)
    except TasksError as problem:
        yield LeftOut(file, f"what starts its machines is not read: {problem}")
        return
    for each in declared:
        spot = TemplateSpot(each)
        if each.type == _MACHINE:
            if only in (None, each.name):
                yield from wanted_by_machine(each, caller)
        elif only is None and each.type == _API:
            yield from api_auth(each.origin, each.properties, spot)
        elif only is None and each.type in MAKERS:
            yield from MAKERS[each.type](each.name, each.properties, spot, caller)
        elif only is None:
            yield LeftOut.at(each.origin, f"{_NOT_SERVED[each.type]} are not served", spot)
