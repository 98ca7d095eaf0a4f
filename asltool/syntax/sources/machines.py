"""The state machines of a template: CloudFormation, SAM, what CDK puts out, and the Serverless Framework.

Sources: AWS::StepFunctions::StateMachine in the CloudFormation template reference, for SAM
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html,
and https://www.serverless.com/plugins/serverless-step-functions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from asltool.syntax.atlas import Lines
from asltool.syntax.document import Document, MachineType
from asltool.syntax.model import Pointer
from asltool.syntax.sources.embedded import embedded
from asltool.syntax.sources.functions import filled, text_of
from asltool.syntax.sources.template import RESOURCES, SERVERLESS, Reference
from asltool.syntax.text import Node, Places, Text, at

__all__ = ["machines", "resources"]

_TYPES = ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine")
_INCLUDED = re.compile(r"\$\{file\((?P<file>[^():]+)\)\}")


def resources(template: Any) -> Iterator[tuple[Pointer, str, dict[str, Any]]]:
    """Yield the resources of a template: where each is, its name, and the resource."""
    for pointer in RESOURCES:
        for name, resource in _members(template, pointer):
            yield (*pointer, name), name, resource


def machines(template: Document) -> Iterator[Document | Reference]:
    """Yield the definitions of a template."""
    for pointer, _, resource in resources(template.value):
        if resource.get("Type") in _TYPES:
            yield from _resource(template, pointer, resource)
    for name, machine in _members(template.value, SERVERLESS):
        yield from _definition(template, (*SERVERLESS, name, "definition"), name, _type(machine.get("type")))


def _members(template: Any, pointer: Pointer) -> Iterator[tuple[str, dict[str, Any]]]:
    members = at(template, pointer)
    if isinstance(members, dict):
        yield from ((name, member) for name, member in members.items() if isinstance(member, dict))


def _resource(
    template: Document, pointer: Pointer, resource: dict[str, Any]
) -> Iterator[Document | Reference]:
    properties = resource.get("Properties")
    if not isinstance(properties, dict):
        return
    machine_type = _type(properties.get("StateMachineType", properties.get("Type")))
    for field in ("Definition", "DefinitionString", "DefinitionUri"):
        yield from _definition(template, (*pointer, "Properties", field), str(pointer[-1]), machine_type)


def _type(value: Any) -> MachineType | None:
    """Return what a template says about the type; a machine is STANDARD where it says nothing."""
    if value is None or value == "STANDARD":
        return "STANDARD"
    return "EXPRESS" if value == "EXPRESS" else None


def _definition(
    template: Document, pointer: Pointer, name: str, machine_type: MachineType | None
) -> Iterator[Document | Reference]:
    """Yield the definition at a pointer: an object, its text, or the file that has it."""
    value, node = at(template.value, pointer), template.places.node(pointer)
    field = pointer[-1]
    if file := _file(field, value):
        yield Reference(template.path, template.locate(pointer), file, name, machine_type)
    elif field == "DefinitionString" and (text := _text(value, node, template.places)):
        yield replace(embedded(text, template.text, template.path), name=name, machine_type=machine_type)
    elif field != "DefinitionUri":
        value, node = filled(value, node)
        if isinstance(value, dict):
            yield _object(template, value, node, name, machine_type)


def _file(field: str | int, value: Any) -> str | None:
    """Return the name of a file beside the template; nothing for what is in a bucket."""
    if not isinstance(value, str):
        return None
    if included := _INCLUDED.fullmatch(value):
        return included["file"].strip()
    return value if field == "DefinitionUri" and ":" not in value else None


def _text(value: Any, node: Node, places: Places) -> Text | None:
    """Return the text of a definition, unless it is a placeholder as a whole."""
    text = text_of(value, node, places)
    return None if text is None or text.characters.lstrip().startswith("${") else text


def _object(
    template: Document, value: Any, node: Node, name: str, machine_type: MachineType | None
) -> Document:
    start, end = _extent(node)
    lines = Lines(template.text)
    first, last = lines.span(start, start), lines.span(end, end)
    problems = tuple(each for each in template.problems if first <= each.span <= last)
    source = replace(template.places, find=lambda: node)
    return Document(template.path, value, template.text, problems, name, machine_type, source)


def _extent(node: Node) -> tuple[int, int]:
    """Return where a value starts, and where the last of its parts ends."""
    end, waiting = node.end, [node]
    while waiting:
        inside = waiting.pop()
        end = max(end, inside.end)
        waiting += inside.parts.values()
    return node.start, end
