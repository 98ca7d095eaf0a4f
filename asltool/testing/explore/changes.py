"""Change a script at the place that decides a value of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from asltool.history.visits import Visit
from asltool.syntax.model import ABSENT, Task
from asltool.testing.explore.handling import MISSED_HEARTBEAT
from asltool.testing.explore.lenses import NotSolved, get, put
from asltool.testing.explore.origins import Origin
from asltool.testing.explore.scripts import Fails, Returns, Script, TimesOut, Trial

__all__ = ["UNKNOWN", "failure", "tasks_in", "tried", "value_at", "with_value"]

UNKNOWN: Final = object()
"""Stands for what a script does not say."""


def tasks_in(trial: Trial, visit: Visit) -> list[Visit]:
    """Return this visit if it is a task's, and the visits of tasks inside it."""
    found = []
    for each in trial.story.visits:
        around: Visit | None = each
        while around is not None and around is not visit:
            around = around.around
        if around is visit and id(each) in trial.calls:
            found.append(each)
    return found


def failure(task: Task, error: str) -> Fails | TimesOut:
    """Return the answer with which a task fails with this error."""
    if error == MISSED_HEARTBEAT:
        resource = task.resource
        watched = resource.pattern == "waitForTaskToken" or resource.events == "Activity"
        return TimesOut() if watched and task.heartbeat_seconds is not None else Fails(error)
    timed = error == "States.Timeout" and task.timeout_seconds is not None
    return TimesOut() if timed else Fails(error)


def value_at(trial: Trial, script: Script, origin: Origin) -> Any:
    """Return a script's value at an origin; ABSENT if there is none, `UNKNOWN` if the origin is not in the
    script."""
    if origin.kind == "input":
        return get(script.input, origin.steps)
    if origin.kind == "result":
        answer = script.answer(origin.waypoint.state, trial.calls.get(id(origin.waypoint), 0))
        return get(answer.output, origin.steps) if isinstance(answer, Returns) else UNKNOWN
    return UNKNOWN


def with_value(trial: Trial, script: Script, origin: Origin, value: Any) -> Script:
    """Return the script with a value at its origin.

    Raises:
        NotSolved: the origin cannot have this value.
    """
    if origin.kind == "input":
        changed = put(script.input, origin.steps, value)
        return replace(script, input={} if changed is ABSENT else changed)
    task, number = origin.waypoint.state, trial.calls.get(id(origin.waypoint))
    if number is None or not isinstance(task, Task):
        raise NotSolved
    answer = script.answer(task, number)
    if origin.kind == "result" and isinstance(answer, Returns):
        changed = put(answer.output, origin.steps, value)
        return script.answering(task, number, Returns({} if changed is ABSENT else changed))
    if origin.kind == "error" and isinstance(answer, Fails):
        changed = put({"Error": answer.error, "Cause": answer.cause}, origin.steps, value)
        if isinstance(changed, dict) and all(
            isinstance(changed.get(name), str) for name in ("Error", "Cause")
        ):
            return script.answering(task, number, Fails(changed["Error"], changed["Cause"]))
    raise NotSolved


def tried(trial: Trial, script: Script, origin: Origin, value: Any) -> Script:
    """Return the script with a value at its origin, or unchanged if that is not possible."""
    try:
        return with_value(trial, script, origin, value)
    except NotSolved:
        return script
