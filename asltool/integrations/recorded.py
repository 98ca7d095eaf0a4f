"""What a recording tells: which tasks were called, what they were asked, and how they went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from asltool.driver.ports import Answer
from asltool.engine.effects import AskAgain, Failed, Heartbeat, Outcome, Started, Submitted, Succeeded
from asltool.errors import MockError
from asltool.expr.values import loads

__all__ = ["HEADER", "RecordedCall", "read_lines", "write_outcome"]

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
        """Note an outcome. The first end counts; a response that was told after it belongs before it."""
        if not (self.outcomes and isinstance(self.outcomes[-1], Succeeded | Failed)):
            self.outcomes.append(outcome)
        elif isinstance(outcome, Submitted):
            self.outcomes.insert(-1, outcome)


def read_lines(lines: Sequence[str], path: str) -> list[RecordedCall]:
    """Read a recording's lines from the second on; the first says only that it is one. See `Recorder`.

    Raises:
        MockError: a line that cannot be used; the message says which.
    """
    calls: dict[int, RecordedCall] = {}
    for number, text in enumerate(lines, 2):
        try:
            if text.strip():
                _read_line(loads(text), calls, f"line {number} of {path}")
        except (AttributeError, KeyError, TypeError, ValueError):
            raise MockError(f"{path}:{number}: not a valid recording entry") from None
    return list(calls.values())


def _read_line(line: dict[str, Any], calls: dict[int, RecordedCall], place: str) -> None:
    if "state" in line:
        call = RecordedCall(str(line["state"]), line["input"], int(line["attempt"]), place)
        calls[line["call"]] = call
        return
    (word,) = line.keys() & _BY_WORD.keys()
    calls[line["call"]].add(_BY_WORD[word].read(line[word]))


def write_outcome(outcome: Answer | None) -> dict[str, Any]:
    """Return an outcome as a line has it; empty where a replay needs nothing."""
    form = _BY_KIND.get(type(outcome))
    return {} if form is None else {form.word: form.write(outcome)}


class _Form(NamedTuple):
    """How a line tells of a kind of outcome."""

    word: str
    kind: type
    write: Callable[[Any], Any]
    read: Callable[[Any], Outcome]


def _failure(failed: Failed) -> dict[str, str]:
    words = (("error", failed.error), ("cause", failed.cause))
    return {word: text for word, text in words if text is not None}


_FORMS = (
    _Form("succeeded", Succeeded, lambda ended: ended.output, Succeeded),
    _Form("failed", Failed, _failure, lambda words: Failed(words.get("error"), words.get("cause"))),
    _Form("submitted", Submitted, lambda accepted: accepted.output, Submitted),
    _Form("started", Started, lambda begun: begun.worker, Started),
    _Form("heartbeat", Heartbeat, lambda _: True, lambda _: Heartbeat()),
    _Form("ask_again", AskAgain, lambda pause: pause.seconds, lambda seconds: AskAgain(float(seconds))),
)
_BY_WORD = {form.word: form for form in _FORMS}
_BY_KIND = {form.kind: form for form in _FORMS}
