"""The state machines of a template: CloudFormation, SAM, CDK output or the Serverless Framework.

Sources: AWS::StepFunctions::StateMachine in the CloudFormation template reference, for SAM
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html,
and https://www.serverless.com/plugins/serverless-step-functions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from asltool.syntax.diagnostics import Span
from asltool.syntax.document import Document, MachineType, not_read
from asltool.syntax.model import ABSENT, Pointer
from asltool.syntax.sources.cloudformation_functions import filled, is_function, text_of
from asltool.syntax.sources.embedded import embedded
from asltool.syntax.sources.for_each import expanded
from asltool.syntax.sources.template import RESOURCES, SERVERLESS, NestedTemplate, Reference
from asltool.syntax.text import Location, Places, Text, at
from asltool.syntax.wording import quoted

__all__ = ["machines", "resources"]

_FIELDS = ("Definition", "DefinitionString", "DefinitionUri", "DefinitionS3Location")
_STACKS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
"""Types of nested stacks, and where each says which template it is of."""
_TYPES = ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine")
_INCLUDED = re.compile(r"\$\{file\((?P<file>[^():]+)\)\}")


def resources(template: Any) -> Iterator[tuple[Pointer, str, dict[str, Any]]]:
    """Yield the resources of a template: the pointer, the name and the resource."""
    for pointer in RESOURCES:
        for name, resource in _members(at(template, pointer)):
            yield (*pointer, name), name, resource


def machines(template: Document) -> Iterator[Document | Reference | NestedTemplate]:
    """Yield the definitions of a template, and the templates of nested stacks."""
    reader = _TemplateReader(template)
    for pointer in RESOURCES:
        value, node = at(template.value, pointer), template.places.node(pointer)
        if isinstance(value, dict):
            value, node = expanded(value, node, at(template.value, ("Parameters",)))
            for name, resource in _members(value):
                yield from reader.resource(name, resource, node.parts[name])
    value, node = at(template.value, SERVERLESS), template.places.node(SERVERLESS)
    for name, machine in _members(value):
        if "definition" in machine:
            at_node = node.parts[name].parts["definition"]
            beside = node.parts[name]
            yield from reader.definition("definition", machine["definition"], at_node, name, machine, beside)
    if isinstance(value, str):
        yield reader.not_read(node, "the state machines", f"they are {quoted(value)}")


def _members(members: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(members, dict):
        yield from ((name, member) for name, member in members.items() if isinstance(member, dict))


def _type(value: Any) -> MachineType | None:
    """Return the machine type that a template gives; STANDARD if it gives none."""
    if value is None or value == "STANDARD":
        return "STANDARD"
    return "EXPRESS" if value == "EXPRESS" else None


class _TemplateReader:
    """Reads the definitions of one template."""

    def __init__(self, template: Document) -> None:
        self.template = template

    def resource(
        self, name: str, resource: dict[str, Any], node: Location
    ) -> Iterator[Document | Reference | NestedTemplate]:
        properties = resource.get("Properties")
        if not isinstance(properties, dict):
            return
        inside = node.parts["Properties"]
        kind = str(resource.get("Type"))
        if kind in _STACKS:
            field = _STACKS[kind]
            file = properties.get(field)
            if isinstance(file, str) and ":" not in file and "${" not in file:
                yield NestedTemplate(*self._place(inside.parts[field]), file)
        if kind not in _TYPES:
            return
        for field in _FIELDS:
            if field in properties:
                value, at_node = properties[field], inside.parts[field]
                yield from self.definition(field, value, at_node, name, properties, inside)

    def definition(
        self, field: str, value: Any, node: Location, name: str, around: dict[str, Any], beside: Location
    ) -> Iterator[Document | Reference | NestedTemplate]:
        """Yield the definition of a machine: an object, a text, or the file that contains it."""
        machine_type = _type(around.get("StateMachineType", around.get("Type", around.get("type"))))
        given = around.get("DefinitionSubstitutions")
        substitutions = given if isinstance(given, dict) and not is_function(given) else None
        places = self._substitution_places(substitutions or {}, beside)
        if file := _file(field, value):
            yield Reference(*self._place(node), file, name, machine_type, "", substitutions, places)
            return
        document = self._document(field, value, node)
        if document is None:
            yield self.not_read(node, f"the definition of {quoted(name)}", _reason(field, value), name)
            return
        if substitutions is not None:
            document = _with_substitutions(document, substitutions, places, value)
        yield replace(document, name=name, machine_type=machine_type)

    def _document(self, field: str, value: Any, node: Location) -> Document | None:
        template = self.template
        if field == "DefinitionString" and (text := _text(value, node, template.places)):
            return embedded(text, template.text, template.path, template.atlas)
        if field in ("DefinitionUri", "DefinitionS3Location"):
            return None
        value, node = filled(value, node)
        return _object(template, value, node) if isinstance(value, dict) else None

    def _substitution_places(self, given: dict[str, Any], beside: Location) -> dict[str, Span]:
        """Return the positions of the substitutions' names."""
        if not given:
            return {}
        parts = beside.parts["DefinitionSubstitutions"].parts
        text = self.template.places.text
        keys = {name: parts[name].key for name in given if name in parts}
        return {name: self.template.place(*text.place(*key))[1] for name, key in keys.items() if key}

    def not_read(self, node: Location, what: str, reason: str, name: str = "") -> Document:
        path, span = self._place(node)
        text = self.template.text
        if self.template.atlas is not None:
            text = self.template.atlas.texts.get(path, text)
        return not_read(path, text, span, f"{what} is not read: {reason}", name)

    def _place(self, node: Location) -> tuple[str, Span]:
        return self.template.place(*self.template.places.text.place(node.start, node.end))


