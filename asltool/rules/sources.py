"""The validation of files and of parsed JSON: the public `asltool.validate`."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

from asltool import rules
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.reader import json_of, read
from asltool.syntax.sources.chosen import all_of, split
from asltool.syntax.sources.files import open_all
from asltool.syntax.sources.named import find

__all__ = ["validate"]


def validate(source: str | PathLike[str] | Mapping[str, Any]) -> list[Diagnostic]:
    """Return the problems of state machines, ordered by file and position.

    ``source`` is what `asltool.load` takes, or a file with several machines, a folder or a glob. A file that
    cannot be read is reported as a diagnostic. Settings, and comments that ignore rules, apply only to the
    command.

    Raises:
        DefinitionError: there is no state machine, or the definition is not JSON.
    """
    if isinstance(source, Mapping):
        return rules.validate(read(json_of(source), "definition"))
    _, name = split(str(source))
    opened = open_all(find([str(source)])) if name is None else []
    found = [problem for file in opened for problem in file.problems]
    documents = [document for file in opened for document in file.documents]
    if not found and not documents:
        documents = all_of(str(source))
    found += (diagnostic for document in documents for diagnostic in rules.validate(document))
    return sorted(dict.fromkeys(found), key=lambda each: (each.path, each.span))
