"""Read files into documents, with the files that their templates refer to."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from asltool.expr.encodings import bytes_of, rest_of
from asltool.syntax.diagnostics import Diagnostic, Severity, Span
from asltool.syntax.document import Document
from asltool.syntax.reader import glue_workflows, read_all
from asltool.syntax.sources.named import Named
from asltool.syntax.sources.template import NestedTemplate, Reference, is_terraform
from asltool.syntax.wording import quoted

if TYPE_CHECKING:
    from asltool.syntax.sources.terraform_files import Modules

__all__ = ["UNREADABLE", "File", "open_all"]

UNREADABLE = "file-unreadable"
"""The code of a file, folder or pattern in which nothing could be checked."""

_PRIVATE = "the file has no state machine in JSON or YAML. pass it by name to see why"


@dataclass(frozen=True)
class File:
    """A file, its definitions, its references to definitions in other files, and the problems of these.

    A file can be changed only if the user named it or a folder above it. ``again`` reads the definitions of a
    changed text, ``workflows`` are the names of its Glue workflows, ``included`` the absolute paths of the
    files that its text includes.
    """

    path: str
    text: str
    documents: tuple[Document, ...] = ()
    elsewhere: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    may_change: bool = True
    again: Callable[[str], tuple[Document, ...]] | None = None
    workflows: tuple[str, ...] = ()
    included: frozenset[str] = frozenset()

    def with_text(self, text: str) -> File:
        """Return the file with a new text; the definitions keep their names and types."""
        documents = self.again(text) if self.again else ()
        return replace(self, text=text, documents=documents)


def open_all(named: Named) -> list[File]:
    """Read files, each once, and after each file those that hold the definitions of its templates.

    Such a definition has the name and the type that the template gives it. A file that cannot be read has a
    problem with the code `UNREADABLE`.
    """
    opening = _Opening(named)
    for path in named.files:
        opening.open(path)
    return opening.finished()


class _Opening:
    """The files that are being opened, by their absolute paths."""

    def __init__(self, named: Named) -> None:
        self.named = named
        self.files: dict[str, File] = {}
        self.references: defaultdict[str, list[Reference]] = defaultdict(list)
        self.modules = _modules(named)
        self.begun: set[str] = set()

    def open(self, path: str, *, referred: bool = False) -> None:
        """Open a file that was named or referred to; Terraform files are read together."""
        key = os.path.abspath(path)
        if key in self.begun:
            return
        self.begun.add(key)
        if self.modules is not None and path not in self.named.empty:
            if is_terraform(path):
                self._terraform(path, self.modules)
                return
            if key in self.modules.read and key not in self.named.chosen and not referred:
                self.begun.discard(key)
                return  # the Terraform module that reads it has it
        self.files[key], references = _open(path, self.named)
        self._follow(references)

    def _follow(self, references: Iterable[Reference | NestedTemplate]) -> None:
        for reference in references:
            target = _target(reference)
            if os.path.isfile(target):
                if isinstance(reference, Reference):
                    self.references[os.path.abspath(target)].append(reference)
                self.open(target, referred=True)

    def _terraform(self, path: str, modules: Modules) -> None:
        text, reason = _read(path)
        if reason:
            self.files[os.path.abspath(path)] = _unreadable(path, reason)
            return
        references = [each for each in modules.references if each.path == os.path.normpath(path)]
        problems = tuple(doubt for each in references for doubt in _doubts(each, _target(each), self.named))
        targets = tuple(map(_target, references))
        self._add(path, text, modules.documents.get(os.path.normpath(path), []), targets, problems)
        self._follow(references)

    def _add(
        self,
        path: str,
        text: str,
        documents: list[Document],
        targets: tuple[str, ...] = (),
        problems: tuple[Diagnostic, ...] = (),
    ) -> None:
        def again(changed: str) -> tuple[Document, ...]:
            modules = _modules(self.named, {path: changed})
            return tuple(modules.documents.get(os.path.normpath(path), ())) if modules else ()

        key = os.path.abspath(path)
        before = self.files.get(key)
        own = () if before is None else before.documents
        may_change = self.named.has(path)
        workflows = tuple(self.modules.workflows.get(os.path.normpath(path), ())) if self.modules else ()
        self.files[key] = File(
            path, text, (*own, *documents), targets, problems, may_change, again, workflows
        )

    def finished(self) -> list[File]:
        """Return the files, including those that hold definitions for modules elsewhere."""
        if self.modules is not None:
            done = {os.path.normpath(path) for path in self.named.files}
            self._follow(each for each in self.modules.references if each.path not in done)
            for path, documents in self.modules.documents.items():
                if os.path.abspath(path) not in self.begun or not is_terraform(path):
                    self._elsewhere(path, documents)
        included = {key for file in self.files.values() for key in file.included}
        for key in included - self.named.chosen - self.references.keys():
            self.files.pop(key, None)  # the file that includes it has it
        for key, references in self.references.items():
            for reference in references:
                self._unused(self.files[key], reference)
            self.files[key] = _referred(self.files[key], references)
        return _without_idle(list(self.files.values()), self.named)

    def _unused(self, target: File, reference: Reference) -> None:
        """Report the substitutions for which the referenced file has no placeholder."""
        key = os.path.abspath(reference.path)
        if reference.places and key in self.files and len(target.documents) == 1:
            from asltool.syntax.sources.substitutions import unused

            found = unused(target.documents[0], reference.path, reference.places)
            self.files[key] = replace(self.files[key], problems=(*self.files[key].problems, *found))

    def _elsewhere(self, path: str, documents: list[Document]) -> None:
        is_below = self.named.has(path)
        if not is_terraform(path) and self.named.hides(path, documents):
            self.files[os.path.abspath(path)] = _unreadable(path, _PRIVATE)
            return
        problems: tuple[Diagnostic, ...] = ()
        if not is_below:
            message = "the file is outside the folder. it is checked, but --fix does not change it"
            problems = (Diagnostic(path, Span(1, 1), "definition-file-outside", message, "warning"),)
        self._add(path, documents[0].text, documents, problems=problems)


def _modules(named: Named, texts: Mapping[str, str] | None = None) -> Modules | None:
    """Return the Terraform modules; None if no file is a Terraform file."""
    if not any(map(is_terraform, named.files)):
        return None
    from asltool.syntax.sources.terraform_files import open_modules

    return open_modules(named, texts)


def _target(reference: Reference | NestedTemplate) -> str:
    return os.path.normpath(Path(reference.path).parent / reference.file)


def _referred(file: File, references: list[Reference]) -> File:
    """Return a file with the names and types that templates give to its definitions."""

    def known(documents: Iterable[Document]) -> tuple[Document, ...]:
        return tuple(_named_by(document, reference) for document in documents for reference in references)

    again = file.again
    changed = (lambda text: known(again(text))) if again else None
    return replace(file, documents=known(file.documents), again=changed)


def _named_by(document: Document, reference: Reference) -> Document:
    if reference.substitutions is not None:
        from asltool.syntax.sources.substitutions import substituted

        if PurePath(document.path).suffix != ".json":
            document = replace(document, unknown=frozenset())  # a value filled into YAML stays a string
        document = substituted(document, reference.substitutions)
    name = reference.name or document.name
    return replace(document, machine_type=reference.machine_type, name=name, address=reference.address)


def _without_idle(files: list[File], named: Named) -> list[File]:
    """Leave out Terraform files without machines, and report folders that have only such files."""
    kept = [each for each in files if not _is_idle(each, named)]
    paths = {each.path for each in kept}
    empty = [folder for folder, inside in named.inside.items() if inside and not paths.intersection(inside)]
    return [*kept, *(_unreadable(folder, named.reason) for folder in empty if not kept)]


def _is_idle(file: File, named: Named) -> bool:
    holds = file.documents or file.problems or file.elsewhere or file.workflows
    return not holds and is_terraform(file.path) and os.path.abspath(file.path) not in named.chosen


def _open(path: str, named: Named) -> tuple[File, list[Reference | NestedTemplate]]:
    """Read one file, and return it with the files it refers to."""
    name = "<stdin>" if path == "-" else path
    text, reason = ("", named.empty[path]) if path in named.empty else _read(path)
    if reason:
        return _unreadable(name, reason), []
    found, included = _contents(text, name)
    documents = tuple(each for each in found if isinstance(each, Document))
    references = [each for each in found if not isinstance(each, Document)]
    may_change = named.has(path)
    if os.path.abspath(path) not in named.chosen and named.hides(path, documents):
        return _unreadable(name, _PRIVATE), []
    problems = tuple(doubt for each in references for doubt in _doubts(each, _target(each), named))
    targets = tuple(filter(os.path.isfile, map(_target, references)))
    workflows = tuple(glue_workflows(text, name)) if "AWS::Glue::Workflow" in text else ()
    again = partial(_again, name)
    file = File(name, text, documents, targets, problems, may_change, again, workflows, included)
    return file, references


def _again(path: str, text: str) -> tuple[Document, ...]:
    return tuple(each for each in _contents(text, path)[0] if isinstance(each, Document))


def _contents(text: str, path: str) -> tuple[list[Document | Reference | NestedTemplate], frozenset[str]]:
    """Read a file and the other files that its Serverless Framework variables refer to.

    Return its content, and the absolute paths of the other files.
    """
    if "${file(" in text or "${self:" in text:
        from asltool.syntax.sources.project import Project
        from asltool.syntax.sources.serverless import serverless_machines

        project = Project({path: text})
        found = serverless_machines(project, path)
        if found is not None:
            return found, project.read - {os.path.abspath(path)}
    return read_all(text, path), frozenset()


def _read(path: str) -> tuple[str, str]:
    """Return a file's text, and why it cannot be read."""
    if path != "-" and os.path.lexists(path) and not os.path.isfile(path):
        kind = "is a broken link" if os.path.islink(path) else "is not a regular file"
        return "", f"the file {kind}"
    try:
        data = rest_of(sys.stdin.buffer, path) if path == "-" else bytes_of(path)
        text = data.decode("utf-8")
    except FileNotFoundError:
        return "", "the file does not exist"
    except UnicodeDecodeError as error:
        return "", f"the file is not UTF-8: byte {error.start} cannot be read"
    except OSError as error:
        return "", f"the file cannot be read: {(error.strerror or str(error)).lower()}"
    return (text, "") if "\0" not in text else ("", "the file is binary")


def _unreadable(name: str, reason: str) -> File:
    return File(name, "", problems=(Diagnostic(name, Span(1, 1), UNREADABLE, reason),))


def _doubts(reference: Reference | NestedTemplate, target: str, named: Named) -> list[Diagnostic]:
    """Return the warnings about a reference."""
    severity: Severity = "warning"
    if not os.path.isfile(target):
        message = f"there is no file {quoted(target)}"
        return [Diagnostic(reference.path, reference.span, "definition-file-missing", message, severity)]
    if named.has(target):
        return []
    message = f"{quoted(target)} is outside the folder. it is checked, but --fix does not change it"
    return [Diagnostic(reference.path, reference.span, "definition-file-outside", message, severity)]
