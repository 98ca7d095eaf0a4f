"""Files to documents, with the files that their templates refer to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from asltool.syntax.diagnostics import Diagnostic, Severity, Span
from asltool.syntax.document import Document, MachineType
from asltool.syntax.model import ABSENT
from asltool.syntax.reader import read_all
from asltool.syntax.sources.named import Named
from asltool.syntax.sources.template import Reference
from asltool.syntax.wording import quoted

__all__ = ["UNREADABLE", "File", "open_all"]

UNREADABLE = "file-unreadable"
"""The code of a file, folder or pattern in which nothing could be checked."""

_FORMATS = (".json", ".yaml", ".yml")
_STARTS = ("StartAt", "States")

_Elsewhere = list[tuple[str, MachineType | None]]


@dataclass(frozen=True)
class File:
    """A file, the definitions in it, those it refers to in other files, and what is wrong with these.

    A file that may not be changed was not named, and does not lie below what was.
    """

    path: str
    text: str
    documents: tuple[Document, ...] = ()
    elsewhere: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    may_change: bool = True

    def with_text(self, text: str) -> File:
        """Return the file with another text; the definitions keep their types."""
        types = [document.machine_type for document in self.documents]
        documents = [each for each in read_all(text, self.path) if isinstance(each, Document)]
        if len(types) == len(documents):
            documents = [
                replace(each, machine_type=kind) for each, kind in zip(documents, types, strict=True)
            ]
        return replace(self, text=text, documents=tuple(documents))


def open_all(named: Named) -> list[File]:
    """Read files, each once, and after each those that have the definitions of its templates.

    Such a definition has the type that the template gives it. What cannot be read is among the problems of
    its file, with the code `UNREADABLE`.
    """
    waiting: _Elsewhere = [(path, None) for path in named.files]
    files: dict[str, File] = {}
    while waiting:
        path, machine_type = waiting.pop(0)
        key = os.path.abspath(path)
        if key not in files:
            files[key], elsewhere = _open(path, named)
            waiting[:0] = elsewhere
        if machine_type is not None:
            typed = (replace(document, machine_type=machine_type) for document in files[key].documents)
            files[key] = replace(files[key], documents=tuple(typed))
    return list(files.values())


def _open(path: str, named: Named) -> tuple[File, _Elsewhere]:
    """Read one file. Return it, and the files it refers to with the types it gives them."""
    name = "<stdin>" if path == "-" else path
    text, reason = ("", named.empty[path]) if path in named.empty else _read(path)
    if reason:
        return _unreadable(name, reason), []
    found = read_all(text, name)
    documents = tuple(each for each in found if isinstance(each, Document))
    may_change = named.has(path)
    if os.path.abspath(path) not in named.chosen and _is_private(path, documents, may_change):
        return _unreadable(name, "the file holds no state machine in JSON or YAML. name it to see why"), []
    problems: list[Diagnostic] = []
    elsewhere: _Elsewhere = []
    for reference in found:
        if isinstance(reference, Reference):
            target = os.path.normpath(Path(path).parent / reference.file)
            problems += _doubts(reference, target, named)
            elsewhere += [(target, reference.machine_type)] if os.path.isfile(target) else []
    targets = tuple(target for target, _ in elsewhere)
    return File(name, text, documents, targets, tuple(problems), may_change), elsewhere


def _read(path: str) -> tuple[str, str]:
    """Return a file's text, and why it cannot be read."""
    if path != "-" and os.path.lexists(path) and not os.path.isfile(path):
        kind = "is a link that leads nowhere" if os.path.islink(path) else "is not a regular file"
        return "", f"the file {kind}"
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
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


def _is_private(path: str, documents: Sequence[Document], is_below: bool) -> bool:
    """Return whether nothing of a file may be shown that a template or a link leads to.

    Such a file may hold secrets. Outside of what was named it must look like a definition, and elsewhere it
    must at least be readable, unless its name says that it is JSON or YAML.
    """
    if is_below:
        return PurePath(path).suffix not in _FORMATS and any(each.value is ABSENT for each in documents)
    values = [each.value for each in documents]
    return not all(isinstance(value, dict) and any(name in value for name in _STARTS) for value in values)


def _doubts(reference: Reference, target: str, named: Named) -> list[Diagnostic]:
    """Return what is doubtful about a reference."""
    severity: Severity = "warning"
    if not os.path.isfile(target):
        message = f"there is no file {quoted(target)}"
        return [Diagnostic(reference.path, reference.span, "definition-file-missing", message, severity)]
    if named.has(target):
        return []
    message = f"{quoted(target)} is outside of the folder. it is checked, and --fix does not change it"
    return [Diagnostic(reference.path, reference.span, "definition-file-outside", message, severity)]
