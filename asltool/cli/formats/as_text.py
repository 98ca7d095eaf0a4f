"""For people: each finding with its source line and a caret, and a summary line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from asltool.cli.checking import Checked
from asltool.syntax.diagnostics import Diagnostic, Severity, excerpt

__all__ = ["print_out"]

_COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "cyan"}


def print_out(files: Sequence[Checked]) -> str:
    """Colours are always included; the caller strips them if the output is not a terminal."""
    shown = [_coloured(each, file.text) for file in files for each in file.diagnostics]
    severities = [each.severity for file in files for each in file.diagnostics]
    return "\n".join([*shown, _summary(severities, files), ""])


def _coloured(diagnostic: Diagnostic, text: str) -> str:
    """A file without text has no source line to show."""
    place, _, rest = str(diagnostic).partition(f": {diagnostic.message}")
    colour = _COLOURS[diagnostic.severity]
    head = f"{click.style(place, bold=True)}: {diagnostic.message}{click.style(rest, dim=True)}"
    if not text:
        return head
    line, caret = excerpt(text, diagnostic.span).split("\n")
    return f"{head}\n{line}\n{click.style(caret, fg=colour)}"


def _summary(severities: Sequence[str], files: Sequence[Checked]) -> str:
    errors, warnings, infos = map(severities.count, ("error", "warning", "info"))
    counts = [_count(errors, "problem")] if errors or not warnings else []
    counts += [_count(warnings, "warning")] if warnings else []
    counts += [_count(infos, "info")] if infos else []
    machines = sum(len(file.machines) for file in files)
    unread = sum(len(file.not_read) for file in files)
    read = f"{_count(machines, 'machine')} in {_count(len(files), 'file')}"
    return f"{_joined(counts)}: {read}{f', {unread} not read' if unread else ''}"


def _joined(counts: list[str]) -> str:
    *first, last = counts
    return f"{', '.join(first)} and {last}" if first else last


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
