"""The triggers that a template wants, and those that cannot be served."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from asltool.errors import ExpressionError, OptionError, PatternError
from asltool.integrations.declared import Declared
from asltool.service.caller import Caller
from asltool.service.errors import ServiceError
from asltool.service.machines import Body
from asltool.syntax.model import Pointer
from asltool.syntax.text import at

__all__ = [
    "KINDS",
    "NOT_KNOWN",
    "Kind",
    "LeftOut",
    "TemplateSpot",
    "WantedTrigger",
    "is_known",
    "role_of",
    "target_from",
]

Kind: TypeAlias = Literal[
    "activity", "event bus", "schedule group", "version", "alias", "rule", "schedule", "api"
]

KINDS: tuple[Kind, ...] = (
    "activity",
    "event bus",
    "schedule group",
    "version",
    "alias",
    "rule",
    "schedule",
    "api",
)
"""In the order in which they are made."""

NOT_KNOWN = "is known only after deployment"


_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_MEMBER = re.compile(r" at '(?P<name>\w+)[.']")
"""Where the service says that a member of a request is wrong."""


@dataclass(frozen=True)
class TemplateSpot:
    """Where a trigger is written: ``pointer`` is below the properties of a resource.

    ``fields`` are the names that members of the request have there, if they differ.
    """

    declared: Declared
    pointer: Pointer = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    def note(self, message: str, problem: BaseException | None = None) -> str:
        """Return a message with its file, line and a caret, at the part that a problem is about."""
        if isinstance(problem, PatternError):
            return self._in_pattern(message, problem)
        if isinstance(problem, ExpressionError):
            end = min(problem.offset + 1, len(problem.text))
            within = (min(problem.offset, end - 1), end) if problem.text else None
            return self.declared.note(self._field("ScheduleExpression"), message, within)
        if isinstance(problem, OptionError):
            return self.declared.note(self._field("ScheduleExpressionTimezone"), message)
        if isinstance(problem, ServiceError) and problem.path:
            return self.declared.note(
                self._field(problem.path.partition(".member.")[2] or problem.path), message
            )
        found = _MEMBER.search(str(problem))
        return self.declared.note(self._field(found["name"]) if found else self.pointer, message)

    def _in_pattern(self, message: str, problem: PatternError) -> str:
        pointer = self._field("EventPattern")
        if isinstance(at(self.declared.document.value, (*self.declared.pointer, *pointer)), str):
            return self.declared.note(pointer, message, problem.place)
        return self.declared.note((*pointer, *problem.pointer), message, key=problem.on_key)

    def _field(self, name: str) -> Pointer:
        return (*self.pointer, self.fields.get(name, name))


@dataclass(frozen=True)
class WantedTrigger:
    """A wanted trigger; ``request`` is for the operation that creates it, ``targets`` are those of a rule.

    ``symbol`` is what references to a version have in place of its ARN.
    """

    kind: Kind
    origin: str
    request: Body = field(repr=False)
    targets: tuple[Body, ...] = field(default=(), repr=False)
    spot: TemplateSpot | None = field(default=None, repr=False, compare=False)
    symbol: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A trigger that is not served, its place, and the reason. ``note`` says it with a line and a caret."""

    origin: str
    reason: str
    note: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        return self.note or f"not served: {self.origin}: {self.reason}"

    @classmethod
    def at(
        cls, origin: str, reason: str, spot: TemplateSpot | None, problem: BaseException | None = None
    ) -> LeftOut:
        """Return what is left out because of a problem at a spot."""
        name = origin.rpartition("#")[2]
        return cls(origin, reason, spot.note(f"not served: {name}: {reason}", problem) if spot else "")


def is_known(value: Any) -> bool:
    """Return whether a value does not contain a placeholder."""
    if isinstance(value, str):
        return "${" not in value
    if isinstance(value, Mapping):
        return all(map(is_known, value.values()))
    return not isinstance(value, list) or all(map(is_known, value))


def role_of(given: Any, caller: Caller) -> str:
    """Return a role; nothing here depends on it, and the template's roles are known only after deployment."""
    own = f"arn:aws:iam::{caller.account}:role/asltool"
    return given if isinstance(given, str) and _ROLE.fullmatch(given) else own


def target_from(properties: Mapping[str, Any], arn: str, caller: Caller) -> Body:
    """Return the fields of a target from the properties of an event."""
    target: Body = {"Arn": arn, "RoleArn": role_of(properties.get("RoleArn"), caller)}
    for name in ("Input", "InputPath", "InputTransformer", "RetryPolicy"):
        if properties.get(name) is not None:
            target[name] = properties[name]
    if isinstance(target.get("Input"), dict | list):
        target["Input"] = json.dumps(target["Input"])
    queue = properties.get("DeadLetterConfig")
    if isinstance(queue, dict) and isinstance(queue.get("Arn"), str) and is_known(queue["Arn"]):
        target["DeadLetterConfig"] = {"Arn": queue["Arn"]}
    return target
