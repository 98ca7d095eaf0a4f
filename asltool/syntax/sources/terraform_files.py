"""The named Terraform files, their modules, and the files that these read."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from asltool.errors import MissingExtra
from asltool.syntax.document import Document
from asltool.syntax.sources.named import Named
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.template import Reference, is_terraform
from asltool.syntax.sources.terraform import Terraform, read_terraform
from asltool.syntax.sources.terraform_resources import TerraformResource, terraform_resources

__all__ = ["Modules", "open_modules", "root_modules"]


@dataclass(frozen=True)
class Modules:
    """The content of modules: definitions, by the file they begin in, and references to other files.

    ``workflows`` are the names of Glue workflows by file, ``read`` the absolute paths of all files that were
    read.
    """

    documents: Mapping[str, list[Document]]
    references: list[Reference]
    workflows: Mapping[str, list[str]]
    read: frozenset[str]


def open_modules(named: Named, texts: Mapping[str, str] | None = None) -> Modules:
    """Read the modules of the named Terraform files. ``texts`` replace the files on disk.

    A file that was named itself is read alone, with the modules it calls. In a folder, every module that no
    other one calls is read.
    """
    project = Project(texts)
    documents: defaultdict[str, list[Document]] = defaultdict(list)
    references: list[Reference] = []
    workflows: defaultdict[str, list[str]] = defaultdict(list)
    terraform = Terraform(project)
    for folder, files in _roots(named, terraform):
        for resource in _workflows(project, folder):
            workflows[resource.document.path].append(resource.label)
        for found in read_terraform(terraform, folder, files):
            if isinstance(found, Document):
                documents[found.path].append(found)
            else:
                references.append(found)
    return Modules(documents, references, workflows, project.read)


def root_modules(named: Named) -> list[str]:
    """Return the folders of root modules, and the files of Terraform that were named themselves."""
    found = _roots(named, Terraform(Project()))
    return [each for folder, files in found for each in (files or [folder])]


def _workflows(project: Project, folder: str) -> list[TerraformResource]:
    try:
        return list(terraform_resources(project, folder, ["aws_glue_workflow"]))
    except MissingExtra:
        return []


def _roots(named: Named, terraform: Terraform) -> Iterator[tuple[str, list[str] | None]]:
    """Yield the folders of root modules, each with the files to read, or None for all its files."""
    chosen: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, None] = {}
    for path in filter(is_terraform, named.files):
        folder = os.path.dirname(path)
        if os.path.abspath(path) in named.chosen:
            chosen[folder].append(path)
        elif path not in named.empty:
            found[folder] = None
    yield from chosen.items()
    called = _called(list(found), terraform)
    yield from ((folder, None) for folder in found if os.path.abspath(folder) not in called)


def _called(folders: list[str], terraform: Terraform) -> set[str]:
    """Return the modules that others call; modules that only call each other in a cycle are roots too."""
    try:
        calls = {
            os.path.abspath(folder): set(map(os.path.abspath, terraform.calls(folder))) for folder in folders
        }
    except MissingExtra:
        return set()
    return {
        callee
        for caller, callees in calls.items()
        for callee in callees
        if caller not in calls.get(callee, ())
    }
