"""The state machines in Terraform files: resources, and arguments of modules.

Sources: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sfn_state_machine and
https://registry.terraform.io/modules/terraform-aws-modules/step-functions/aws
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from asltool.errors import MissingExtra
from asltool.syntax.atlas import AtlasFile
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document, MachineType, not_read
from asltool.syntax.hcl.encode import encoded
from asltool.syntax.hcl.value import Unknown, Value, plain
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.embedded import embedded
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.template import Reference, is_terraform
from asltool.syntax.sources.terraform_blocks import Block, HclExpression
from asltool.syntax.sources.terraform_module import MOST_EXPRESSIONS, Folders, Instance, Module
from asltool.syntax.text import Text
from asltool.syntax.wording import quoted

__all__ = ["HOLDS", "Terraform", "read_terraform"]

_MACHINE = "aws_sfn_state_machine"
HOLDS = re.compile(r"\baws_sfn_state_machine\b|step-functions/aws|^\s*\"?definition\"?\s*[=:]", re.MULTILINE)
"""What a file has in it that holds machines, as far as can be seen without a parser."""
_DEFINITION = re.compile(r"(?:^|_)definition$")
_MACHINE_MODULE = re.compile(r"step[-_]?functions?|state[-_]?machine|\bsfn\b")
_VAGUE = ("this", "main", "default")
"""Labels that say nothing. A machine inside a module is known by the label of the call then."""


def read_terraform(
    terraform: Terraform, folder: str, files: Iterable[str] | None = None
) -> list[Document | Reference]:
    """Return the definitions of a module; see `Terraform.read`.

    Without a parser, each file that contains machines is reported as a definition that cannot be read.
    """
    try:
        return terraform.read(folder, files)
    except MissingExtra as missing:
        project = terraform.project
        paths = project.listed(folder) if files is None else files
        sources = [project.open(path) for path in paths if is_terraform(path)]
        return [
            _without_parser(source, str(missing))
            for source in sources
            if source and HOLDS.search(source.text)
        ]


def _without_parser(source: AtlasFile, reason: str) -> Document:
    found = HOLDS.search(source.text)
    start, end = found.span() if found else (0, 0)
    return not_read(source.path, source.text, source.lines.span(start, end), reason)


@dataclass(frozen=True)
class _MachineBlock:
    """A machine: the labels of its blocks, its address and its definition."""

    labels: tuple[str, ...]
    address: str
    block: Block
    definition: Value
    field: HclExpression
    guessed: bool
    missing: list[str]
    names: list[tuple[str, Value]]
    type: MachineType | None


class Terraform:
    """Reads the machines of modules. The offsets of all files are those of the project's atlas."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._folders = Folders(project)

    def read(self, folder: str, files: Iterable[str] | None = None) -> list[Document | Reference]:
        """Return the definitions of a root module and of the modules it calls.

        Args:
            files: read only what these files of the module contain or call; by default all its files.
        """
        only = None if files is None else {os.path.normpath(file) for file in files}
        module = Module(self._folders, folder)
        found = list(self._in_module(module, "", (), only))
        documents = [self._read(machine, name) for machine, name in zip(found, _names(found), strict=True)]
        return [*documents, *self._broken_files(module, only, {id(machine.block) for machine in found})]

    def _broken_files(self, module: Module, only: set[str] | None, read: set[int]) -> Iterator[Document]:
        """Yield a document for each file with a syntax error that may hide a machine."""
        seen: set[str] = set()
        for block in module.blocks:
            source = block.source
            skipped = source.path in seen or not (only is None or source.path in only)
            if block.broken is None or id(block) in read or skipped or not HOLDS.search(source.text):
                continue
            seen.add(source.path)
            _, span = self.project.atlas.place(block.broken, block.broken + 1)
            reason = "this is not HCL, so part of the file is not read"
            yield not_read(source.path, source.text, span, reason)

    def calls(self, folder: str) -> list[str]:
        """Return the folders of the local modules that a module calls."""
        module = Module(self._folders, folder)
        sources = (module.local_source(block) for block in module.blocks if block.kind == "module")
        return [source for source in sources if source is not None]

    def _in_module(
        self, module: Module, prefix: str, labels: tuple[str, ...], only: set[str] | None
    ) -> Iterator[_MachineBlock]:
        for block in module.blocks:
            if only is not None and block.source.path not in only:
                continue
            if block.kind == "resource" and block.labels[:1] == (_MACHINE,) and len(block.labels) > 1:
                for instance in module.instances(block):
                    yield from _machine(module, block, instance, "definition", prefix, labels)
            elif block.kind == "module" and block.labels:
                for instance in module.instances(block):
                    yield from self._call(module, block, instance, prefix, labels)

    def _call(
        self, module: Module, block: Block, instance: Instance, prefix: str, labels: tuple[str, ...]
    ) -> Iterator[_MachineBlock]:
        if module.local_source(block) is not None:
            called = module.called(block, instance)
            if called is not None:
                below = f"{prefix}module.{block.labels[0]}{instance.suffix}."
                yield from self._in_module(called, below, (*labels, block.labels[0]), None)
            return
        source = block.attributes.get("source")
        makes_machines = source is not None and _MACHINE_MODULE.search(
            str(plain(source.evaluate(module, {})))
        )
        for name in filter(_DEFINITION.search, block.attributes):
            for machine in _machine(module, block, instance, name, prefix, labels):
                if _is_definition(machine.definition) or (makes_machines and name == "definition"):
                    yield machine

    def _read(self, machine: _MachineBlock, name: str) -> Document | Reference:
        block, value = machine.block, machine.definition
        if block.broken is not None:
            return self._not_read(machine, name, (block.broken, block.broken + 1), "this is not HCL")
        text = encoded(value) if isinstance(value.data, dict) else value.characters()
        if not isinstance(value.data, dict | str) or text.characters.lstrip()[:2] == "${":
            reason = f"it is {_shown(value)}, which is known only when Terraform runs"
            if machine.missing:
                reason = f"there is no file {quoted(machine.missing[0])} that can be read"
            return self._not_read(machine, name, machine.field.place, reason)
        whole = self._whole_file(text)
        if whole is not None:
            source, span = self.project.atlas.place(*machine.field.place)
            file = os.path.relpath(whole, os.path.dirname(source.path) or ".")
            return Reference(source.path, span, file, name, machine.type, address=machine.address)
        first = self.project.atlas.source(text.starts[0])
        document = embedded(text, first.text, first.path, self.project.atlas)
        if document.value is ABSENT and machine.guessed:
            reason = "it depends on conditions that are known only when Terraform runs"
            return self._not_read(machine, name, machine.field.place, reason)
        problems = (*document.problems, *map(self._said_of_name, machine.names))
        return replace(
            document, name=name, machine_type=machine.type, address=machine.address, problems=problems
        )

    def _said_of_name(self, found: tuple[str, Value]) -> Diagnostic:
        code, value = found
        source, span = self.project.atlas.place(value.start, value.end)
        name = value.data.name if isinstance(value.data, Unknown) else value.data
        if code == "substitution-unused":
            message = f"the template does not use {quoted(name)}"
        else:
            message = f"the template needs the variable {quoted(name)}"
        return Diagnostic(source.path, span, code, message, "warning")

    def _not_read(self, machine: _MachineBlock, name: str, place: tuple[int, int], reason: str) -> Document:
        source, span = self.project.atlas.place(*place)
        said = f"the definition of {quoted(name)} is not read: {reason}"
        return not_read(source.path, source.text, span, said, name, machine.address)

    def _whole_file(self, text: Text) -> str | None:
        """Return the file whose whole, unchanged text this is."""
        if not text.characters or not isinstance(text.starts, range):
            return None
        source = self.project.atlas.source(text.starts[0])
        return source.path if len(text.characters) == len(source.text) else None


