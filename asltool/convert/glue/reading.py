"""Read the workflows of a source: the output of the AWS CLI, a CloudFormation template, or Terraform.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-trigger.html
and https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/glue_trigger
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from asltool.convert.glue.triggers import TriggerReader, as_known, is_open
from asltool.convert.glue.workflow import GlueNode, Said, Trigger, Workflow
from asltool.errors import DefinitionError
from asltool.integrations.declared import Declared, camel, declared_in
from asltool.integrations.template_document import template_document
from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT, Pointer
from asltool.syntax.sources.template import is_terraform
from asltool.syntax.text import at
from asltool.syntax.wording import quoted

__all__ = ["Found", "read_workflows"]

_KINDS = {
    "AWS::Glue::Crawler": "crawler",
    "AWS::Glue::Job": "job",
    "AWS::Glue::Trigger": "trigger",
    "AWS::Glue::Workflow": "workflow",
    "AWS::Events::Rule": "rule",
    "aws_cloudwatch_event_rule": "rule",
    "aws_cloudwatch_event_target": "target",
    "aws_glue_crawler": "crawler",
    "aws_glue_job": "job",
    "aws_glue_trigger": "trigger",
    "aws_glue_workflow": "workflow",
}
_WORKFLOW_ARN = re.compile(r":workflow/(?P<name>[^/]+)$")
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass
class Found:
    """The workflows of a source, what its template calls jobs and crawlers, and what is in none of them."""

    workflows: list[Workflow] = field(default_factory=list)
    labels: dict[GlueNode, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_workflows(source: str, place: tuple[str, str]) -> Found:
    """Read a source. ``place`` are the account and the region that a template is deployed to.

    Triggers without a workflow are grouped by shared jobs or crawlers, and each group counts as a workflow.

    Raises:
        DefinitionError: there is no workflow and no trigger.
        MissingExtra, TasksError: the source cannot be read.
        OSError: the file cannot be read.
    """
    if not (os.path.isdir(source) or is_terraform(source)):
        document = template_document(source)
        value = document.value
        workflow = value.get("Workflow", value) if isinstance(value, dict) else None
        if isinstance(workflow, dict) and "Graph" in workflow:
            return _graph(document, workflow, ("Workflow",) if "Workflow" in value else ())
    declared = declared_in(source, place, _KINDS)
    found = _Declarations(declared).found()
    if not found.workflows:
        said = "".join(f"\n{note}" for note in found.notes)
        raise DefinitionError(f"{source} has no workflow and no trigger of Glue{said}")
    return found


def _graph(document: Document, workflow: Mapping[str, Any], pointer: Pointer) -> Found:
    """Read what ``aws glue get-workflow --include-graph`` prints."""
    found, triggers, notes = Found(), [], []
    graph = workflow["Graph"]
    nodes = graph.get("Nodes") if isinstance(graph, dict) else None
    kept: list[GlueNode] = []
    for number, node in enumerate(nodes if isinstance(nodes, list) else ()):
        kind, name = (node.get("Type"), node.get("Name")) if isinstance(node, dict) else (None, None)
        if kind in ("JOB", "CRAWLER") and isinstance(name, str):
            kept.append(GlueNode("job" if kind == "JOB" else "crawler", name))
        elif kind == "TRIGGER":
            at = (*pointer, "Graph", "Nodes", number, "TriggerDetails", "Trigger")
            details = node.get("TriggerDetails")
            members = details.get("Trigger") if isinstance(details, dict) else None
            if not isinstance(members, dict):
                raise DefinitionError(
                    _said(document, at)((), 'expected an object "TriggerDetails" with a "Trigger"')
                )
            reader = TriggerReader(members, str(name or ""), _said(document, at))
            triggers += reader.read()
            notes += reader.notes
    name = str(workflow.get("Name") or "workflow")
    found.workflows.append(_workflow(name, "", workflow, triggers, notes, _said(document, pointer)))
    found.notes += _unused(kept, found.workflows, str)
    return found


def _said(document: Document, pointer: Pointer) -> Said:
    return Declared(document.path, "", "", {}, document, pointer).note


def _workflow(
    name: str,
    label: str,
    members: Mapping[str, Any],
    triggers: Iterable[Trigger],
    notes: Iterable[str],
    said: Said,
) -> Workflow:
    kept = list(notes)
    given = members.get("DefaultRunProperties")
    properties = {
        key: each for key, each in (given if isinstance(given, dict) else {}).items() if not is_open(each)
    }
    if isinstance(given, dict) and (lost := [key for key in given if key not in properties]):
        listed = ", ".join(map(quoted, lost))
        kept.append(said(("DefaultRunProperties",), f"{listed} is known only after deployment. left out"))
    if members.get("MaxConcurrentRuns"):
        message = f"state machines have no limit of concurrent executions; workflow {quoted(name)} has one"
        kept.append(said(("MaxConcurrentRuns",), message))
    description = members.get("Description")
    shown = description if isinstance(description, str) and not is_open(description) else ""
    return Workflow(name, tuple(triggers), label, shown, properties, tuple(kept))


def _unused(
    nodes: Iterable[GlueNode], workflows: Iterable[Workflow], shown: Callable[[GlueNode], str]
) -> Iterator[str]:
    """Yield a note for each job and crawler that no trigger names."""
    triggers = [trigger for workflow in workflows for trigger in workflow.triggers]
    named = {action.node for trigger in triggers for action in trigger.actions}
    named |= {condition.node for trigger in triggers for condition in trigger.conditions}
    return (f"{shown(node)} is left out: no trigger starts it" for node in nodes if node not in named)


class _Declarations:
    """The resources of Glue in a template or in Terraform."""

    def __init__(self, declared: Iterable[Declared]) -> None:
        self.by_kind: defaultdict[str, list[tuple[Declared, dict[str, Any]]]] = defaultdict(list)
        for each in declared:
            members = camel(each.properties) if each.type.startswith("aws_") else each.properties
            self.by_kind[_KINDS[each.type]].append((each, members))
        self.patterns = dict(self._patterns())

    def found(self) -> Found:
        found = Found()
        places: dict[GlueNode, Declared] = {}
        for kind in ("job", "crawler"):
            for one, members in self.by_kind[kind]:
                node = GlueNode("job" if kind == "job" else "crawler", _name(one, members))
                found.labels[node], places[node] = one.name, one
                written = at(one.document.value, (*one.pointer, "name" if one.pointer == () else "Name"))
                if written is ABSENT or is_open(written):
                    message = f"the name of {node} is known only after deployment. fill it in"
                    found.notes.append(one.note((), message))
        inside: defaultdict[str, list[TriggerReader]] = defaultdict(list)
        for one, members in self.by_kind["trigger"]:
            key = members.get("WorkflowName")
            inside[as_known(key) if isinstance(key, str) and key else ""].append(
                TriggerReader(members, one.name, _placed(one))
            )
        for one, members in self.by_kind["workflow"]:
            name = _name(one, members)
            triggers, notes = self._read(inside.pop(name, []), name)
            found.workflows.append(_workflow(name, one.name, members, triggers, notes, _placed(one)))
        for name, readers in inside.items():
            triggers, notes = self._read(readers, name)
            groups = [triggers] if name else _apart(triggers)
            found.workflows += [Workflow(name or group[0].name, tuple(group)) for group in groups]
            found.notes += notes
        found.notes += _unused(places, found.workflows, lambda node: f"{places[node].origin}: {node}")
        return found

    def _read(self, readers: list[TriggerReader], workflow: str) -> tuple[list[Trigger], list[str]]:
        triggers = [each for reader in readers for each in reader.read(self.patterns.get(workflow))]
        return triggers, [note for reader in readers for note in reader.notes]

    def _patterns(self) -> Iterator[tuple[str, Any]]:
        """Yield the patterns of rules that start workflows, by the workflow."""
        rules = {}
        for one, members in self.by_kind["rule"]:
            rules[_name(one, members)] = pattern = members.get("EventPattern")
            for target in members.get("Targets") or () if one.type.startswith("AWS") else ():
                yield from _started(target, pattern)
        for _, members in self.by_kind["target"]:
            yield from _started(members, rules.get(str(members.get("Rule"))))


def _started(target: Any, pattern: Any) -> Iterator[tuple[str, Any]]:
    found = _WORKFLOW_ARN.search(str(target.get("Arn", ""))) if isinstance(target, dict) else None
    if found and pattern is not None and not is_open(pattern):
        yield as_known(found["name"]), pattern


def _name(one: Declared, members: Mapping[str, Any]) -> str:
    name = members.get("Name")
    return as_known(name) if isinstance(name, str) and name else one.name.rpartition(".")[2]


def _placed(one: Declared) -> Said:
    """Return what places messages; Terraform has blocks where CloudFormation has objects."""
    if not one.type.startswith("aws_"):
        return one.note

    def said(pointer: Pointer, message: str) -> str:
        steps = [_CAPITAL.sub("_", step).lower() if isinstance(step, str) else step for step in pointer]
        if steps[:1] == ["predicate"]:
            steps.insert(1, 0)
        return one.note(tuple(steps), message)

    return said


def _apart(triggers: list[Trigger]) -> list[list[Trigger]]:
    """Return the groups of triggers that share jobs or crawlers."""
    groups: list[tuple[set[GlueNode], list[Trigger]]] = []
    for trigger in triggers:
        nodes = {action.node for action in trigger.actions} | {each.node for each in trigger.conditions}
        members = [trigger]
        for group in [each for each in groups if each[0] & nodes]:
            groups.remove(group)
            nodes |= group[0]
            members = [*group[1], *members]
        groups.append((nodes, members))
    return [sorted(members, key=triggers.index) for _, members in groups]
