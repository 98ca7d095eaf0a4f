"""The contents of a recording: task calls with their inputs and outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.engine.dump_outcomes import load_outcome
from asltool.engine.effects import Failed, Outcome, Submitted, Succeeded
from asltool.errors import DumpError, MockError
from asltool.expr.values import loads

__all__ = ["HEADER", "RecordedCall", "read_lines"]

HEADER = {"asltool": "recording", "version": 1}
"""The first line of a recording."""


@dataclass(slots=True, eq=False)
class RecordedCall:
    """A call of a task. ``attempt`` counts retries from 0; ``place`` says where the recording has it."""

    state: str
    input: Any
    attempt: int
    place: str
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Add an outcome. Only the first end counts; a response recorded after it belongs before it."""
        if not (self.outcomes and isinstance(self.outcomes[-1], Succeeded | Failed)):
            self.outcomes.append(outcome)
        elif isinstance(outcome, Submitted):
            self.outcomes.insert(-1, outcome)


def read_lines(lines: Sequence[str], path: str) -> list[RecordedCall]:
    """Read a recording's lines after the first, which only identifies the format. See `Recorder`.

    Raises:
        MockError: a line is invalid; the message says which.
    """
    calls: dict[int, RecordedCall] = {}
    for number, text in enumerate(lines, 2):
        try:
            if text.strip():
                _read_line(loads(text), calls, f"line {number} of {path}")
        except (AttributeError, DumpError, KeyError, TypeError, ValueError):
            raise MockError(f"{path}:{number}: not a valid recording entry") from None
    return list(calls.values())


def _read_line(line: dict[str, Any], calls: dict[int, RecordedCall], place: str) -> None:
    if "state" in line:
        call = RecordedCall(str(line["state"]), line["input"], int(line["attempt"]), place)
        calls[line["call"]] = call
        return
    calls[line["call"]].add(load_outcome(line))
