"""The events of a run as JSON lines, each written as it happens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from asltool.cli.byproducts import check_writable
from asltool.engine.effects import Effect
from asltool.engine.execution import Execution
from asltool.history.events import events

__all__ = ["EventLines", "event_target"]


def event_target(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Check an option: ``jsonl`` for standard error, or the name of a ``.jsonl`` file."""
    if value not in (None, "jsonl") and not str(value).endswith(".jsonl"):
        raise click.BadParameter('expected "jsonl", for standard error, or the name of a .jsonl file')
    return value


class EventLines:
    """A `Watch` that writes every event as GetExecutionHistory returns it, with the ARN of its execution.

    ``path``: the file; None for standard error. A file that can no longer be written does not end the run.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        self._stream: TextIO | None = None
        self._shown = 0
        self._problem: OSError | None = None

    def open(self) -> None:
        """Open the file.

        Raises:
            OptionError, OSError: the file cannot be written.
        """
        if self.path is not None:
            check_writable("--events", self.path)
            self._stream = Path(self.path).open("w", encoding="utf-8")  # noqa: SIM115 - until the run ends

    def __call__(self, execution: Execution, effects: Sequence[Effect]) -> None:
        records, arn = execution.records, execution.identity.execution_arn
        new = records.part(max(self._shown, records.before), len(records))
        self._shown = len(records)
        lines = [json.dumps({"executionArn": arn, **event}) + "\n" for event in events(new)]
        if self._stream is None:
            click.echo("".join(lines), err=True, nl=False)
        elif self._problem is None:
            try:
                self._stream.write("".join(lines))
                self._stream.flush()
            except OSError as problem:
                self._problem = problem

    def close(self) -> None:
        """Close the file.

        Raises:
            OSError: the file is incomplete.
        """
        try:
            if self._stream is not None:
                self._stream.close()
        finally:
            if self._problem is not None:
                raise self._problem
