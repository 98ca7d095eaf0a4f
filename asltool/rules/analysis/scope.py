"""What a rule checks: one machine of a definition, with the transitions between its states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from typing import Any

from asltool.rules.analysis.assignments import assigned_in
from asltool.rules.analysis.expression_problems import problems
from asltool.rules.analysis.fields import TEXTUAL, ExpressionText, Field, fields, texts
from asltool.rules.analysis.graph import reach, turned
from asltool.syntax.diagnostics import Finding, Rewrite
from asltool.syntax.document import Document, MachineType
from asltool.syntax.expressions import Expressions
from asltool.syntax.model import (
    ABSENT,
    Catcher,
    Choice,
    Fail,
    Map,
    Pointer,
    Retrier,
    State,
    StateMachine,
    Succeed,
    Task,
    Transition,
    Working,
)
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.schema import declared_language
from asltool.syntax.text import at
from asltool.syntax.wording import Choices, quoted

__all__ = ["Scope", "outermost"]


class Scope:
    """A machine, and the machines around it with the outermost first.

    Its graph avoids follow-up findings: a transition to a misspelt name counts as leading to the state that
    was probably meant, since the name itself is reported.

    ``document`` is the value of the whole document; ``machine_type`` is None if it is not known.
    """

    def __init__(
        self,
        machine: StateMachine,
        document: Any,
        machine_type: MachineType | None = None,
        around: tuple[StateMachine, ...] = (),
        outermost: Scope | None = None,
        expressions: Expressions | None = None,
    ) -> None:
        self.expressions: Expressions = outermost.expressions if outermost else expressions or Expressions()
        self._outermost = outermost
        self.machine = machine
        self.document = document
        self.machine_type = machine_type
        self.around = around

    @property
    def outermost(self) -> Scope:
        # Not cached on the scope: only the garbage collector could free the reference cycle.
        return self._outermost or self

    @property
    def states(self) -> Mapping[str, State]:
        return self.machine.states

    @property
    def definition(self) -> StateMachine:
        """The outermost machine."""
        return self.around[0] if self.around else self.machine

    def value(self, pointer: Pointer) -> Any:
        """Return the value at a pointer, or an empty object if there is none."""
        value = at(self.document, pointer)
        return {} if value is ABSENT else value

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of all states of this machine whose query language is known."""
        states = self.value((*self.machine.pointer, "States"))
        inherited = declared_language(self.document, "JSONPath")
        return tuple(
            field
            for name, state in self.states.items()
            if declared_language(states[name], inherited) is not None
            for field in fields(state, states[name])
        )

    @cached_property
    def texts(self) -> tuple[ExpressionText, ...]:
        """The texts of all fields that may contain an expression."""
        return tuple(
            text for field in self.fields if field.kind in TEXTUAL for text in texts(field, self.expressions)
        )

    @cached_property
    def _problems(self) -> dict[str, list[Finding]]:
        return problems(self.texts)

    @cached_property
    def assigned(self) -> tuple[tuple[State, str, Pointer], ...]:
        """The variables that states may assign, each with the state and the path to the assignment."""
        return tuple(
            (state, name, pointer) for state in self.states.values() for name, pointer in assigned_in(state)
        )

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The Task states."""
        return tuple(state for state in self.states.values() if isinstance(state, Task))

    @cached_property
    def handlers(self) -> tuple[tuple[Retrier | Catcher, bool], ...]:
        """Every Retrier and Catcher, and whether it is the last one of its array."""
        working = (state for state in self.states.values() if isinstance(state, Working))
        arrays = (entries for state in working for entries in (state.retry, state.catch))
        return tuple((entry, entry is entries[-1]) for entries in arrays for entry in entries)

    @property
    def failures(self) -> frozenset[str]:
        """The errors of all Fail states of the definition that are constants."""
        return self.outermost._failures

    @cached_property
    def _failures(self) -> frozenset[str]:
        machines = [self.machine]
        for machine in machines:
            machines += [inside for state in machine.states.values() for inside in state.machines]
        states = (state for machine in machines for state in machine.states.values())
        return frozenset(
            state.error for state in states if isinstance(state, Fail) and state.error is not None
        )

    @property
    def problem_codes(self) -> Set[str]:
        """The codes of all findings about expressions."""
        return self._problems.keys()

    def problems(self, code: str) -> list[Finding]:
        """Return the findings about expressions that have this code."""
        return self._problems.get(code, [])

    def missing(self, name: str) -> bool:
        """Return whether no state has this name or can have it once placeholders are filled in."""
        return name not in self.states and not has_placeholder(name) and not self._more_states

    @cached_property
    def _more_states(self) -> bool:
        """Whether placeholders may add states with unknown names."""
        return any(has_placeholder(name) and type(state) is State for name, state in self.states.items())

    def outside(self, name: str) -> bool:
        """Return whether a state of a machine around this one has the name."""
        return any(name in machine.states for machine in self.around)

    def owner(self, name: str) -> str | None:
        """Return the Parallel or Map state whose machine has a state of this name."""
        return self.outermost._inner_states.get(name)

    @cached_property
    def _inner_states(self) -> dict[str, str]:
        """The states of all nested machines, each with the state around it."""
        found: dict[str, str] = {}
        waiting = [self.machine]
        while waiting:
            for state in waiting.pop().states.values():
                for machine in state.machines:
                    found |= dict.fromkeys(machine.states, state.name)
                    waiting.append(machine)
        return found

    @cached_property
    def _choices(self) -> Choices:
        return Choices(self.states)

    def crosses(self, name: str) -> bool:
        """Return whether a missing name is that of a state in another machine of the definition."""
        return self.outside(name) or self.owner(name) is not None

    def no_state(self, pointer: Pointer, name: str) -> Finding:
        """Return the finding about a name at a pointer that is missing."""
        if owner := self.owner(name):
            inside = f"state {quoted(name)} is inside state {quoted(owner)}"
            return Finding(pointer, f"{inside}. a machine starts at one of its own states")
        meant = self._choices.only_near(name)
        fix = () if meant is None else (Rewrite(pointer, meant),)
        message = f"state {quoted(name)} does not exist. {self._choices.expected(name)}"
        return Finding(pointer, message, fix=fix)

    @cached_property
    def lost(self) -> tuple[Transition, ...]:
        """Every transition whose target is missing. An empty target is not included."""
        states = (
            self.states[name] for name, targets in self.targets.items() if any(map(self.missing, targets))
        )
        ways = (way for state in states for way in state.transitions())
        return tuple(way for way in ways if way.target and self.missing(way.target))

    @cached_property
    def targets(self) -> dict[str, list[str]]:
        """The states, each with the names of its next states, including those that do not exist."""
        return {name: _targets(state) for name, state in self.states.items()}

    @cached_property
    def graph(self) -> dict[str, list[str]]:
        """The states, each with the states it may lead to."""
        return {name: list(self._meant(targets)) for name, targets in self.targets.items()}

    @cached_property
    def back(self) -> dict[str, list[str]]:
        """The states, each with the states that may lead to it."""
        return turned(self.graph)

    def _meant(self, names: Iterable[str]) -> Iterator[str]:
        for name in filter(None, names):
            meant = name if name in self.states else self._choices.near(name)
            if meant is not None:
                yield meant

    @cached_property
    def reachable(self) -> set[str]:
        """The states that can be reached from the start; all states if a transition is not known."""
        starts = list(self._meant([self.machine.start_at]))
        names = [self.machine.start_at, *(name for targets in self.targets.values() for name in targets)]
        if not starts or any(has_placeholder(name) and name not in self.states for name in names):
            return set(self.states)
        if self._open:
            return set(self.states)
        return reach(self.graph, starts)

    @cached_property
    def _open(self) -> set[str]:
        """The states with a placeholder that may add a transition to any state."""
        states = self.value((*self.machine.pointer, "States"))
        return {name for name in self.states if _may_lead_anywhere(states[name])}

    @cached_property
    def unnamed(self) -> list[str]:
        """The unreachable states that no other state names: where unreachable paths begin."""
        return [name for name in self.states if name not in self.reachable and set(self.back[name]) <= {name}]

    def is_inline(self, state: Map) -> bool:
        """Return whether a Map is not distributed, and cannot be once placeholders are filled in."""
        mode = self.value((*state.item_processor.pointer, "ProcessorConfig", "Mode"))
        return state.processor.mode == "INLINE" and not has_placeholder(mode)

    def ends(self, state: State) -> bool:
        """Return whether the machine ends in this state."""
        return state.end or isinstance(state, Succeed | Fail)

    def may_end(self, state: State) -> bool:
        """Return whether the machine may end in this state once placeholders are filled in."""
        value = self.value(state.pointer)
        if not isinstance(value, dict):
            return has_placeholder(value)
        return has_placeholder(value.get("End")) or has_placeholder(value.get("Type"))

    def unclear(self, state: State) -> bool:
        """Return whether the transitions of a state are unclear because of an error in it."""
        if state.name in self._open:
            return True
        targets = self.targets[state.name]
        no_way_on = not targets if isinstance(state, Choice) else state.next is None
        return any(name not in self.states for name in targets) or (no_way_on and not self.ends(state))


def _may_lead_anywhere(state: Any) -> bool:
    if not isinstance(state, dict):
        return has_placeholder(state)
    parts = (state.get("Choices"), state.get("Catch"))
    return any(
        any(map(has_placeholder, part if isinstance(part, list) else (part,))) for part in parts if part
    )


def _targets(state: State) -> list[str]:
    targets = [way.target for way in state.transitions()]
    if isinstance(state, Choice) and state.next is not None:
        # A Choice state has no Next. Another rule reports that, so the named state counts as reachable.
        targets.append(state.next)
    return targets


def outermost(document: Document, machine: StateMachine) -> Scope:
    """Return the scope of a document's own machine; `machines_of` returns those of nested machines too."""
    return Scope(machine, document.value, document.machine_type, expressions=document.expressions)
