"""What a template wants to be there, and what of it cannot be served."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from asltool.service.caller import Caller
from asltool.service.machines import Body

__all__ = ["KINDS", "NOT_KNOWN", "Kind", "LeftOut", "Wanted", "is_known", "role_of", "target_from"]

Kind: TypeAlias = Literal["activity", "event bus", "schedule group", "rule", "schedule"]

KINDS: tuple[Kind, ...] = ("activity", "event bus", "schedule group", "rule", "schedule")
"""In the order in which they are made."""

NOT_KNOWN = "is known only after deployment"


_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


@dataclass(frozen=True)
class Wanted:
    """One of them; ``request`` is that of the operation that makes it, ``targets`` are those of a rule."""

    kind: Kind
    origin: str
    request: Body = field(repr=False)
    targets: tuple[Body, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class LeftOut:
    """What is not served, where it stands, and why."""

    origin: str
    reason: str

    def __str__(self) -> str:
        return f"not served: {self.origin}: {self.reason}"


def is_known(value: Any) -> bool:
    """Return whether a value has no placeholder of a template."""
    if isinstance(value, str):
        return "${" not in value
    if isinstance(value, Mapping):
        return all(map(is_known, value.values()))
    return not isinstance(value, list) or all(map(is_known, value))


def role_of(given: Any, caller: Caller) -> str:
    """Return a role, which nothing here depends on; roles of the template are known after deployment."""
    own = f"arn:aws:iam::{caller.account}:role/asltool"
    return given if isinstance(given, str) and _ROLE.fullmatch(given) else own


def target_from(properties: Mapping[str, Any], arn: str, caller: Caller) -> Body:
    """Return what the properties of an event say about its target."""
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
