"""Explore a state machine: find inputs and task outcomes that reach what no test reaches.

::

    exploration = explore(asltool.load("etl.asl.json"))
    for found in exploration.found:
        print(found.name, found.trial.script.input)
    print(exploration.report())
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from asltool.history.targets import Target, targets
from asltool.history.visits import is_distributed
from asltool.machine import Machine
from asltool.syntax.model import State, StateMachine
from asltool.syntax.wording import quoted
from asltool.testing.coverage.descriptions import describe
from asltool.testing.explore.found import FoundRun, few
from asltool.testing.explore.loops import repeating
from asltool.testing.explore.proofs import endless_loops, targets_inside, unreachable
from asltool.testing.explore.scripts import Trial
from asltool.testing.explore.search import Search

__all__ = ["Exploration", "FoundRun", "Search", "explore"]


@dataclass(frozen=True, slots=True)
class Exploration:
    """The result of exploring a machine.

    ``targets`` has a description of each; ``known`` were already reached before; ``found`` are the cases, and
    ``trials`` all runs that had a path of their own;
    ``proofs`` has the reason why a target cannot be reached; ``endless`` are targets reached only by runs
    that never end, which cannot be cases; ``loops`` has a sentence for each endless loop. States inside a
    distributed Map are not targets, since its children are separate executions: ``distributed`` has the names
    of these Maps. ``runs`` counts the runs of the search, ``out_of_time`` is true if it was cut short, and
    ``problem`` says why the last run that failed to start did so.
    """

    targets: Mapping[Target, str]
    known: Set[Target]
    found: Sequence[FoundRun]
    proofs: Mapping[Target, str]
    endless: Set[Target]
    loops: Sequence[str]
    distributed: Sequence[str]
    runs: int
    out_of_time: bool
    problem: str = ""
    trials: Sequence[Trial] = ()

    @property
    def reached(self) -> set[Target]:
        """All targets reached, by earlier tests and by the cases found."""
        return {*self.known, *(target for each in self.found for target in each.targets)}

    @property
    def missing(self) -> list[Target]:
        """The targets that are not reached, though not proved unreachable."""
        decided = self.reached | self.endless | self.proofs.keys()
        return [target for target in self.targets if target not in decided]

    def report(self) -> str:
        """Return a report on several lines."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        reached = self.reached
        known = f", {len(self.known)} of them by existing cases" if self.known else ""
        yield f"reached {len(reached)} of {len(self.targets)}{known}; {self.runs:,} runs"
        for target in self.missing:
            yield f"  not reached: {self.targets[target]}"
        for target in self.targets:
            if target in self.endless:
                yield f"  reached only by runs that never ended: {self.targets[target]}"
        for target, why in self.proofs.items():
            yield f"  unreachable: {self.targets[target]}: {why}"
        for loop in self.loops:
            yield f"  never ends: {loop}"
        for name in self.distributed:
            yield f"  not explored: the children of the distributed Map {quoted(name)}"
        if self.missing and self.problem:
            yield f"  could not be run: {self.problem}"
        if self.missing and self.out_of_time:
            yield "  out of time before everything was tried"


def explore(
    machine: Machine,
    *,
    known: Set[Target] = frozenset(),
    seed: int = 0,
    go_on: Callable[[], bool] = lambda: True,
    watch: Callable[[Search], None] = lambda search: None,
    patient: bool = False,
) -> Exploration:
    """Search for inputs and task outcomes that together reach every state and every transition of a machine.

    The same machine and seed give the same cases, unless ``go_on`` ends the search early.

    Args:
        known: the targets that existing tests reach.
        seed: the seed of values that are tried at random.
        go_on: called before each run; the search ends when it returns False.
        watch: called after each run.
        patient: whether to try random values as long as ``go_on`` allows while something is not reached; by
            default, the search ends when it has found nothing new for a while.

    Raises:
        DefinitionError: the machine has placeholders where a run needs a value.
        ExpressionError: an expression in it is not valid.
    """
    _ = machine.program  # a machine that cannot run may have transitions without a target
    children = {target for map_ in _distributed(machine.model) for target in targets_inside(map_)}
    texts = {
        target: describe(target, state) for target, state in targets(machine.model) if target not in children
    }
    known = known & texts.keys()
    proofs = {target: why for target, why in unreachable(machine.model).items() if target in texts}
    wanted = texts.keys() - proofs.keys() - known
    search = Search(machine, wanted, seed=seed, go_on=go_on, watch=watch, patient=patient)
    search.run()
    found = few(machine, search.known, texts.keys() - known)
    reached = known.union(*(each.targets for each in found))
    endless = {target for trial in search.known for target in trial.reached if target in texts} - reached
    return Exploration(
        texts,
        known,
        found,
        proofs,
        endless,
        [*endless_loops(machine.model, proofs), *repeating(search.known)],
        [map_.name for map_ in _distributed(machine.model)],
        search.runs,
        search.out_of_time,
        search.problem,
        search.known,
    )


def _distributed(machine: StateMachine) -> list[State]:
    return [state for state in machine.walk_states() if is_distributed(state)]