def _machine(
    module: Module, block: Block, instance: Instance, field: str, prefix: str, labels: tuple[str, ...]
) -> Iterator[_MachineBlock]:
    expression = block.attributes.get(field)
    if expression is None:
        return
    guesses, missing = module.guesses, module.folders.project.missing
    before = len(missing)
    module.budget[0] = MOST_EXPRESSIONS
    module.missing, module.unused = [], []
    value = expression.evaluate(module, instance.names)
    address = f"{'module.' if block.kind == 'module' else ''}{'.'.join(block.labels)}{instance.suffix}"
    kind = block.attributes.get("type")
    yield _MachineBlock(
        (*labels, block.labels[-1]),
        f"{prefix}{address}",
        block,
        value,
        expression,
        module.guesses > guesses,
        missing[before:],
        [
            *(("substitution-unknown", each) for each in module.missing),
            *(("substitution-unused", each) for each in module.unused),
        ],
        _type(None if kind is None else kind.evaluate(module, instance.names)),
    )


def _type(value: Value | None) -> MachineType | None:
    if value is None:
        return "STANDARD"
    written = str(value.data).upper()
    if written in ("NONE", "STANDARD"):
        return "STANDARD"
    return "EXPRESS" if written == "EXPRESS" else None


def _is_definition(value: Value) -> bool:
    """Return whether a module's argument is a state machine."""
    if isinstance(value.data, dict):
        return "States" in value.data
    text = value.data if isinstance(value.data, str) else ""
    return text.lstrip()[:1] == "{" and '"States"' in text


def _names(machines: list[_MachineBlock]) -> list[str]:
    """Return a unique name for each machine: a label if that is enough, else the address."""
    vague = [len(each.labels) > 1 and each.labels[-1] in _VAGUE for each in machines]
    first = Counter(each.labels[-1] for each in machines)
    names = [
        each.labels[-2] if is_vague and first[each.labels[-1]] > 0 else each.labels[-1]
        for each, is_vague in zip(machines, vague, strict=True)
    ]
    second = Counter(names)
    names = [
        each.labels[-2] if second[name] > 1 and len(each.labels) > 1 else name
        for each, name in zip(machines, names, strict=True)
    ]
    third = Counter(names)
    return [each.address if third[name] > 1 else name for each, name in zip(machines, names, strict=True)]


def _shown(value: Value) -> str:
    return quoted(value.data.name if isinstance(value.data, Unknown) else str(plain(value))[:60])
