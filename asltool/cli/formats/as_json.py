"""For programs: an object with a list of findings and the counts of the text format's last line.

``schemas/validate.schema.json`` describes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asltool.cli.checking import Checked, CheckedMachine
from asltool.cli.json_options import pretty
from asltool.syntax.diagnostics import Diagnostic

__all__ = ["print_out"]


def print_out(files: Sequence[Checked]) -> str:
    found = [each for file in files for each in file.diagnostics]
    severities = [each.severity for each in found]
    return pretty(
        {
            "files": len(files),
            "errors": severities.count("error"),
            "warnings": severities.count("warning"),
            "infos": severities.count("info"),
            "diagnostics": [_plain(each) for each in found],
            "machines": [_machine(each) for file in files for each in file.machines],
            "workflows": [{"name": name} for file in files for name in file.workflows],
            "not_read": [_unread(each) for file in files for each in file.not_read],
        }
    )


def _machine(machine: CheckedMachine) -> dict[str, Any]:
    return {
        "name": machine.name or None,
        "address": machine.address or machine.name or None,
        "file": machine.path,
        "states": machine.states,
    }


def _unread(diagnostic: Diagnostic) -> dict[str, Any]:
    span = diagnostic.span
    place = {"line": span.line, "column": span.column, "length": span.length}
    return {"file": diagnostic.path, "place": place, "reason": diagnostic.message}


def _plain(diagnostic: Diagnostic) -> dict[str, Any]:
    """``fix`` is a list of edits: character offsets in the file, and the replacement text."""
    span = diagnostic.span
    return {
        "path": diagnostic.path,
        "line": span.line,
        "column": span.column,
        "length": span.length,
        "severity": diagnostic.severity,
        "rule": diagnostic.code,
        "message": diagnostic.message,
        "fix": [{"start": edit.start, "end": edit.end, "new": edit.new} for edit in diagnostic.fix],
    }
