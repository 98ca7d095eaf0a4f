"""The resources of templates and Terraform, with known values filled in, and their positions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from asltool.integrations.resource_arns import RESOURCE_NAMES
from asltool.integrations.sam import template_resources
from asltool.syntax.arn import partition_of
from asltool.syntax.diagnostics import excerpt
from asltool.syntax.document import Document
from asltool.syntax.model import Pointer
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.template import is_terraform
from asltool.syntax.sources.terraform import Terraform, read_terraform
from asltool.syntax.sources.terraform_resources import terraform_resources

__all__ = ["PUBLISHED", "Declared", "camel", "declared_in", "terraform_texts"]

PUBLISHED = "published"
"""Stands for the number of a version in references of Terraform to it."""


@dataclass(frozen=True)
class Declared:
    """A resource. ``name`` is its logical ID, or its address in Terraform.

    ``properties`` are filled in; values known only after deployment are placeholders. Their place is
    ``pointer`` in ``document``.
    """

    file: str
    type: str
    name: str
    properties: dict[str, Any]
    document: Document
    pointer: Pointer = ()

    @property
    def origin(self) -> str:
        """``FILE#Name``."""
        return f"{self.file}#{self.name}"

    def note(
        self, pointer: Pointer, message: str, within: tuple[int, int] | None = None, *, key: bool = False
    ) -> str:
        """Return a message about one of the properties, with its file, line and a caret.

        ``within`` selects a part of a string by two offsets, ``key`` the key before the value.
        """
        offsets = self.document.offsets((*self.pointer, *pointer), key, within)
        path, span = self.document.place(*offsets)
        text = self.document.text if self.document.atlas is None else self.document.atlas.texts[path]
        return f"{path}:{span.line}:{span.column}: {message}\n{excerpt(text, span)}"


def declared_in(path: str, place: tuple[str, str], types: Iterable[str]) -> list[Declared]:
    """Return the resources of these types in a template, or in a folder or file of Terraform.

    ``place`` are the account and the region that they are deployed to.

    Raises:
        MissingExtra: the Terraform parser is not installed.
        TasksError: the template has a syntax error.
        OSError: the file cannot be read.
    """
    wanted = frozenset(types)
    if os.path.isdir(path) or is_terraform(path):
        return _of_terraform(path, place, wanted)
    found = template_resources(path, place)
    return [
        Declared(path, kind, name, _object(filled.get("Properties")), document, (*pointer, "Properties"))
        for document, pointer, name, filled in found
        if isinstance(filled, dict) and (kind := str(filled.get("Type"))) in wanted
    ]


def _of_terraform(path: str, place: tuple[str, str], types: frozenset[str]) -> list[Declared]:
    folder, only = (path, None) if os.path.isdir(path) else (os.path.dirname(path), os.path.normpath(path))
    project = Project()
    machines = {
        found.address: found.name for found in read_terraform(Terraform(project), folder) if found.address
    }

    def computed(address: str, kind: str, attributes: Mapping[str, Any]) -> dict[str, str]:
        if address in machines:
            account, region = place
            arn = f"arn:{partition_of(region)}:states:{region}:{account}:stateMachine:{machines[address]}"
            outputs = {"state_machine_arn": arn, "state_machine_version_arn": f"{arn}:{PUBLISHED}"}
            return {"arn": arn, "id": arn, "name": machines[address], **outputs}
        named = RESOURCE_NAMES.get(kind)
        if named is None:
            return {}
        name = named.name_of(address, attributes)
        arn = named.arn_of(name, place, partition_of(place[1]))
        return {named.field: name, "arn": arn, "id": arn if named.refers_to_arn else name}

    found = terraform_resources(project, folder, types, computed)
    return [
        Declared(
            each.document.path,
            each.type,
            each.address,
            {**(own := _object(each.document.value)), **computed(each.address, each.type, own)},
            each.document,
        )
        for each in found
        if only in (None, each.document.path) or each.address.startswith("module.")
    ]


def terraform_texts(path: str, place: tuple[str, str]) -> dict[str, str]:
    """Return the ARNs, ids and names of Terraform resources by reference: ``aws_sfn_activity.a.arn``."""
    machines = ("aws_sfn_state_machine",)
    return {
        f"{each.name}.{attribute}": each.properties[attribute]
        for each in declared_in(path, place, (*RESOURCE_NAMES, *machines))
        for attribute in ("arn", "id", "name", "function_name")
        if isinstance(each.properties.get(attribute), str) and "${" not in each.properties[attribute]
    }


_KEPT = frozenset(("arguments", "default_run_properties", "input_paths", "tags"))
"""What has keys of its own in Terraform."""

_LISTS = frozenset(("actions", "conditions", "routing_configuration"))
"""Blocks in Terraform that are arrays in CloudFormation; the others are objects there."""


def camel(value: Any) -> Any:
    """Return Terraform attributes as CloudFormation properties: ``JobName`` for ``job_name``."""
    if isinstance(value, list):
        return [camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, each in value.items():
        inside = each if name in _KEPT else camel(each)
        is_block = isinstance(inside, list) and bool(inside) and isinstance(inside[0], dict)
        title = "".join(part.title() for part in name.split("_"))
        made[title] = inside[0] if is_block and name not in _LISTS else inside
    return made


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
