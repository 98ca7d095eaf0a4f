"""The script of a run, which is the input and the answers of every task, and the result of running it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from asltool.driver.clock import VirtualClock
from asltool.engine.effects import Effect
from asltool.engine.execution import Execution
from asltool.expr.values import dumps
from asltool.history.story import Story
from asltool.history.targets import Target
from asltool.history.visits import Visit
from asltool.integrations.scripted import Mocks, MockTask
from asltool.machine import Machine
from asltool.run import Run
from asltool.syntax.model import Map, StateMachine, Task
from asltool.testing.coverage.reached import reached
from asltool.testing.explore.handling import DATA_ERRORS
from asltool.testing.explore.objects import MadeObjects
from asltool.testing.explore.origins import Tracer
from asltool.testing.explore.routes import Taken
from asltool.testing.under_test import NOON

__all__ = [
    "Fails",
    "Returns",
    "Script",
    "TaskOutcome",
    "TimesOut",
    "Trial",
    "first_answer",
    "run_script",
    "tasks_of",
]

_MOST_RECORDS = 4_000
"""How long a history may grow before a run is stopped."""


@dataclass(frozen=True, slots=True)
class Returns:
    """The task succeeds with this output, JSON."""

    output: Any


@dataclass(frozen=True, slots=True)
class Fails:
    """The task fails with this ASL error name."""

    error: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class TimesOut:
    """The task never answers, so its TimeoutSeconds run out."""


TaskOutcome = Returns | Fails | TimesOut


@dataclass(frozen=True, slots=True)
class Script:
    """The input and answers for a run. A task answers calls in order, further calls with its last answer.

    ``objects`` are the texts of objects in S3, by bucket and key.
    """

    input: Any = field(default_factory=dict)
    answers: Mapping[str, tuple[TaskOutcome, ...]] = field(default_factory=dict)
    objects: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A string that only equal scripts share."""
        answers = {name: [*map(repr, each)] for name, each in sorted(self.answers.items())}
        return dumps([self.input, answers, [[*place, text] for place, text in sorted(self.objects.items())]])

    def of(self, task: Task) -> Sequence[TaskOutcome]:
        """Return the answers of a task."""
        return self.answers.get(task.name) or (first_answer(task),)

    def answer(self, task: Task, call: int) -> TaskOutcome:
        """Return the answer of a task to a call, counted from 0."""
        answers = self.of(task)
        return answers[min(call, len(answers) - 1)]

    def answering(self, task: Task, call: int, *answers: TaskOutcome) -> Script:
        """Return the script with new answers from this call on."""
        before = tuple(self.answer(task, number) for number in range(call))
        return replace(self, answers={**self.answers, task.name: (*before, *answers)})

    def with_objects(self, texts: Mapping[tuple[str, str], str]) -> Script:
        """Return the script with more objects in S3."""
        return replace(self, objects={**self.objects, **texts})


def first_answer(task: Task) -> Returns:
    """Return the simplest answer."""
    resource = task.resource
    invokes = resource.service == "lambda" and resource.pattern != "waitForTaskToken"
    return Returns({"Payload": {}} if invokes else {})


class Trial:
    """A run of a script. It is ``endless`` if it had to be stopped.

    ``calls`` has the number of a visit's last call among all calls of its state, by the visit's id.
    ``s3`` has the objects that the run looked for and did not find.
    """

    def __init__(self, script: Script, story: Story, run: Run, s3: MadeObjects) -> None:
        self.script = script
        self.s3 = s3
        self.story = story
        self.run = run
        self.endless = run.status == "ABORTED"
        self.reached: frozenset[Target] = frozenset(reached(story))
        self.calls = _calls(story)

    @property
    def uses_s3(self) -> bool:
        """Whether a Map reads or writes objects."""
        states = (visit.state for visit in self.story.visits)
        return any(isinstance(each, Map) and (each.item_reader or each.result_writer) for each in states)

    @property
    def buckets(self) -> set[str]:
        """The buckets that the run read or wrote."""
        return {*self.s3.written, *(bucket for bucket, _ in (*self.script.objects, *self.s3.missing))}

    @cached_property
    def tracer(self) -> Tracer:
        return Tracer(Taken(self.story))

    @cached_property
    def route_key(self) -> tuple[str, ...]:
        """A key of runs with the same route: how often each state was entered, counted up to four."""
        counts = Counter(visit.state.name for visit in self.story.visits)
        targets = [f"{target.state} {target.kind} {target.number}" for target in sorted(self.reached)]
        often = [f"{name} {min(count, 4)}" for name, count in sorted(counts.items())]
        return (*targets, *often, self.run.status)

    def worth_looking(self) -> Iterator[Visit]:
        """Yield the first visits of each state, and the last ones if the run ended."""
        visits: dict[str, list[Visit]] = {}
        for visit in self.story.visits:
            visits.setdefault(visit.state.name, []).append(visit)
        for each in visits.values():
            yield from each[:2]
            if not self.endless:
                yield from each[2:][-2:]

    def failed_on_data(self, visit: Visit) -> bool:
        """Return whether a state failed, or may have failed, on its data and not because of the script.

        For states in a Map, it is not known which iteration failed.
        """
        around: Visit | None = visit
        while around is not None and around.error is None:
            around = around.around
        error = self.run.error if around is None else around.error
        if error not in DATA_ERRORS or not (around is visit or visit.fate in ("failed", "unfinished")):
            return False
        if not isinstance(visit.state, Task) or id(visit) not in self.calls:
            return True
        answer = self.script.answer(visit.state, self.calls[id(visit)])
        return not (isinstance(answer, Fails) and answer.error == error)


def _calls(story: Story) -> dict[int, int]:
    begun = sorted(
        (attempt.began, number)
        for number, visit in enumerate(story.visits)
        if isinstance(visit.state, Task)
        for attempt in visit.attempts
    )
    counts: dict[str, int] = {}
    found: dict[int, int] = {}
    for _, number in begun:
        visit = story.visits[number]
        found[id(visit)] = counts[visit.state.name] = counts.get(visit.state.name, -1) + 1
    return found


def run_script(machine: Machine, script: Script) -> Trial:
    """Run a script.

    Raises:
        AslToolError: the machine cannot be run, for example because it reads missing files.
    """
    mocks = Mocks()
    for task in tasks_of(machine.model):
        mock = mocks.task(task.name)
        answers = script.of(task)
        for number, answer in enumerate(answers, 1):
            _add_answer(mock, task, answer, None if number == len(answers) else 1)
    clock, objects = VirtualClock(NOON), MadeObjects(script.objects)
    run = machine.run(
        script.input,
        integrations=[mocks],
        name="test",
        seed=0,
        clock=clock,
        s3=objects,
        watch=_stop_long,
    )
    return Trial(script, Story(machine.model, run.history), run, objects)


def _stop_long(execution: Execution, effects: Sequence[Effect]) -> None:
    if execution.status == "RUNNING" and len(execution.records.tape) > _MOST_RECORDS:
        execution.abort(execution.now)


def tasks_of(machine: StateMachine) -> list[Task]:
    return [state for state in machine.walk_states() if isinstance(state, Task)]


def _add_answer(mock: MockTask, task: Task, answer: TaskOutcome, times: int | None) -> None:
    match answer:
        case Fails(error, cause):
            mock.raises(error, cause, times=times)
        case TimesOut():
            mock.times_out(times=times)
        case Returns(output) if task.resource.pattern == "waitForTaskToken":
            mock.sends(output, times=times)
        case Returns(output):
            mock.returns(output, times=times)
