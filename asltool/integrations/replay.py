"""Replay: tasks return their recorded results.

A recorded result is found by state, input and attempt, so iterations of a Map and branches of a Parallel find
theirs in any order.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from itertools import filterfalse, islice
from os import PathLike
from typing import Any

from asltool.driver.jobs import Work
from asltool.engine.effects import CallTask, Outcome
from asltool.errors import MockError
from asltool.expr.encodings import bytes_of, text_in
from asltool.expr.values import dumps, loads
from asltool.integrations.differences import Difference, differences
from asltool.integrations.generated import is_generated
from asltool.integrations.recorded import HEADER, RecordedCall, read_lines
from asltool.integrations.recorded_history import read_history
from asltool.integrations.scripted_answers import up_to_a_pause
from asltool.syntax.wording import quoted

__all__ = ["Replay", "read_recording"]

_MOST_DIFFERENCES = 1000
"""How far values with little in common are compared."""


_MOST_COMPARED = 100
"""How many of the earliest remaining calls a loose replay searches for the nearest one."""

_MADE_UP = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Matches generated execution names."""


_REMEDIES = ("use --replay-loosely (loosely=True)", 'give the task a script under "tasks"')
"""What else helps where an input was not recorded: in a run, and in a case file."""


class Replay:
    """An `Integration` that returns recorded results; states that are not in the recording are left to
    others.

    A task with an input that was not recorded ends the run with a `MockError` that shows the nearest
    difference. Strings with the task token, the execution's ARN, or its generated name may differ, since they
    differ in every run.

    Args:
        loosely: use the nearest of the 100 earliest remaining calls of the state, whatever its input.
        generated: timestamps, UUIDs, and ARNs of executions and roles may differ too.
    """

    def __init__(
        self, calls: Sequence[RecordedCall], path: str, *, loosely: bool = False, generated: bool = False
    ) -> None:
        self._calls: defaultdict[str, list[RecordedCall]] = defaultdict(list)
        self._alike: defaultdict[tuple[str, str], list[RecordedCall]] = defaultdict(list)
        for call in calls:
            self._calls[call.state].append(call)
            self._alike[call.state, dumps(call.input)].append(call)
        self._counts = Counter(call.state for call in calls)
        self._path = path
        self._loosely = loosely
        self._generated = generated
        self._under_way: dict[tuple[str, int], deque[Outcome]] = {}

    @classmethod
    def load(cls, path: str | PathLike[str], *, loosely: bool = False) -> Replay:
        """Read a recording of `Recorder`, or a history from the AWS CLI or ``--history``.

        Raises:
            MockError: it is neither, or part of the recording is invalid; the message says which.
            HistoryError: part of the history is invalid.
            OSError: the file cannot be read.
        """
        return cls(read_recording(path), str(path), loosely=loosely)

    @classmethod
    def loads(cls, text: str, path: str = "recording", *, loosely: bool = False) -> Replay:
        """Read a text; ``path`` is its name for messages. See `load`."""
        return cls(_read(text, path), path, loosely=loosely)

    def find(self, call: CallTask) -> Work | None:
        if call.state not in self._counts:
            return None
        key = (call.execution_arn, call.task_id)
        if key not in self._under_way:
            self._under_way[key] = deque(self._take(call).outcomes)
        return up_to_a_pause(self._under_way[key])

    def _take(self, call: CallTask) -> RecordedCall:
        """Remove and return the recorded call most similar to this one, the earliest if several are."""
        alike = self._alike[call.state, dumps(call.input)]
        found = min(alike, key=lambda each: each.attempt != call.attempt) if alike else self._nearest(call)
        self._calls[call.state].remove(found)
        self._alike[call.state, dumps(found.input)].remove(found)
        return found

    def _nearest(self, call: CallTask) -> RecordedCall:
        """Return the recorded call with the fewest differences, if differences are allowed."""
        state, left = quoted(call.state), self._calls[call.state]
        if not left:
            count = self._counts[call.state]
            times = "one call" if count == 1 else f"{count} calls"
            raise MockError(f"{self._path} has {times} of state {state}, but the run makes one more")
        found, nearest = self._compare(left[:_MOST_COMPARED] if self._loosely else left, call)
        if found and not self._loosely:
            raise MockError(
                f"state {state} has an input that was not recorded: {_first(found)}. the nearest "
                f"is {nearest.place}. record the run again, or {_REMEDIES[self._generated]}"
            )
        return nearest

    def _compare(self, recorded: list[RecordedCall], call: CallTask) -> tuple[list[Difference], RecordedCall]:
        """Return the recorded call that differs least, the earliest if several do, and its differences."""
        name = call.execution_arn.rpartition(":")[2]
        made_up = name if _MADE_UP.fullmatch(name) else None
        varying = [text for text in (call.token, call.execution_arn, made_up) if text]
        best: tuple[int, bool] = (_MOST_DIFFERENCES + 1, True)
        found, nearest = list[Difference](), recorded[0]
        for each in recorded:
            every = differences(each.input, call.input, varying)
            counted = filterfalse(is_generated, every) if self._generated else every
            differs = list(islice(counted, best[0]))
            rank = (len(differs), each.attempt != call.attempt)
            if rank < best:
                best, found, nearest = rank, differs, each
            if best == (0, False):
                break
        return found, nearest


def read_recording(path: str | PathLike[str]) -> list[RecordedCall]:
    """Return the calls in a recording or a history; see `Replay.load`, also for the errors raised."""
    try:
        text = text_in(bytes_of(path), str(path))
    except ValueError as problem:
        raise MockError(str(problem)) from None
    return _read(text, str(path))


def _read(text: str, path: str) -> list[RecordedCall]:
    first, *lines = text.split("\n")
    if _json(first) == HEADER:
        return read_lines(lines, path)
    document = _json(text)
    if isinstance(document, dict) and isinstance(document.get("events"), list):
        return read_history(document, path)
    raise MockError(f"{path} is neither a recording nor the history of an execution")


def _json(text: str) -> Any:
    try:
        return loads(text)
    except ValueError:
        return None


def _first(found: list[Difference]) -> str:
    more = len(found) - 1
    return str(found[0]) + (f", and {more} more" if more else "")
