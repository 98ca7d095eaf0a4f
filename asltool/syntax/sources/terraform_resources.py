"""The resources of Terraform as documents, in a root module and the modules it calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asltool.syntax.document import Document
from asltool.syntax.hcl.encode import encoded
from asltool.syntax.sources.embedded import embedded
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.terraform_bodies import Computed, body_of
from asltool.syntax.sources.terraform_module import MOST_EXPRESSIONS, Folders, Module

__all__ = ["TerraformResource", "terraform_resources"]


@dataclass(frozen=True)
class TerraformResource:
    """A resource. ``label`` is the second label.

    The value of ``document`` are its attributes, placeholders for what is unknown; blocks inside are lists of
    objects. Its places are those in the files.
    """

    type: str
    label: str
    address: str
    document: Document


def terraform_resources(
    project: Project, folder: str, types: Iterable[str], computed: Computed | None = None
) -> Iterator[TerraformResource]:
    """Yield the resources of these types in a root module and the modules it calls.

    References to resources are followed if ``computed`` is given; it adds what only the deployment knows.

    Raises:
        MissingExtra: there is no parser.
    """
    module = Module(Folders(project), folder, computed=computed)
    yield from _in_module(module, frozenset(types))


def _in_module(module: Module, types: frozenset[str]) -> Iterator[TerraformResource]:
    for block in module.blocks:
        if block.kind == "resource" and len(block.labels) == 2 and block.labels[0] in types:
            for instance in module.instances(block):
                module.budget[0] = MOST_EXPRESSIONS
                kind, label = block.labels
                address = f"{module.prefix}{kind}.{label}{instance.suffix}"
                value = body_of(block, module, instance.names)
                source = block.source
                document = embedded(encoded(value), source.text, source.path, module.folders.project.atlas)
                yield TerraformResource(kind, label, address, document)
        elif block.kind == "module" and block.labels:
            for instance in module.instances(block):
                called = module.called(block, instance)
                if called is not None:
                    yield from _in_module(called, types)
