"""The errors and warnings of a definition, as an overlay on the part that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from asltool.diagrams.highlight import Highlight, Summary
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.model import Pointer, StateMachine

__all__ = ["faulty", "findings"]


def faulty(machine: StateMachine, diagnostics: Iterable[Diagnostic]) -> Highlight:
    """Return errors by their innermost state, and the list of all errors.

    Warnings are left out.
    """
    names = dict(_names(machine))
    errors = [each for each in diagnostics if each.severity == "error"]
    rows = [
        (f"line {each.span.line}: {each.message}", names.get(_innermost(each.pointer, names), ""))
        for each in errors
    ]
    line = f"{len(rows)} problem{'' if len(rows) == 1 else 's'}: this definition cannot be run"
    summary = Summary(line, f"Problems ({len(rows)})", rows)
    return Highlight({}, {}, {}, faults=_placed(errors, names), summary=summary)


def findings(machine: StateMachine, diagnostics: Iterable[Diagnostic]) -> Highlight | None:
    """Return errors and warnings of a definition that can still be run; None if there are none."""
    names = dict(_names(machine))
    found: dict[str, list[Diagnostic]] = {"error": [], "warning": []}
    rows: list[tuple[str, str]] = []
    for each in diagnostics:
        if each.severity in found:
            found[each.severity].append(each)
            rows.append((f"{each.severity}: {each.message}", names.get(_innermost(each.pointer, names), "")))
    if not rows:
        return None
    line = "This definition can be run, but not everything in it is right."
    summary = Summary(line, f"Findings ({len(rows)})", rows)
    faults, warnings = (_placed(each, names) for each in found.values())
    return Highlight({}, {}, {}, faults=faults or None, warnings=warnings, summary=summary)


def _placed(
    diagnostics: Iterable[Diagnostic], names: Mapping[Pointer, str]
) -> Mapping[Pointer, Sequence[str]]:
    """Return the messages by their innermost state."""
    placed: dict[Pointer, list[str]] = {}
    for each in diagnostics:
        placed.setdefault(_innermost(each.pointer, names), []).append(each.message)
    return placed


def _names(machine: StateMachine) -> Iterator[tuple[Pointer, str]]:
    for state in machine.walk_states():
        yield state.pointer, state.name


def _innermost(pointer: Pointer | None, names: Mapping[Pointer, str]) -> Pointer:
    """Return the pointer of the innermost state around a pointer; that of the machine if there is none."""
    parts: Sequence[str | int] = pointer or ()
    for length in range(len(parts), 0, -1):
        if tuple(parts[:length]) in names:
            return tuple(parts[:length])
    return ()
