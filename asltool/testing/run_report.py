"""The report of a failed test: the run's path, where and why it failed, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from asltool.expr.values import dumps
from asltool.history.story import Story
from asltool.history.visits import Visit
from asltool.integrations.differences import differences
from asltool.run import Run
from asltool.syntax.causes import cause_lines
from asltool.syntax.model import ABSENT
from asltool.syntax.wording import quoted
from asltool.testing.runs import MachineRun

__all__ = ["compare", "compare_paths", "ended_in", "run_report", "times", "why"]

_MOST_DIFFERENCES = 10
_LONGEST = 400


def run_report(run: MachineRun) -> str:
    """Return the run on a few lines: its end, its path, and the failed state with its input."""
    return "\n".join(_lines(run))


def _lines(run: MachineRun) -> Iterator[str]:
    waited = f", waited {run.waited:g} s" if run.waited else ""
    yield f"{run.source}: {run.status}{waited}"
    yield f"input:  {_cut(dumps(run.input))}"
    yield f"path:   {' > '.join(run.path)}"
    if run.status == "SUCCEEDED":
        yield f"output: {_cut(dumps(run.output))}"
    else:
        yield from why(run.run, run.story, longest=_LONGEST)


def why(run: Run, story: Story, *, margin: int = 8, longest: int | None = None) -> Iterator[str]:
    """Yield why a run did not succeed: error, cause, the state it ended in with its input, failed children.

    The cause of a function's exception includes its traceback, as Python prints it.

    Args:
        margin: the indentation of error, cause and input in characters.
        longest: the length in characters at which error and cause are truncated; None for no limit.
    """
    if run.error is not None:
        yield f"{'error:'.ljust(margin)}{_cut(run.error, longest)}"
    if run.cause is not None:
        message, *trace = cause_lines(run.cause)
        yield f"{'cause:'.ljust(margin)}{_cut(message, longest)}"
        yield from (f"{' ' * margin}{line}" for line in trace)
    for visit in ended_in(story, run.status):
        tries = f" after {len(visit.attempts)} attempts" if len(visit.attempts) > 1 else ""
        where = "failed in" if visit.fate == "failed" else "was in"
        yield f"{where} state {quoted(visit.state.name)}{tries}, whose input was"
        yield f"{' ' * margin}{_cut(visit.input or '')}"
    yield from run.child_failures


def ended_in(story: Story, status: str) -> list[Visit]:
    """Return where the run ended: the state that failed, or all states that it was in."""
    if status == "FAILED":
        return [visit for visit in reversed(story.visits) if visit.fate == "failed"][:1]
    open_ones = [visit for visit in story.visits if visit.fate == "unfinished"]
    around = {id(visit.around) for visit in open_ones}
    return [visit for visit in open_ones if id(visit) not in around]


def compare(expected: Any, actual: Any) -> list[str]:
    """Return a line for each of the first places where two JSON values differ."""
    lines = [_difference(*found) for found in differences(expected, actual)]
    more = len(lines) - _MOST_DIFFERENCES
    return lines if more <= 0 else [*lines[:_MOST_DIFFERENCES], f"and {more} more"]


def compare_paths(expected: Sequence[str], actual: Sequence[str]) -> list[str]:
    """Return where two paths diverge: the first different state, and its position."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(expected, actual, strict=False)))
    if same == len(expected) == len(actual):
        return []
    before = f"after {_named(actual, same - 1)}" if same else "at its start"
    return [f"{before} it goes to {_named(actual, same)}, expected {_named(expected, same)}"]


def _named(path: Sequence[str], index: int) -> str:
    """Return a state of a path, numbered if its name occurs several times."""
    if index >= len(path):
        return "the end"
    turns = path[: index + 1].count(path[index])
    return f"{quoted(path[index])} (for the {turns}. time)" if turns > 1 else quoted(path[index])


def _difference(path: str, wanted: Any, found: Any) -> str:
    if found is ABSENT:
        return f"{path} is missing, expected {quoted(wanted)}"
    if wanted is ABSENT:
        return f"{path} is {quoted(found)}, which was not expected"
    return f"{path} is {quoted(found)}, expected {quoted(wanted)}"


def times(count: int) -> str:
    """Return a count in words: once, twice, 3 times."""
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def _cut(text: str, longest: int | None = _LONGEST) -> str:
    return text if longest is None or len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
