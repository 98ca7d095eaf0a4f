"""What templates and Terraform declare: resources, filled in as far as they are known, with their places."""

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

__all__ = ["Declared", "declared_in"]

_MACHINE = "aws_sfn_state_machine"


@dataclass(frozen=True)
class Declared:
    """A resource. ``name`` is its logical ID, or its address in Terraform.

    ``properties`` are filled in; what is known only after deployment is a placeholder. In ``document`` they
    stand at ``pointer``.
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

    def note(self, pointer: Pointer, message: str, within: tuple[int, int] | None = None) -> str:
        """Return a message about one of the properties, with its file, line and a caret.

        ``within`` asks for a part of a string, as two offsets.
        """
        path, span = self.document.place(*self.document.offsets((*self.pointer, *pointer), within=within))
        text = self.document.text if self.document.atlas is None else self.document.atlas.texts[path]
        return f"{path}:{span.line}:{span.column}: {message}\n{excerpt(text, span)}"


def declared_in(path: str, place: tuple[str, str], types: Iterable[str]) -> list[Declared]:
    """Return the resources of these types in a template, or in a folder or file of Terraform.

    ``place`` are the account and the region that they are deployed to.

    Raises:
        MissingExtra: there is no parser of Terraform.
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
        if (kind := str(filled.get("Type"))) in wanted
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
            return {"arn": arn, "id": arn, "name": machines[address], "state_machine_arn": arn}
        named = RESOURCE_NAMES.get(kind)
        if named is None:
            return {}
        name = str(attributes.get(named.field, address.rpartition(".")[2]))
        arn = named.arn_of(name, place, partition_of(place[1]))
        return {named.field: name, "arn": arn, "id": arn if named.refers_to_arn else name}

    found = terraform_resources(project, folder, types, computed)
    return [
        Declared(each.document.path, each.type, each.address, _object(each.document.value), each.document)
        for each in found
        if only in (None, each.document.path) or each.address.startswith("module.")
    ]


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
