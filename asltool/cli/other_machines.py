"""``--machine NAME=FILE``: state machines that tasks of the one that runs may start."""

from __future__ import annotations

from collections.abc import Iterable

import click

from asltool.machine import Machine, load

__all__ = ["other_machines"]


def other_machines(texts: Iterable[str]) -> dict[str, Machine]:
    """Load each ``NAME=FILE``.

    Raises:
        click.UsageError: a text of another form, or a name given twice.
        DefinitionError: a definition with errors.
        OSError: a file that cannot be read.
    """
    machines: dict[str, Machine] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not (name and equals and file):
            raise click.UsageError(f'"{text}" names no state machine. expected NAME=FILE')
        if name in machines:
            raise click.UsageError(f'--machine names "{name}" twice')
        machines[name] = load(file)
    return machines
