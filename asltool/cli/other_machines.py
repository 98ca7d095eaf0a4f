"""``--machine NAME=FILE``: state machines that tasks can start."""

from __future__ import annotations

from collections.abc import Iterable

import click

from asltool.machine import Machine, load

__all__ = ["other_machines"]


def other_machines(texts: Iterable[str]) -> dict[str, Machine]:
    """Load each ``NAME=FILE``.

    Raises:
        click.UsageError: the option has another form, or a name is given twice.
        DefinitionError: a definition has errors.
        OSError: a file cannot be read.
    """
    machines: dict[str, Machine] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not (name and equals and file):
            raise click.UsageError(f'"{text}" is not a state machine. expected NAME=FILE')
        if name in machines:
            raise click.UsageError(f'--machine names "{name}" twice')
        machines[name] = load(file)
    return machines
