"""Files, folders and globs to documents."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from asltool.errors import DefinitionError
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document, MachineType
from asltool.syntax.reader import decode, read_all
from asltool.syntax.wording import quoted

__all__ = ["File", "find", "open_all"]

_DEFINITION = re.compile(r"\.asl\.(?:json|ya?ml)$")
_MAY_HOLD = re.compile(r"\.(?:json|ya?ml|tf)$")
_HOLDS = re.compile(
    rb"AWS::(?:Serverless|StepFunctions)::StateMachine|\baws_sfn_state_machine\b|\bstepFunctions\b"
)


@dataclass(frozen=True)
class File:
    """A file, the definitions in it, those it refers to in other files, and those that are not there."""

    path: str
    text: str
    documents: tuple[Document, ...] = ()
    elsewhere: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    def with_text(self, text: str) -> File:
        """Return the file with another text; the definitions keep their types."""
        types = [document.machine_type for document in self.documents]
        documents = [each for each in read_all(text, self.path) if isinstance(each, Document)]
        if len(types) == len(documents):
            documents = [
                replace(each, machine_type=kind) for each, kind in zip(documents, types, strict=True)
            ]
        return replace(self, text=text, documents=tuple(documents))


def find(arguments: Iterable[str]) -> list[str]:
    """Return the files that arguments name, in their order.

    A folder stands for the definitions (``*.asl.json``, ``*.asl.yaml``, ``*.asl.yml``) and the templates with
    state machines in it and below; a glob, ``**`` included, for what it matches. What git ignores is left out
    unless it is named itself.

    Raises:
        DefinitionError: an argument that names nothing.
    """
    return [file for argument in arguments for file in _named(argument)]


def _named(argument: str) -> list[str]:
    if argument == "-" or Path(argument).is_file():
        return [argument]
    if Path(argument).is_dir():
        return sorted(_in_folder(Path(argument)))
    matches = [Path(match) for match in sorted(glob.glob(argument, recursive=True))]
    if not matches:
        raise DefinitionError(f"{argument} does not exist")
    return [str(path) for path in _not_ignored(matches)]


def _not_ignored(paths: list[Path]) -> Iterator[Path]:
    from asltool.syntax.sources.ignored import Ignored, repository

    ignored = Ignored(repository(Path.cwd()))
    yield from (path for path in paths if path.is_file() and not ignored.within(path))


def _in_folder(top: Path) -> Iterator[str]:
    from asltool.syntax.sources.ignored import Ignored, repository

    ignored = Ignored(repository(top))
    if ignored.within(top):
        ignored = Ignored(top)
    for folder, folders, files in os.walk(top):
        here = Path(folder)
        folders[:] = [name for name in folders if name != ".git" and not ignored(here / name, is_folder=True)]
        for name in files:
            path = here / name
            if _MAY_HOLD.search(name) and not ignored(path, is_folder=False) and _holds(path):
                yield str(path)


def _holds(path: Path) -> bool:
    return _DEFINITION.search(path.name) is not None or _HOLDS.search(path.read_bytes()) is not None


def open_all(paths: Iterable[str]) -> list[File]:
    """Read files, each once, and after each those that have the definitions of its templates.

    Such a definition has the type that the template gives it.

    Raises:
        DefinitionError: a file that is not UTF-8.
        OSError: a file that cannot be read.
    """
    waiting: list[tuple[str, MachineType | None]] = [(path, None) for path in paths]
    files: dict[str, File] = {}
    while waiting:
        path, machine_type = waiting.pop(0)
        key = os.path.abspath(path)
        if key not in files:
            files[key], elsewhere = _open(path)
            waiting[:0] = elsewhere
        if machine_type is not None:
            typed = (replace(document, machine_type=machine_type) for document in files[key].documents)
            files[key] = replace(files[key], documents=tuple(typed))
    return list(files.values())


def _open(path: str) -> tuple[File, list[tuple[str, MachineType | None]]]:
    """Read one file. Return it, and the files it refers to with the types it gives them."""
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    text, name = decode(data, path), "<stdin>" if path == "-" else path
    documents: list[Document] = []
    problems: list[Diagnostic] = []
    elsewhere: list[tuple[str, MachineType | None]] = []
    for found in read_all(text, name):
        if isinstance(found, Document):
            documents.append(found)
            continue
        target = os.path.normpath(Path(path).parent / found.file)
        if os.path.isfile(target):
            elsewhere.append((target, found.machine_type))
        else:
            message = f"there is no file {quoted(target)}"
            problems.append(Diagnostic(name, found.span, "definition-file-missing", message, "warning"))
    targets = tuple(target for target, _ in elsewhere)
    return File(name, text, tuple(documents), targets, tuple(problems)), elsewhere
