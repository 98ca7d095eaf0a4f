"""State machines in files: created when a server starts, and updated when their files change."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from asltool.errors import DefinitionError
from asltool.integrations.declared import terraform_texts
from asltool.integrations.sam import machine_name, template_texts
from asltool.machine import load_document
from asltool.service.caller import Caller
from asltool.service.errors import ServiceError
from asltool.service.templates.wanted import LeftOut
from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.chosen import split
from asltool.syntax.sources.files import UNREADABLE, open_all
from asltool.syntax.sources.named import find
from asltool.syntax.sources.substitutions import filled_in
from asltool.syntax.wording import quoted

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["Applied", "MachineSource", "apply", "apply_served", "read_served", "read_sources"]

_ENDINGS = (".asl.json", ".asl.yaml", ".asl.yml", ".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class MachineSource:
    """A machine in a file: its name, definition text, type and place."""

    name: str
    definition: str
    type: str
    origin: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A machine on the server, and whether it was created or updated."""

    arn: str
    source: MachineSource
    change: Literal["created", "updated", "unchanged"]

    def __str__(self) -> str:
        return f"{self.arn} {self.change}, {self.source.origin}"


def read_sources(
    paths: Iterable[str], express: Collection[str] = (), caller: Caller | None = None
) -> list[MachineSource]:
    """Return the machines of files, folders and templates, and of ``FILE#Name``.

    A machine has the name from its template, or that of its file without ``.asl.json`` or ``.asl.yaml``. Its
    type is STANDARD, unless the template or ``express``, a list of names, says otherwise. Values that a
    template fills in are those for ``caller``.

    Raises:
        DefinitionError: a definition has errors, there is no state machine, or two have one name.
        OSError: a file cannot be read.
    """
    return read_served(paths, express, caller, leave_out=False)[0]


def read_served(
    paths: Iterable[str],
    express: Collection[str] = (),
    caller: Caller | None = None,
    *,
    leave_out: bool = True,
) -> tuple[list[MachineSource], list[LeftOut]]:
    """Return what `read_sources` does, and the machines of templates whose definitions cannot be used.

    Raises:
        DefinitionError: as `read_sources`; with ``leave_out`` only for definitions that are a file.
        OSError: a file cannot be read.
    """
    found = [each for path in paths for each in _in(path, express, caller or Caller(), leave_out=leave_out)]
    by_name: dict[str, MachineSource] = {}
    for source in (each for each in found if isinstance(each, MachineSource)):
        other = by_name.setdefault(source.name, source)
        if other is not source and other.origin != source.origin:
            raise DefinitionError(
                f"{other.origin} and {source.origin} both have a state machine {quoted(source.name)}. "
                "serve one of them, or rename it"
            )
    return list(by_name.values()), [each for each in found if isinstance(each, LeftOut)]


def _in(
    path: str, express: Collection[str], caller: Caller, *, leave_out: bool
) -> Iterator[MachineSource | LeftOut]:
    """Yield the machines of one argument."""
    file, name = split(path)
    opened = open_all(find([file]))
    unreadable = [each for one in opened for each in one.problems if each.code == UNREADABLE]
    if unreadable:
        raise DefinitionError("\n".join(map(str, unreadable)))
    documents = [
        document
        for one in opened
        for document in one.documents
        if name is None or name in (document.name, document.address)
    ]
    if not documents:
        what = "no state machine" if name is None else f"no state machine {quoted(name)}"
        raise DefinitionError(f"{file} holds {what}")
    templates = {os.path.abspath(target): one.path for one in opened for target in one.elsewhere}
    place = caller.account, caller.region
    in_terraform = any(document.address for document in documents)
    texts = terraform_texts(file, place) if in_terraform else {}
    for document in documents:
        template = templates.get(os.path.abspath(document.path), document.path)
        try:
            yield _source(document, template, express, place, texts)
        except DefinitionError as problem:
            own = document.name or document.address
            if not (leave_out and own):
                raise
            said = "".join(f"\n{line}" for line in str(problem).splitlines())
            yield LeftOut(f"{template}#{own}", f"its definition cannot be used{said}")


def _source(
    document: Document,
    file: str,
    express: Collection[str],
    place: tuple[str, str],
    terraform: Mapping[str, str],
) -> MachineSource:
    """Return a machine; ``file`` is the template that contains it or refers to its definition."""
    own = document.name or document.address
    origin = f"{file}#{own}" if own else file
    definition = load_document(document, file).definition
    name = machine_name(file, own, place) or own if own else _file_name(file)
    texts = template_texts(file, own, place) if own else None
    if document.address:
        module = document.address.rpartition("aws_sfn_state_machine.")[0]
        texts = lambda name: terraform.get(module + name)  # noqa: E731 - one of two
    if texts is not None:
        definition = filled_in(document.value, texts, document.unknown)
    kind = "EXPRESS" if name in express else document.machine_type or "STANDARD"
    text = document.text if _is_plain(document) else json.dumps(definition, indent=2)
    return MachineSource(name, text, kind, origin)


def _is_plain(document: Document) -> bool:
    """Whether the file contains only the definition, as it is sent to the service."""
    return not document.name and document.path.endswith(".json") and document.value is not ABSENT


def _file_name(path: str) -> str:
    name = PurePath(path).name
    return next((name[: -len(ending)] for ending in _ENDINGS if name.endswith(ending)), name)


async def apply(service: Service, sources: Iterable[MachineSource]) -> list[Applied]:
    """Create these machines, and update existing ones that differ, like UpdateStateMachine.

    Other machines do not change.

    Raises:
        DefinitionError: the service rejects a definition, or the type of a machine has changed.
    """
    return [await _apply(service, source) for source in sources]


async def apply_served(service: Service, sources: Iterable[MachineSource]) -> list[Applied | LeftOut]:
    """Do what `apply` does; machines of templates that the service rejects are left out."""
    done: list[Applied | LeftOut] = []
    for source in sources:
        try:
            done.append(await _apply(service, source))
        except DefinitionError as problem:
            if "#" not in source.origin:
                raise
            done.append(LeftOut(source.origin, str(problem).removeprefix(f"{source.origin}: ")))
    return done


async def _apply(service: Service, source: MachineSource) -> Applied:
    caller = service.defaults
    arn = caller.arn(f"stateMachine:{source.name}")
    try:
        there = await service.call("DescribeStateMachine", {"stateMachineArn": arn}, caller)
    except ServiceError:
        there = None
    try:
        if there is None:
            request = {
                "name": source.name,
                "definition": source.definition,
                "roleArn": f"arn:aws:iam::{caller.account}:role/asltool",
                "type": source.type,
            }
            await service.call("CreateStateMachine", request, caller)
            return Applied(arn, source, "created")
        if there["type"] != source.type:
            raise DefinitionError(
                f"{source.origin}: the state machine {quoted(source.name)} is {there['type']} and cannot "
                f"become {source.type}. delete it first, with DeleteStateMachine"
            )
        if there["definition"] == source.definition:
            return Applied(arn, source, "unchanged")
        request = {"stateMachineArn": arn, "definition": source.definition}
        await service.call("UpdateStateMachine", request, caller)
        return Applied(arn, source, "updated")
    except ServiceError as problem:
        raise DefinitionError(f"{source.origin}: {problem}") from None
