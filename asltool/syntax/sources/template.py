"""Recognize templates, quickly enough to check every file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from asltool.syntax.diagnostics import Span
from asltool.syntax.document import MachineType
from asltool.syntax.model import Pointer
from asltool.syntax.text import at

__all__ = ["RESOURCES", "SERVERLESS", "NestedTemplate", "Reference", "is_template", "is_terraform"]

_SERVICE = frozenset(("AWSTemplateFormatVersion", "functions", "provider", "service", "stepFunctions"))
"""Fields of templates and services that no definition has."""
_TERRAFORM = re.compile(r"\.(?:tf|tofu)(?:\.json)?$")

RESOURCES: tuple[Pointer, ...] = (("Resources",), ("resources", "Resources"))
"""Where the resources of CloudFormation are, in its own templates and in ``serverless.yml``."""

SERVERLESS: Pointer = ("stepFunctions", "stateMachines")
"""Where the Serverless Framework has state machines."""


class Reference(NamedTuple):
    """A definition that is in another file: ``file`` as it is written, relative to the template's folder.

    ``substitutions`` are the values that the template fills in, by name; None if it does not list them.
    ``places`` are their positions.
    """

    path: str
    span: Span
    file: str
    name: str
    machine_type: MachineType | None
    address: str = ""
    substitutions: Mapping[str, Any] | None = None
    places: Mapping[str, Span] = {}


def is_terraform(path: str) -> bool:
    """Return whether a file is a Terraform or OpenTofu file by its name."""
    return _TERRAFORM.search(path) is not None


class NestedTemplate(NamedTuple):
    """The template of a nested stack: ``file`` as it is written, relative to the template's folder."""

    path: str
    span: Span
    file: str


def is_template(value: Any) -> bool:
    """Return whether a value is a template or a Serverless Framework service, and not a definition."""
    if not isinstance(value, dict):
        return False
    if any(isinstance(at(value, pointer), dict) for pointer in (*RESOURCES, SERVERLESS)):
        return True
    return not ("StartAt" in value or "States" in value) and not _SERVICE.isdisjoint(value)
