"""Find the files that the arguments of a command select: files, folders and globs."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.template import is_terraform

__all__ = ["Named", "find", "is_definition"]


_DEFINITION = re.compile(r"\.asl\.(?:json|ya?ml)(?:\.(?:tpl|tmpl|tftpl))?$")
_FORMATS = (".json", ".yaml", ".yml")
_STARTS = ("StartAt", "States")
_MAY_HOLD = re.compile(r"\.(?:json|ya?ml|tf|tofu|tpl|tmpl|tftpl)$")
_HOLDS = re.compile(
    rb"AWS::(?:(?:Serverless|StepFunctions)::StateMachine|Glue::Workflow)"
    rb"|\baws_(?:sfn_state_machine|glue_workflow)\b|\bstepFunctions\b"
)
_CALLS = re.compile(rb"\bmodule\b|\bdefinition\b")
"""What a Terraform file has in it that may lead to a state machine elsewhere."""
_LOOKED_FOR = (
    "looked for *.asl.json, *.asl.yaml and *.asl.yml, and for templates (*.json, *.yaml, *.yml, *.tf, "
    "*.tofu) that have state machines. pass other files by name"
)


_NOTHING = f"no state machine found. {_LOOKED_FOR}"


def is_definition(path: str) -> bool:
    """Return whether a file's name is that of a definition."""
    return _DEFINITION.search(path) is not None


@dataclass(frozen=True)
class Named:
    """The files that arguments select, in the order of the arguments.

    ``empty`` are the arguments that select no file, each with the reason; they are among ``files``.
    ``inside`` are the files that each folder selects, ``reason`` is the message if none of them contains
    anything. ``chosen`` are the files that were named themselves, ``folders`` the named folders and those of
    the named files, as absolute paths.
    """

    files: list[str]
    empty: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    inside: Mapping[str, list[str]] = field(default_factory=dict)
    reason: str = ""

    def has(self, path: str) -> bool:
        """Return whether a file was named itself or by a folder above it; links are resolved."""
        if os.path.abspath(path) in self.chosen:
            return True
        real = os.path.realpath(path)
        return any(os.path.commonpath((real, folder)) == folder for folder in self.folders)

    def hides(self, path: str, documents: Sequence[Document]) -> bool:
        """Return whether the content of a file that a template or a link refers to must not be shown.

        Such a file may contain secrets. Outside the named files and folders it must look like a definition;
        inside them it must be JSON or YAML, by its name or because it can be read.
        """
        values = [each.value for each in documents]
        if self.has(path):
            is_format = Path(path).suffix in _FORMATS or is_definition(path)
            return not is_format and any(value is ABSENT for value in values)
        return not all(isinstance(value, dict) and any(name in value for name in _STARTS) for value in values)


def find(arguments: Iterable[str]) -> Named:
    """Return the files that arguments select.

    A folder selects the definitions (``*.asl.json``, ``*.asl.yaml``, ``*.asl.yml``) and the templates with
    state machines in it and below; a glob, which may contain ``**``, selects what it matches. Both select
    only regular files, and only those that git does not ignore. Any other argument is the name of a file.
    """
    files: list[str] = []
    empty: dict[str, str] = {}
    chosen: set[str] = set()
    folders: set[str] = set()
    inside: dict[str, list[str]] = {}
    for argument in arguments:
        found, reason = _named(argument)
        files += found or [argument]
        if reason and not found:
            empty[argument] = reason
        if os.path.isdir(argument):
            folders.add(os.path.realpath(argument))
            inside[argument] = found
        else:
            chosen.update(map(os.path.abspath, found))
            folders.update(os.path.realpath(os.path.dirname(path) or ".") for path in found)
    return Named(files, empty, frozenset(chosen), frozenset(folders), inside, _NOTHING)


def _named(argument: str) -> tuple[list[str], str]:
    """Return the files, and the reason to give if there are none."""
    if argument == "-" or os.path.isfile(argument):
        return [argument], ""
    if os.path.isdir(argument):
        return sorted(_in_folder(Path(argument))), _NOTHING
    if os.path.lexists(argument):
        return [argument], ""
    matches = [Path(match) for match in sorted(glob.glob(argument, recursive=True))]
    if not matches:
        return [argument], ""
    return [
        str(path) for path in _not_ignored(matches)
    ], "the pattern matches no file that git does not ignore"


def _not_ignored(paths: list[Path]) -> Iterator[Path]:
    from asltool.syntax.sources.ignored import Ignored, repository

    ignored = Ignored(repository(Path.cwd()))
    yield from (path for path in paths if os.path.isfile(path) and not ignored.within(path))


def _in_folder(top: Path) -> Iterator[str]:
    """Yield the files below a folder, and the folders that cannot be opened."""
    from asltool.syntax.sources.ignored import Ignored, repository

    ignored = Ignored(repository(top))
    if ignored.within(top):
        ignored = Ignored(top)
    closed: list[str] = []
    for folder, folders, files in os.walk(top, onerror=lambda error: closed.append(str(error.filename))):
        here = Path(folder)
        folders[:] = [name for name in folders if name != ".git" and not ignored(here / name, is_folder=True)]
        for name in files:
            path = here / name
            if _MAY_HOLD.search(name) and not ignored(path, is_folder=False) and _holds(path):
                yield str(path)
    yield from closed


def _holds(path: Path) -> bool:
    """Return whether a file may contain state machines, or cannot be read, which is reported later."""
    if not os.path.isfile(path):
        return False
    if is_definition(path.name):
        return True
    try:
        text = path.read_bytes()
    except OSError:
        return True
    return _HOLDS.search(text) is not None or (is_terraform(path.name) and _CALLS.search(text) is not None)
