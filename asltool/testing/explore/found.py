"""Choose a few small cases that together reach everything found, and write them as case files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asltool.history.targets import Target
from asltool.history.visits import is_distributed
from asltool.machine import Machine
from asltool.syntax.model import ABSENT, Map, Task
from asltool.testing.explore.handling import DATA_ERRORS
from asltool.testing.explore.lenses import put
from asltool.testing.explore.scripts import (
    Fails,
    Returns,
    Script,
    TaskOutcome,
    TimesOut,
    Trial,
    run_script,
    tasks_of,
)

__all__ = ["FoundRun", "few"]

_MOST_TRIES = 60
"""How often a case is run to find the parts that do not matter."""


@dataclass(frozen=True, slots=True)
class FoundRun:
    """A run that becomes a case. ``targets`` are those that it reaches and earlier cases do not."""

    trial: Trial
    targets: tuple[Target, ...]

    @property
    def name(self) -> str:
        """What the case shows, in a few words."""
        first, *others = sorted(self.targets, key=_telling)
        more = sum(target.kind in _DECIDED for target in others)
        return _phrase(first) + (f" and {more} more" if more else "")

    @property
    def slug(self) -> str:
        """The name in a form for file names."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")[:60].strip("-") or "case"

    def case(self, definition: str, s3: str = "s3") -> dict[str, Any]:
        """Return the content of the case file.

        ``definition`` is the path relative to that file; ``s3`` that of the folder of `write_objects`.
        """
        run = self.trial.run
        expect: dict[str, Any] = {"status": run.status, "path": run.path}
        if run.error is not None:
            expect["error"] = run.error
        case: dict[str, Any] = {"name": self.name, "definition": definition, "input": self.trial.script.input}
        tasks = dict(_scripts(self.trial))
        case |= {"s3": s3} if self.trial.uses_s3 else {}
        return case | ({"tasks": tasks} if tasks else {}) | {"expect": expect}

    def write_objects(self, folder: Path) -> None:
        """Write what the run reads from S3 to a folder that stands for S3, with the buckets that it uses."""
        if self.trial.uses_s3:
            folder.mkdir(parents=True, exist_ok=True)
        for bucket in self.trial.buckets:
            (folder / bucket).mkdir(parents=True, exist_ok=True)
        for place, text in self.trial.script.objects.items():
            path = folder.joinpath(*place)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


_DECIDED = ("Catch", "Retry", "Default", "Choice")
_KINDS = (*_DECIDED, "state", "Next")


def _telling(target: Target) -> tuple[int, str, int]:
    return _KINDS.index(target.kind), target.state, target.number


def _phrase(target: Target) -> str:
    match target.kind:
        case "state":
            return f"as far as {target.state}"
        case "Next":
            return f"on from {target.state}"
        case "Default":
            return f"Default of {target.state}"
        case "Choice":
            return f"Choices[{target.number}] of {target.state}"
    return f"{target.kind}[{target.number}] of {target.state}"


def _scripts(trial: Trial) -> Iterator[tuple[str, Any]]:
    """Yield the tasks that the run called, each with its steps.

    Children of a Distributed Map have histories of their own: all tasks that they may call are here.
    """
    calls: dict[str, tuple[Task, int]] = {}
    for visit in trial.story.visits:
        if isinstance(visit.state, Task) and id(visit) in trial.calls:
            before = calls.get(visit.state.name, (visit.state, -1))[1]
            calls[visit.state.name] = visit.state, max(before, trial.calls[id(visit)])
    for name, (task, last) in calls.items():
        steps = [_step(task, answer) for answer in trial.script.of(task)[: last + 1]]
        yield name, steps[0] if len(steps) == 1 else steps
    for state in {visit.state.name: visit.state for visit in trial.story.visits}.values():
        if isinstance(state, Map) and is_distributed(state):
            for task in tasks_of(state.item_processor):
                yield task.name, [_step(task, answer) for answer in trial.script.of(task)]


def _step(task: Task, answer: TaskOutcome) -> dict[str, Any]:
    match answer:
        case TimesOut():
            return {"times_out": True}
        case Fails(error, cause):
            return {"raises": error} | ({"cause": cause} if cause else {})
    sends = task.resource.pattern == "waitForTaskToken"
    return {"sends" if sends else "returns": answer.output}


def few(machine: Machine, trials: Sequence[Trial], wanted: Set[Target]) -> list[FoundRun]:
    """Choose a few trials that reach every wanted target that any trial reaches, and make them small.

    Runs that succeed or end in a Fail state are preferred to those that fail on their data; endless runs
    cannot be cases.
    """
    trials = [trial for trial in trials if not trial.endless]
    left = {target for target in wanted if any(target in trial.reached for trial in trials)}
    found = []
    while left:
        trial = _best(trials, left)
        mine = left & trial.reached
        left -= mine
        found.append(FoundRun(_smaller(machine, trial, mine), tuple(sorted(mine))))
    return found


def _best(trials: Sequence[Trial], left: Set[Target]) -> Trial:
    helpful = [trial for trial in trials if left & trial.reached]
    return max(helpful, key=lambda trial: (trial.run.error not in DATA_ERRORS, len(left & trial.reached)))


def _smaller(machine: Machine, trial: Trial, mine: Set[Target]) -> Trial:
    """Remove the parts of a script that do not affect its path."""
    left_out = _parts_left_out(machine, trial.script)
    for _ in range(_MOST_TRIES):
        script = next(left_out, None)
        if script is None:
            break
        other = run_script(machine, script)
        if _same_route(trial, other) and mine <= other.reached:
            trial = other
            left_out = _parts_left_out(machine, script)
    return trial


def _same_route(one: Trial, other: Trial) -> bool:
    ends = [(each.run.status, each.run.error, each.run.path) for each in (one, other)]
    return ends[0] == ends[1]


def _parts_left_out(machine: Machine, script: Script) -> Iterator[Script]:
    """Yield the script without one of its parts, large parts first."""
    for name in script.answers:
        yield replace(script, answers={key: each for key, each in script.answers.items() if key != name})
    for value in _values_left_out(script.input):
        yield replace(script, input=value)
    for task in tasks_of(machine.model):
        for at, answer in enumerate(script.answers.get(task.name, ())):
            if isinstance(answer, Returns):
                for output in _values_left_out(answer.output):
                    answers = list(script.answers[task.name])
                    answers[at] = Returns(output)
                    yield replace(script, answers={**script.answers, task.name: tuple(answers)})


def _values_left_out(value: Any) -> Iterator[Any]:
    for steps in _places(value):
        yield put(value, steps, ABSENT)


def _places(value: Any) -> Iterable[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield (name,)
            yield from ((name, *steps) for steps in _places(part))