def _reason(field: str, value: Any) -> str:
    if field == "DefinitionS3Location" or (field == "DefinitionUri" and "${" not in str(value)):
        return "it is in a bucket"
    if isinstance(value, str):
        return f"it is {quoted(value)}, which is known only when it is deployed"
    return "it is known only when it is deployed"


def _with_substitutions(
    document: Document, given: dict[str, Any], places: dict[str, Span], value: Any
) -> Document:
    """Fill in a definition's substitutions, unless functions fill in other names in the same text."""
    if is_function(value):
        return document
    from asltool.syntax.sources.substitutions import substituted, unused

    problems = unused(document, document.path, places)
    document = substituted(document, given, value if isinstance(value, dict) else ABSENT)
    return replace(document, problems=(*document.problems, *problems))


def _file(field: str | int, value: Any) -> str | None:
    """Return the name of a file beside the template; empty for an object in a bucket."""
    if not isinstance(value, str):
        return None
    if included := _INCLUDED.fullmatch(value):
        return included["file"].strip()
    return value if field == "DefinitionUri" and ":" not in value and "${" not in value else None


def _text(value: Any, node: Location, places: Places) -> Text | None:
    """Return the text of a definition, unless all of it is a placeholder."""
    text = text_of(value, node, places)
    return None if text is None or text.characters.lstrip().startswith("${") else text


def _object(template: Document, value: Any, node: Location) -> Document:
    start, end = template.places.text.place(*_extent(node))
    problems = template.problems
    if problems:
        first, last = template.place(start, start)[1], template.place(end, end)[1]
        problems = tuple(each for each in problems if first <= each.span <= last)
    return replace(
        template,
        value=value,
        problems=problems,
        source=replace(template.places, find=lambda: node),
        path=template.place(start, start)[0],
        text=template.text if template.atlas is None else template.atlas.source(start).text,
    )


def _extent(node: Location) -> tuple[int, int]:
    """Return the offsets at which a value starts and its last part ends."""
    end, waiting = node.end, [node]
    while waiting:
        inside = waiting.pop()
        end = max(end, inside.end)
        waiting += inside.parts.values()
    return node.start, end
