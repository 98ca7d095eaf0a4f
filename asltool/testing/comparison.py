"""Replay a recorded execution on the current definition, and report where it differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from asltool.driver.clock import VirtualClock
from asltool.engine.effects import Effect, StartMapRun
from asltool.engine.execution import Execution
from asltool.errors import HistoryError, MockError, NoAnswer, NoHandler
from asltool.expr.values import loads
from asltool.history.shape import details_of
from asltool.history.stays import Nesting, Stay, Stays
from asltool.history.timestamps import seconds_of
from asltool.integrations.differences import Difference, differences
from asltool.integrations.generated import is_generated
from asltool.integrations.recorded_history import read_history
from asltool.integrations.replay import Replay
from asltool.machine import Machine
from asltool.syntax.wording import listed, quoted
from asltool.testing.run_report import times

__all__ = ["Comparison", "compare_with_history"]

_MOST_DIFFERENCES = 3
_NAME = "00000000-0000-4000-8000-000000000000"
"""Matches names that the service generates."""

_EVENT = re.compile(r"event id #\d+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """``differences`` are sentences in the order of the recorded run; empty if there are none."""

    differences: tuple[str, ...]
    recorded: str
    replayed: str

    @property
    def same(self) -> bool:
        return not self.differences


def compare_with_history(machine: Machine, document: Mapping[str, Any], path: str = "history") -> Comparison:
    """Run an execution again on this machine with its recorded task results, and compare.

    Every task returns the result of the most similar recorded call; its input is compared like everything
    else. Strings that differ in every run (timestamps, UUIDs, task tokens) are not compared.

    Args:
        document: what GetExecutionHistory returns, as the AWS CLI or ``asltool run --history`` write it.
        path: the name for messages.

    Raises:
        HistoryError: the history is incomplete, or has no payloads.
        InputError: the machine does not accept the recorded input.
    """
    calls = read_history(document, path)
    events = sorted(document["events"], key=lambda event: event["id"])
    given = _input(events, path)
    before = Stays(events)
    execution, stopped = _run(machine, given, _moment(events[0], path), Replay(calls, path, loosely=True))
    after = Stays(execution.history)
    differences = list(_path_differences(before, after, path, whole=stopped is None))
    if stopped is None:
        differences += _ends(before, after)
    elif before.status != "RUNNING" or differences:
        differences.append(f"it stops: {stopped}")
    return Comparison(tuple(differences), before.end, "stopped" if stopped else after.end)


def _input(events: Sequence[Mapping[str, Any]], path: str) -> Any:
    """Return the execution's input."""
    if not events:
        raise HistoryError(f"{path} is not the history of an execution")
    if events[0]["type"] != "ExecutionStarted":
        raise HistoryError(f"{path} is an incomplete history: it does not begin with ExecutionStarted")
    if any(event["type"] == "ExecutionRedriven" for event in events):
        raise HistoryError(f"{path} is the history of a redriven execution, which cannot be replayed")
    details = details_of(events[0])
    if "input" not in details:
        raise HistoryError(f"{path} has no input. download it with --include-execution-data")
    if details.get("inputDetails", {}).get("truncated"):
        raise HistoryError(f"{path} has a truncated execution input, so it cannot be replayed")
    try:
        return loads(details["input"])
    except ValueError as problem:
        raise HistoryError(f"{path} has an input that is not JSON: {problem}") from problem


def _run(machine: Machine, given: Any, now: float, replay: Replay) -> tuple[Execution, str | None]:
    """Run as far as possible; return the execution, and why it stopped."""
    seen: list[Execution] = []

    def watch(execution: Execution, effects: Sequence[Effect]) -> None:
        seen.append(execution)
        for effect in effects:
            if isinstance(effect, StartMapRun):
                state = quoted(effect.state)
                raise MockError(f"the child executions of distributed Map {state} have their own histories")

    stopped = None
    try:
        machine.run(given, integrations=[replay], name=_NAME, seed=0, clock=VirtualClock(now), watch=watch)
    except NoHandler as problem:
        stopped = f"the history has no task call of state {quoted(problem.state)}"
    except NoAnswer as problem:
        stopped = f"the history does not show how the task of state {listed(problem.states, 'and')} ended"
    except MockError as problem:
        stopped = str(problem)
    return seen[0], stopped


def _moment(event: Mapping[str, Any], path: str) -> float:
    if event.get("timestamp") is None:
        raise HistoryError(f"the first event of {path} has no timestamp")
    return seconds_of(event["timestamp"])


def _path_differences(before: Stays, after: Stays, path: str, *, whole: bool) -> Iterator[str]:
    """Yield how the paths differ, each compared up to the point where they diverge.

    A shorter second path is not a difference if its run was stopped, nor is a shorter first path if its
    execution was still running.
    """
    for place, stays in before.lines.items():
        last = ""
        reported: set[str] = set()
        for was, now in zip_longest(stays, after.lines.get(place, [])):
            if was is None or now is None or was.state != now.state:
                if (was is not None or before.status != "RUNNING") and (now is not None or whole):
                    yield _parting(last, was, now, place)
                break
            where = f"{quoted(was.state)}{_where(place)} (event {was.event} of {path})"
            yield from _stay(was, now, where, reported, ended=was.left or before.status != "RUNNING")
            last = was.state


def _parting(last: str, was: Stay | None, now: Stay | None, place: Nesting) -> str:
    since = f"after {quoted(last)}{_where(place)}" if last else f"at its start{_where(place)}"
    went = "it ended" if was is None else f"it went to {quoted(was.state)}"
    goes = "ends" if now is None else f"goes to {quoted(now.state)}"
    return f"{since} {went}, and now {goes}"


def _stay(was: Stay, now: Stay, where: str, reported: set[str], *, ended: bool) -> Iterator[str]:
    """Yield how two visits to a state differ, except for data that is already ``reported``."""
    for what, one, other in (
        ("its input", was.input, now.input),
        *(("the input of its task", *pair) for pair in zip(was.asked, now.asked, strict=False)),
        ("its output", was.output, now.output),
    ):
        found = [each for each in _differ(one, other) if str(each) not in reported]
        reported.update(map(str, found))
        if found:
            yield f"{where}: {what} differs: {_shown(found)}"
    if ended and len(was.asked) != len(now.asked):
        once, again = times(len(was.asked)), times(len(now.asked))
        yield f"{where}: its task was called {once}, and is now called {again}"


def _where(place: Nesting) -> str:
    words = [
        f"in iteration {step}" if isinstance(step, int) else f"in branch {quoted(step)}" for step in place
    ]
    return " " + " ".join(words) if words else ""


def _ends(before: Stays, after: Stays) -> Iterator[str]:
    if before.status == "RUNNING":
        return
    if _EVENT.sub("", before.end) != _EVENT.sub("", after.end):
        yield f"the execution ended {before.end}, and now ends {after.end}"
    elif found := _differ(before.output, after.output):
        yield f"its output differs: {_shown(found)}"


def _differ(was: str | None, now: str | None) -> list[Difference]:
    """Return where two JSON texts differ; a truncated or missing one is not compared."""
    if was is None or now is None:
        return []
    try:
        old, new = loads(was), loads(now)
    except ValueError:
        return []
    return [found for found in differences(old, new) if not is_generated(found)]


def _shown(found: Sequence[Difference]) -> str:
    more = len(found) - _MOST_DIFFERENCES
    return "; ".join(map(str, found[:_MOST_DIFFERENCES])) + (f"; and {more} more" if more > 0 else "")
