"""The search: run, find transitions that were not taken, change the values that decide about them, and
repeat.

Each run is traced back: if a Choice took another transition, the values that it read are traced to the input
or to a task's result, and changed there so that it takes the wanted one. If a state failed on its data, the
missing value is added where it should have come from. Tasks fail with the names in Retry and Catch. Random
values are tried only if nothing else helps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import islice, product
from random import Random
from typing import Any

from asltool.errors import AslToolError
from asltool.expr.values import loads
from asltool.history.targets import Target
from asltool.history.visits import Visit
from asltool.machine import Machine
from asltool.syntax.model import ABSENT, Choice, Map, State, Task, Working
from asltool.testing.explore.candidates import telling
from asltool.testing.explore.changes import (
    MOST_WISHES,
    UNKNOWN,
    changeable,
    failure,
    granted,
    settable,
    tasks_in,
    tried,
    value_at,
    value_seen,
)
from asltool.testing.explore.data import ChoiceData
from asltool.testing.explore.handling import DATA_ERRORS, OWN_ERROR, meeting
from asltool.testing.explore.objects import content
from asltool.testing.explore.reading import WantedValue, filler, fits, wanted_in
from asltool.testing.explore.scripts import Fails, Script, TaskOutcome, Trial, run_script
from asltool.testing.explore.solving import Decider
from asltool.testing.explore.terms import Origin

__all__ = ["Search"]

_REPAIR, _GOAL, _OTHER = range(3)
"""Priorities of scripts: those that fix data, those for targets not reached yet, all others."""

_PATIENCE = 1000
"""How many scripts that reach nothing new are run before the search stops."""

_DRAWS, _MOST_PLACES = 50, 8
"""How many scripts are drawn at random before another place is changed with the first; the most places."""


@dataclass(order=True)
class _Candidate:
    urgency: int
    number: int
    script: Script = field(compare=False)
    goal: Target | None = field(compare=False)


class Search:
    """Searches for scripts that reach all of these targets.

    Args:
        wanted: the targets to reach.
        seed: the seed of random values.
        go_on: called before each run; the search ends when it returns False.
        watch: called after each run.
        patient: whether to try random values as long as ``go_on`` allows.

    ``known`` are the runs with a path of their own, in order; ``runs`` counts all; no completed run has
    reached the targets ``left``. ``problem`` says why the last run that failed to start did so.
    """

    def __init__(
        self,
        machine: Machine,
        wanted: Set[Target],
        *,
        seed: int = 0,
        go_on: Callable[[], bool] = lambda: True,
        watch: Callable[[Search], None] = lambda search: None,
        patient: bool = False,
    ) -> None:
        self.machine = machine
        self.left = set(wanted)
        self.runs = 0
        self.out_of_time = False
        self.problem = ""
        self._go_on = go_on
        self._watch = watch
        self._patient = patient
        self._random = Random(seed)
        self._wanted = wanted_in(machine.model, machine.definition)
        states = machine.model.walk_states()
        self._deciders = {state.name: Decider(state) for state in states if isinstance(state, Choice)}
        self._queue: list[_Candidate] = []
        self._seen: set[str] = set()
        self._route_keys: set[tuple[str, ...]] = set()
        self.known: list[Trial] = []
        self._number = 0

    def run(self) -> None:
        """Search until everything is reached, or nothing more seems reachable."""
        self._push(_GOAL, Script(), None)
        idle = 0
        while (self._patient or idle < _PATIENCE) and (candidate := self._next()) is not None:
            if not self._go_on():
                self.out_of_time = True
                break
            found = self._try(candidate)
            idle = 0 if found else idle + (candidate.urgency == _OTHER)

    def _next(self) -> _Candidate | None:
        """Return what to run next. Once all is reached, only runs that failed on their data are fixed."""
        while self._queue and (self.left or self._queue[0].urgency == _REPAIR):
            candidate = heappop(self._queue)
            if candidate.urgency == _GOAL and candidate.goal is not None and candidate.goal not in self.left:
                heappush(self._queue, replace(candidate, urgency=_OTHER))
                continue
            return candidate
        return self._by_chance() if self.left else None

    def _push(self, urgency: int, script: Script, goal: Target | None) -> None:
        key = script.key
        if key not in self._seen:
            self._seen.add(key)
            self._number += 1
            heappush(self._queue, _Candidate(urgency, self._number, script, goal))

    def _try(self, candidate: _Candidate) -> bool:
        """Run a script; return whether it reached something new."""
        script, goal = candidate.script, candidate.goal
        self.runs += 1
        try:
            trial = run_script(self.machine, script)
        except AslToolError as problem:
            self.problem = str(problem)
            return False
        found = not trial.endless and bool(self.left & trial.reached)
        if not trial.endless:
            self.left -= trial.reached
        # A run that is meant to reach a goal, but fails on its data, can be repaired.
        aims = goal in self.left and trial.run.error in DATA_ERRORS
        key = (*trial.route_key, repr(aims and goal))
        if found or candidate.urgency == _REPAIR or key not in self._route_keys:
            self._route_keys.add(key)
            self.known.append(trial)
            self._expand(trial)
        self._watch(self)
        return found

    def _expand(self, trial: Trial) -> None:
        for visit in trial.worth_looking():
            state = visit.state
            if trial.failed_on_data(visit):
                self._mend(trial, visit)
            if trial.endless and isinstance(state, Task):
                ending = trial.script.answering(state, trial.calls[id(visit)], Fails(OWN_ERROR))
                self._push(_OTHER, ending, None)
            if isinstance(state, Choice):
                self._choose(trial, visit, state)
            elif isinstance(state, Working):
                self._fail(trial, visit, state)
            if isinstance(state, Map) and not any(each.around is visit for each in trial.story.visits):
                self._give_items(trial, visit)
            if isinstance(state, Map) and state.item_reader is not None and trial.s3.missing:
                made = {place: content(state.item_reader, *place) for place in trial.s3.missing}
                self._push(_REPAIR, trial.script.with_objects(made), None)

    def _aim(self, trial: Trial, script: Script, goal: Target) -> None:
        """Queue scripts that may reach a goal or, after an endless run, may end it."""
        if trial.endless:
            self._push(_GOAL, script, None)
        else:
            self._push(_GOAL if goal in self.left else _OTHER, script, goal)

    def _choose(self, trial: Trial, visit: Visit, state: Choice) -> None:
        decider = self._deciders[state.name]
        raw = None if visit.input is None else loads(visit.input)
        document = decider.document(raw)
        if document is ABSENT:
            self._mend(trial, visit)
            return
        variables = {name: loads(text) for name, text in visit.variables.items()}
        data = ChoiceData(document, variables, {"Execution": {"Input": trial.script.input}})
        taken, decided = decider.decide(data)
        for index in range(len(state.choices) + (state.default is not None)):
            if decided and index == taken:
                continue
            goal = Target(state.name, "Choice", index)
            if index == len(state.choices):
                goal = Target(state.name, "Default")
            for wish in islice(decider.wishes(data, index), MOST_WISHES):
                for script in granted(trial, visit, wish):
                    self._aim(trial, script, goal)
            if goal in self.left:
                self._guess(trial, visit, state)

    def _guess(self, trial: Trial, visit: Visit, state: Choice) -> None:
        """Try values for the inputs from which a Choice's data is computed."""
        for wanted in self._read_by(state):
            if settable(trial, visit, wanted):
                continue
            for origin, value in product(changeable(trial, visit, wanted), self._values(state)):
                self._push(_OTHER, tried(trial, trial.script, origin, value), None)

    def _fail(self, trial: Trial, visit: Visit, state: Working) -> None:
        """Let a task, or one inside the state, fail for each entry of Retry and Catch."""
        met = [(Target(state.name, "Retry", at), meeting(state.retry, at)) for at in range(len(state.retry))]
        met += [(Target(state.name, "Catch", at), meeting(state.catch, at)) for at in range(len(state.catch))]
        for (goal, error), task in product(met, tasks_in(trial, visit)):
            if error is None or goal in trial.reached:
                continue
            assert isinstance(task.state, Task)
            number = trial.calls[id(task)]
            answers: list[TaskOutcome] = [failure(task.state, error)]
            if goal.kind == "Retry":
                answers.append(trial.script.answer(task.state, number))
            self._aim(trial, trial.script.answering(task.state, number, *answers), goal)

    def _mend(self, trial: Trial, visit: Visit) -> None:
        """Add the value that a state could not read or use where it would have come from."""
        script = trial.script
        other: list[Origin] = []
        for wanted in self._wanted.get(visit.state.name, ()):
            if fits(value_seen(visit, wanted.read), wanted.kind):
                continue
            origins = settable(trial, visit, wanted)
            if not origins:
                other += changeable(trial, visit, wanted)
            for origin in origins[:1]:
                value = value_at(trial, script, origin)
                if not fits(value, wanted.kind) and value is not UNKNOWN:
                    script = tried(trial, script, origin, filler(wanted.read, wanted.kind))
                else:
                    other.append(origin)
        if script is not trial.script:
            self._push(_REPAIR, script, None)
            return
        for origin, value in product(other, _SAMPLES):
            self._push(_OTHER, tried(trial, script, origin, value), None)

    def _give_items(self, trial: Trial, visit: Visit) -> None:
        for wanted in self._wanted.get(visit.state.name, ()):
            if wanted.kind in ("array", "several"):
                for origin in changeable(trial, visit, wanted):
                    for items in _ITEMS:
                        self._push(_GOAL, tried(trial, trial.script, origin, items), None)

    def _by_chance(self) -> _Candidate | None:
        """Return a script with random values at places that some states read."""
        for drawn in range(_DRAWS * (_MOST_PLACES if self._patient else 1)):
            if not self.known:
                break
            trial = self._random.choice(self.known)
            script = trial.script
            for _ in range(1 + drawn // _DRAWS):
                script = self._changed_by_chance(trial, script)
            if script.key not in self._seen:
                self._seen.add(script.key)
                return _Candidate(_OTHER, 0, script, None)
        return None

    def _changed_by_chance(self, trial: Trial, script: Script) -> Script:
        visits = [visit for visit in trial.story.visits if self._read_by(visit.state)]
        if not visits:
            return script
        visit = self._random.choice(visits)
        origins = changeable(trial, visit, self._random.choice(self._read_by(visit.state)))
        if not origins:
            return script
        value = self._random.choice(self._values(visit.state))
        if self._patient and self._random.random() < 0.5:
            value = self._random.randint(-1, 10 ** self._random.randint(1, 9))
        return tried(trial, script, self._random.choice(origins), value)

    def _read_by(self, state: State) -> list[WantedValue]:
        found = self._wanted.get(state.name, [])
        if not isinstance(state, Choice):
            return found
        document = "raw" if state.query_language == "JSONata" else "arguments"
        reads = self._deciders[state.name].conditions.values
        return [*found, *(WantedValue(read, document) for read in reads)]

    def _values(self, state: State) -> list[Any]:
        """Return values to draw from."""
        decider = self._deciders.get(state.name) or self._random.choice([*self._deciders.values(), None])
        pools: Mapping[Any, list[Any]] = {} if decider is None else decider.conditions.values
        return [*_SAMPLES, *(value for pool in pools.values() for value in pool)]


_SAMPLES = telling([1, "a"])
_ITEMS: tuple[list[Any], ...] = ([{}], ["text"], [{}, {}], ["text", "text"])
