"""The flow of data through a definition: the possible input of every state, over all paths.

::

    flow = follow(scope)                            # the Scope of a whole definition
    flow.entering[("States", "Ship")].document      # the Shape of the state's input
    flow.missing                                    # reads of values that never exist

Outputs of tasks and the execution's input are unknown. A state is analysed again whenever more data may reach
it; after a few passes its input counts as unknown, so the cost is linear in the number of states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from asltool.rules.analysis.fields import ExpressionText
from asltool.rules.analysis.known import Known
from asltool.rules.analysis.passage import EntryData, Passage, is_beside
from asltool.rules.analysis.per_definition import machines_of, once_per_definition
from asltool.rules.analysis.reader import MissingValue
from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.shapes import NOTHING, UNKNOWN, Shape, join
from asltool.syntax.model import Choice, Pointer, State, StateMachine
from asltool.syntax.placeholders import has_placeholder

__all__ = ["Flow", "flow_of", "follow"]

_MOST_LOOKS = 6
"""How often more may reach a state before anything may."""


class Flow(NamedTuple):
    """What `follow` found.

    ``entering`` maps a state's pointer to the data that the state may be entered with. A state that is not in
    it is never entered, as far as is known: no path leads to it, every path fails before, or the transitions
    of a machine around it are not clear. ``missing`` is in the order of the document's states.
    """

    entering: Mapping[Pointer, EntryData]
    missing: tuple[MissingValue, ...]


def follow(scope: Scope, given: Shape = UNKNOWN) -> Flow:
    """Follow the data through a definition and its nested machines; ``given`` is the execution's input."""
    following = _Following(scope)
    following.begin(scope.machine, EntryData(given, Known()))
    following.run()
    return Flow(following.entering, tuple(following.missing()))


flow_of = once_per_definition(follow)
"""The flow through the definition that a scope belongs to; of an execution's input nothing is known."""


class _Following:
    """Propagates data through the states until nothing changes.

    Inner states are processed before outer ones, so that a Map or a Parallel is usually left only once, with
    the final results of its machines. The states of one machine are processed in rounds. ``now`` is the
    current round and the index of the current state.
    """

    def __init__(self, scope: Scope) -> None:
        self.scopes = machines_of(scope)
        self.unclear = {scope.machine.pointer for scope in self.scopes if _is_unclear(scope)}
        self.states = {
            state.pointer: (scope, state) for scope in self.scopes for state in scope.states.values()
        }
        self.order = {pointer: at for at, pointer in enumerate(self.states)}
        self.owners = {
            inside.pointer: pointer
            for pointer, (_, state) in self.states.items()
            for inside in state.machines
        }
        # Otherwise it is unknown which variables exist.
        self.tracks_variables = not any(
            has_placeholder(name) for scope in self.scopes for _, name, _ in scope.assigned
        )
        self.entering: dict[Pointer, EntryData] = {}
        self.ending: dict[Pointer, Shape] = {}
        self.looks: Counter[Pointer] = Counter()
        self.texts = self._texts()
        self.absent: dict[Pointer, list[MissingValue]] = {}
        self.waiting: list[tuple[int, int, int, bool, Pointer]] = []
        self.now = (0, 0)

    def begin(self, machine: StateMachine, data: EntryData) -> None:
        """Enter a machine. If its transitions are not clear, all that is known is that it may end."""
        if machine.pointer in self.unclear:
            self.end(machine.pointer, UNKNOWN)
        elif data.document != NOTHING:
            self.enter(machine.states[machine.start_at], data)

    def enter(self, state: State, data: EntryData) -> None:
        pointer = state.pointer
        before = self.entering.get(pointer)
        if not self.tracks_variables:
            data = EntryData(data.document, data.variables.nothing())
        if before is not None:
            data = _joined(before, data)
            if data == before:
                return
        self.looks[pointer] += 1
        if self.looks[pointer] > _MOST_LOOKS:
            data = EntryData(UNKNOWN, data.variables.widened())
        self.entering[pointer] = data
        self.wait(pointer, leaving=False)

    def end(self, machine: Pointer, output: Shape) -> None:
        before = self.ending.get(machine, NOTHING)
        output = join(before, output)
        if output == before:
            return
        self.looks[machine] += 1
        self.ending[machine] = output if self.looks[machine] <= _MOST_LOOKS else UNKNOWN
        if machine in self.owners:
            self.wait(self.owners[machine], leaving=True)

    def wait(self, pointer: Pointer, leaving: bool) -> None:
        """Schedule a state; one that comes before the current state waits for the next round."""
        at = self.order[pointer]
        turn, present = self.now
        heappush(self.waiting, (-len(pointer), turn + (at < present), at, leaving, pointer))

    def run(self) -> None:
        while self.waiting:
            look = heappop(self.waiting)
            while self.waiting and self.waiting[0] == look:
                heappop(self.waiting)
            _, turn, at, leaving, pointer = look
            self.now = (turn, at)
            scope, state = self.states[pointer]
            if state.machines and not leaving:
                for machine, data in Passage(state, self.entering[pointer], _ignore).inward():
                    self.begin(machine, data)
                self.wait(pointer, leaving=True)
            elif pointer in self.entering:
                self.leave(scope, state)

    def leave(self, scope: Scope, state: State) -> None:
        found = self.absent[state.pointer] = []
        passage = Passage(state, self.entering[state.pointer], found.append)
        texts = self.texts.get(state.pointer, ())
        passage.look(texts)
        if isinstance(state, Choice):
            passage.ask(state, texts)
        if state.machines:
            list(passage.inward())
        for target, data in passage.outward(self.outputs(state)):
            if target is None:
                self.end(scope.machine.pointer, data.document)
            else:
                self.enter(scope.states[target], data)

    def outputs(self, state: State) -> list[Shape]:
        return [self.ending.get(machine.pointer, NOTHING) for machine in state.machines]

    def _texts(self) -> dict[Pointer, list[ExpressionText]]:
        """Return the texts of each state that are read but not part of its data flow."""
        found: dict[Pointer, list[ExpressionText]] = {}
        for scope in self.scopes:
            for text in filter(is_beside, scope.texts):
                found.setdefault(text.field.state.pointer, []).append(text)
        return found

    def missing(self) -> Iterator[MissingValue]:
        """Yield the values missing in the final pass, when all possible data of each state was known."""
        for pointer in self.states:
            yield from self.absent.get(pointer, ())


def _ignore(missing: MissingValue) -> None:
    """Until then, more data may reach the state, so nothing is certainly missing."""


def _is_unclear(scope: Scope) -> bool:
    return scope.machine.start_at not in scope.states or any(map(scope.unclear, scope.states.values()))


def _joined(one: EntryData, other: EntryData) -> EntryData:
    """Join two paths. Reading an unassigned variable fails, so its shape is that of the other path."""
    return EntryData(join(one.document, other.document), one.variables.joined(other.variables))
