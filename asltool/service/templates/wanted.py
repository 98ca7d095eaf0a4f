"""The triggers that a template wants, and those that cannot be served."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from asltool.service.caller import Caller
from asltool.service.machines import Body

__all__ = ["KINDS", "NOT_KNOWN", "Kind", "LeftOut", "WantedTrigger", "is_known", "role_of", "target_from"]

Kind: TypeAlias = Literal["activity", "event bus", "schedule group", "rule", "schedule"]

KINDS: tuple[Kind, ...] = ("activity", "event bus", "schedule group", "rule", "schedule")
"""In the order in which they are made."""

NOT_KNOWN = "is known only after deployment"


_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


@dataclass(frozen=True)
class WantedTrigger:
    """A wanted trigger; ``request`` is for the operation that creates it, ``targets`` are those of a rule."""

    kind: Kind
    origin: str
    request: Body = field(repr=False)
    targets: tuple[Body, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class LeftOut:
    """A trigger that is not served, its place, and the reason."""

    origin: str
    reason: str

    def __str__(self) -> str:
        return f"not served: {self.origin}: {self.reason}"


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
