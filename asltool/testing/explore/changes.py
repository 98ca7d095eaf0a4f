"""Change a script at the places that decide about values of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import Any, Final

from asltool.expr.values import loads
from asltool.history.visits import Visit
from asltool.syntax.model import ABSENT, Task
from asltool.testing.explore.conditions import Wish
from asltool.testing.explore.handling import MISSED_HEARTBEAT
from asltool.testing.explore.lenses import NotSolved, get, put
from asltool.testing.explore.reading import WantedValue
from asltool.testing.explore.scripts import Fails, Returns, Script, TimesOut, Trial
from asltool.testing.explore.solving import outer_first
from asltool.testing.explore.terms import Origin, ValueRead

__all__ = [
    "MOST_WISHES",
    "UNKNOWN",
    "changeable",
    "failure",
    "granted",
    "settable",
    "tasks_in",
    "tried",
    "value_at",
    "value_seen",
]

UNKNOWN: Final = object()
"""Stands for what a script does not say."""


MOST_WISHES = 3
"""How many solutions are tried for one decision."""


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
    resource = task.resource
    waits = resource.pattern == "waitForTaskToken" or resource.events == "Activity"
    watched = waits and task.heartbeat_seconds is not None
    if error == MISSED_HEARTBEAT:
        return TimesOut() if watched else Fails(error)
    timed = error == "States.Timeout" and task.timeout_seconds is not None and not watched
    return TimesOut() if timed else Fails(error)


def value_at(trial: Trial, script: Script, origin: Origin) -> Any:
    """Return a script's value at an origin; ABSENT if there is none, `UNKNOWN` if the origin is not in the
    script."""
    if origin.kind == "input":
        return get(script.input, origin.steps)
    if origin.kind == "result":
        answer = script.answer(*_call(trial, origin, 0))
        return get(answer.output, origin.steps) if isinstance(answer, Returns) else UNKNOWN
    if origin.kind == "error":
        answer = script.answer(*_call(trial, origin, 0))
        return get(_error_output(answer), origin.steps) if isinstance(answer, Fails) else UNKNOWN
    return UNKNOWN


def _call(trial: Trial, origin: Origin, other: int) -> tuple[Any, int]:
    """Return the task of an origin and the number of its call; in a child execution, it is the first one."""
    if isinstance(origin.waypoint, Task):
        return origin.waypoint, 0
    return origin.waypoint.state, trial.calls.get(id(origin.waypoint), other)


def _error_output(failure: Fails) -> dict[str, str]:
    return {"Error": failure.error, "Cause": failure.cause}


def with_value(trial: Trial, script: Script, origin: Origin, value: Any) -> Script:
    """Return the script with a value at its origin.

    Raises:
        NotSolved: the origin cannot have this value.
    """
    if origin.kind == "input":
        changed = put(script.input, origin.steps, value)
        return replace(script, input={} if changed is ABSENT else changed)
    task, number = _call(trial, origin, -1)
    if number < 0 or not isinstance(task, Task):
        raise NotSolved
    answer = script.answer(task, number)
    if origin.kind == "result" and isinstance(answer, Returns):
        changed = put(answer.output, origin.steps, value)
        return script.answering(task, number, Returns({} if changed is ABSENT else changed))
    if origin.kind == "error" and isinstance(answer, Fails):
        changed = put(_error_output(answer), origin.steps, value)
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


def changeable(trial: Trial, visit: Visit, wanted: WantedValue) -> list[Origin]:
    """Return a value's exact origins, and those that only contribute to it."""
    origins = trial.tracer.origins_of(visit, wanted.read, wanted.document)
    return [origin for origin in origins if origin.kind in ("input", "result", "error")]


def settable(trial: Trial, visit: Visit, wanted: WantedValue) -> list[Origin]:
    """Return a value's exact origins that a script can change."""
    return [origin for origin in changeable(trial, visit, wanted) if origin.exact]


def granted(trial: Trial, visit: Visit, wish: Wish) -> Iterator[Script]:
    """Yield scripts that give a Choice these values."""
    document = "raw" if visit.state.query_language == "JSONata" else "arguments"
    reads = outer_first(wish)
    origins = [settable(trial, visit, WantedValue(read, document)) for read in reads]
    for chosen in islice(product(*origins), MOST_WISHES):
        script = trial.script
        try:
            for origin, value in zip(chosen, map(wish.__getitem__, reads), strict=True):
                script = with_value(trial, script, origin, value)
        except NotSolved:
            continue
        yield script


def value_seen(visit: Visit, read: ValueRead) -> Any:
    """Return the value that a state read from its variables or its input; ABSENT if that is not known."""
    root, steps = read
    if root == "$states" and steps[:1] == ("input",) and visit.input is not None:
        return get(loads(visit.input), steps[1:])
    return get(loads(visit.variables[root[1:]]), steps) if root[1:] in visit.variables else ABSENT
