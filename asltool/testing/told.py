"""What is told of a run where a test failed: its path, where it failed and on what, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from asltool.expr.values import dumps, loads
from asltool.integrations.differences import differences
from asltool.render.story import Visit
from asltool.syntax.model import ABSENT
from asltool.syntax.wording import quoted
from asltool.testing.runs import MachineRun

__all__ = ["compare", "compare_paths", "tell", "times"]

_MOST_DIFFERENCES = 10
_LONGEST = 400


def tell(run: MachineRun) -> str:
    """Return the run on a few lines: how it ended, its path, and the state that failed with its input."""
    return "\n".join(_lines(run))


def _lines(run: MachineRun) -> Iterator[str]:
    waited = f", waited {run.waited:g} s" if run.waited else ""
    yield f"{run.source}: {run.status}{waited}"
    yield f"input:  {_cut(dumps(run.input))}"
    yield f"path:   {' > '.join(run.path)}"
    if run.status == "SUCCEEDED":
        yield f"output: {_cut(dumps(run.output))}"
        return
    if run.error:
        yield f"error:  {_cut(run.error)}"
    if run.cause:
        yield from _cause(run.cause)
    fate = "failed" if run.status == "FAILED" else "unfinished"
    last = next((visit for visit in reversed(run.story.visits) if visit.fate == fate), None)
    if last is not None:
        yield from _last(last)


def _cause(cause: str) -> Iterator[str]:
    """Yield the cause; of an exception of a Python function, with its traceback as Python prints it."""
    try:
        told = loads(cause)
    except ValueError:
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("stackTrace"), list):
        yield f"cause:  {_cut(cause)}"
        return
    yield f"cause:  {_cut(str(told.get('errorMessage', '')))}"
    yield from (f"        {line}" for entry in told["stackTrace"] for line in str(entry).splitlines())


def _last(visit: Visit) -> Iterator[str]:
    """Yield where the run ended before its end, and on what."""
    tries = f" after {len(visit.attempts)} attempts" if len(visit.attempts) > 1 else ""
    where = "failed in" if visit.fate == "failed" else "was in"
    yield f"{where} state {quoted(visit.state.name)}{tries}, whose input was"
    yield f"        {_cut(visit.input or '')}"


def compare(expected: Any, actual: Any) -> list[str]:
    """Return a line for each place where two JSON values differ, the first ones."""
    lines = [_difference(*found) for found in differences(expected, actual)]
    more = len(lines) - _MOST_DIFFERENCES
    return lines if more <= 0 else [*lines[:_MOST_DIFFERENCES], f"and {more} more"]


def compare_paths(expected: Sequence[str], actual: Sequence[str]) -> list[str]:
    """Return what tells two paths apart: the first state that is another, and where it is."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(expected, actual, strict=False)))
    if same == len(expected) == len(actual):
        return []
    before = f"after {_named(actual, same - 1)}" if same else "at its start"
    return [f"{before} it goes to {_named(actual, same)}, expected {_named(expected, same)}"]


def _named(path: Sequence[str], index: int) -> str:
    """Return a state of a path; a name that is there several times with its turn."""
    if index >= len(path):
        return "the end"
    turns = path[: index + 1].count(path[index])
    return f"{quoted(path[index])} (for the {turns}. time)" if turns > 1 else quoted(path[index])


def _difference(path: str, wanted: Any, found: Any) -> str:
    if found is ABSENT:
        return f"{path} is not there, expected {quoted(wanted)}"
    if wanted is ABSENT:
        return f"{path} is {quoted(found)}, which was not expected"
    return f"{path} is {quoted(found)}, expected {quoted(wanted)}"


def times(count: int) -> str:
    """Return how often something was done, in words."""
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
