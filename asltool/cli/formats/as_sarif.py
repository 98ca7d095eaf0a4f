"""For code scanning: SARIF 2.1.0, with the manual page of every rule that was violated.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from asltool._version import __version__
from asltool.cli.checking import Checked
from asltool.cli.json_options import pretty
from asltool.rules.catalogue import CATALOGUE, Entry
from asltool.syntax.diagnostics import Diagnostic, Severity

__all__ = ["print_out"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def print_out(files: Sequence[Checked]) -> str:
    found = [each for file in files for each in file.diagnostics]
    broken = {each.code for each in found}
    names = [name for name in CATALOGUE if name in broken]
    driver = {
        "name": "asltool",
        "version": __version__,
        "rules": [_rule(CATALOGUE[name]) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(file.path)}} for file in files],
        "results": [_result(each, names.index(each.code)) for each in found],
    }
    return pretty({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.name,
        "shortDescription": {"text": entry.summary},
        "help": {"text": entry.page},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    span = diagnostic.span
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.line,
        "endColumn": span.column + span.length,
    }
    place = {"artifactLocation": {"uri": _uri(diagnostic.path)}, "region": region}
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message},
        "locations": [{"physicalLocation": place}],
    }


def _uri(path: str) -> str:
    """Return a relative path as a relative reference, an absolute one as a URI."""
    return Path(path).as_uri() if os.path.isabs(path) else quote(Path(path).as_posix())
