"""A definition with errors: what is wrong, to be laid over as much of the machine as can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from asltool.diagrams.highlight import Highlight, Summary
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.model import Pointer, StateMachine

__all__ = ["faulty"]


def faulty(machine: StateMachine, diagnostics: Iterable[Diagnostic]) -> Highlight:
    """Return errors by the innermost state that each is in, and the list of them all.

    Warnings are left out.
    """
    names = dict(_names(machine))
    faults: dict[Pointer, list[str]] = {}
    rows: list[tuple[str, str]] = []
    for each in diagnostics:
        if each.severity == "error":
            place = _innermost(each.pointer, names)
            faults.setdefault(place, []).append(each.message)
            rows.append((f"line {each.span.line}: {each.message}", names.get(place, "")))
    line = f"{len(rows)} problem{'' if len(rows) == 1 else 's'}: this definition cannot be run"
    return Highlight({}, {}, {}, faults=faults, summary=Summary(line, f"Problems ({len(rows)})", rows))


def _names(machine: StateMachine) -> Iterator[tuple[Pointer, str]]:
    for state in machine.walk_states():
        yield state.pointer, state.name


def _innermost(pointer: Pointer | None, names: Mapping[Pointer, str]) -> Pointer:
    """Return the pointer of the state that something is in; that of the machine if it is in none."""
    parts: Sequence[str | int] = pointer or ()
    for length in range(len(parts), 0, -1):
        if tuple(parts[:length]) in names:
            return tuple(parts[:length])
    return ()
