"""A workflow of AWS Glue: triggers that start jobs and crawlers, and what each of them waits for.

Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-workflow.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from asltool.syntax.model import Pointer

__all__ = [
    "END_STATES",
    "STARTS",
    "GlueAction",
    "GlueCondition",
    "GlueNode",
    "Said",
    "Trigger",
    "Workflow",
    "labelled",
]

Said: TypeAlias = Callable[[Pointer, str], str]
"""From the pointer to a property and a message to that message with its place."""

STARTS = ("ON_DEMAND", "SCHEDULED", "EVENT")
"""Types of triggers that start a workflow."""


class GlueNode(NamedTuple):
    """A job or a crawler, by its name."""

    kind: Literal["job", "crawler"]
    name: str

    def __str__(self) -> str:
        return f'{self.kind} "{self.name}"'


END_STATES = {
    "job": ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT"),
    "crawler": ("SUCCEEDED", "FAILED", "CANCELLED"),
}
"""What triggers can wait for."""


@dataclass(frozen=True)
class GlueAction:
    """What a trigger starts; ``request`` are the other members of a request that starts it."""

    node: GlueNode
    request: Mapping[str, Any] = field(default_factory=dict)


class GlueCondition(NamedTuple):
    """What a trigger waits for: ``number`` is its place in the predicate."""

    node: GlueNode
    state: str
    number: int


@dataclass(frozen=True, eq=False)
class Trigger:
    """A trigger. ``label`` is what its template calls it, ``said`` places messages about it."""

    name: str
    label: str
    type: str
    said: Said
    actions: tuple[GlueAction, ...] = ()
    conditions: tuple[GlueCondition, ...] = ()
    is_any: bool = False
    is_active: bool = True
    schedule: str = ""
    pattern: Any = None

    def __str__(self) -> str:
        return labelled(f'trigger "{self.name}"', self.name, self.label)

    @property
    def starts(self) -> bool:
        return self.type in STARTS


@dataclass(frozen=True)
class Workflow:
    """A workflow, or triggers outside of any that belong together.

    ``label`` is what its template calls it, ``notes`` say what is already left out.
    """

    name: str
    triggers: tuple[Trigger, ...]
    label: str = ""
    description: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return labelled(f'workflow "{self.name}"', self.name, self.label)


def labelled(shown: str, name: str, label: str) -> str:
    """Return what is shown of something, with what its template calls it if that is another name."""
    return shown if label in ("", name) else f"{shown} ({label})"
