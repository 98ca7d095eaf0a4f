"""Proofs that targets cannot be reached, and that loops never end.

Only what is proved is reported. A transition of a Choice is ruled out if every value that its conditions
could distinguish was tried, or if everything that it reads is in the definition itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from asltool.engine.retry import Failure
from asltool.expr.choice import COMPARISONS
from asltool.expr.jsonata import JsonataNode
from asltool.history.targets import Target, targets_of
from asltool.rules.analysis.graph import reach
from asltool.syntax.condition import Condition, Expression, comparisons, identity
from asltool.syntax.expressions import PlainPath
from asltool.syntax.model import ABSENT, Catcher, Choice, Fail, Retrier, State, StateMachine, Succeed, Working
from asltool.syntax.wording import listed, quoted
from asltool.testing.explore.conditions import Probe
from asltool.testing.explore.data import ChoiceData
from asltool.testing.explore.handling import meeting
from asltool.testing.explore.lenses import Lens, NotSolved
from asltool.testing.explore.origins import Tracer
from asltool.testing.explore.routes import Possible
from asltool.testing.explore.solving import Decider
from asltool.testing.explore.terms import ValueRead

__all__ = ["endless_loops", "targets_inside", "unreachable"]

_MOST_COMBINATIONS = 20_000
_BY_CHANCE = re.compile(r"\$(?:millis|now|random|shuffle|uuid)\b")


def unreachable(machine: StateMachine) -> dict[Target, str]:
    """Return the targets that no run can reach, each with the reason."""
    found: dict[Target, str] = {}
    tracer = Tracer(Possible(machine))
    for state in machine.walk_states():
        if isinstance(state, Choice):
            found |= _of_choice(state, tracer)
        elif isinstance(state, Working):
            found |= _of_handlers(state)
    for inner in machine.walk():
        found |= _of_states(inner, found)
    return found


# Choices


def _of_choice(state: Choice, tracer: Tracer) -> dict[Target, str]:
    """Return the transitions of a Choice that are never taken."""
    rules = [Target(state.name, "Choice", index) for index in range(len(state.choices))]
    if state.default is not None:
        rules.append(Target(state.name, "Default"))
    found = dict(_repeated(state))
    decider = Decider(state)
    values = _values(state, decider, tracer)
    if values is None or prod(map(len, values.values())) > _MOST_COMBINATIONS:
        return found
    decisions = {decider.decide(data) for data in _every(values)}
    for index, rule in enumerate(rules):
        if (index, True) not in decisions:
            found.setdefault(rule, _reason(values))
    return found


def _repeated(state: Choice) -> Iterator[tuple[Target, str]]:
    """Yield the rules whose condition is also in an earlier rule, unless it is random."""
    before: dict[str, int] = {}
    for index, rule in enumerate(state.choices):
        text = identity(rule.condition)
        if text in before and not _BY_CHANCE.search(text):
            yield Target(state.name, "Choice", index), f"Choices[{before[text]}] has the same condition"
        before.setdefault(text, index)


def _values(state: Choice, decider: Decider, tracer: Tracer) -> Mapping[ValueRead, list[Any]] | None:
    """Return all distinguishable values at each place that a Choice reads; None if unknown."""
    if state.query_language == "JSONata" and not all(_is_followed(rule.condition) for rule in state.choices):
        return None
    values = decider.conditions.values
    reads = {read: values[read] for read in values if not any(isinstance(step, Lens) for step in read.steps)}
    document = "raw" if state.query_language == "JSONata" else "arguments"
    found: dict[ValueRead, list[Any]] = {}
    for read, telling in reads.items():
        if read.root == "$$":
            return None
        origins = tracer.origins_of(state, read, document)
        if origins and all(origin.kind == "constant" for origin in origins):
            found[read] = [origin.value for origin in origins]
        elif _is_distinguished(state, read):
            found[read] = telling
        else:
            return None
    return found


_FOLLOWED = frozenset(("array", "binary", "block", "condition", "minus", "name", "number", "string", "value"))
_FUNCTIONS = ("boolean", "contains", "count", "exists", "length", "not", "number", "string")


def _is_followed(condition: Condition) -> bool:
    """Return whether a JSONata condition reads only known places and always gives the same result."""
    if not isinstance(condition, Expression):
        return False
    return not condition.is_text or (condition.tree is not None and _is_followed_node(condition.tree))


def _is_followed_node(node: JsonataNode) -> bool:
    if node.kind == "variable":
        return node.value not in ("", "$", "states")
    if node.kind == "path":
        first, *names = node.children
        return (
            first.kind == "variable" and first.value not in ("", "$") and all(n.kind == "name" for n in names)
        )
    if node.kind == "function":
        called, *arguments = node.children
        return called.value in _FUNCTIONS and all(map(_is_followed_node, arguments))
    return node.kind in _FOLLOWED and all(map(_is_followed_node, node.children))


_IN_ORDER = frozenset(
    (*COMPARISONS, "IsBoolean", "IsNull", "IsNumeric", "IsPresent", "IsString", "IsTimestamp")
)


def _is_distinguished(state: Choice, read: ValueRead) -> bool:
    """Return whether the values to try include every value that comparisons can distinguish.

    They do not for JSONata, for patterns, between several timestamps, and if one path is compared with
    another.
    """
    if state.query_language == "JSONata" or any(isinstance(step, int) for step in read.steps):
        return False
    every = [Probe(each) for rule in state.choices for each in comparisons(rule.condition)]
    mine = [probe for probe in every if read in probe.reads]
    compared = [probe.comparison for probe in mine]
    moments = {each.operand for each in compared if each.operator.startswith("Timestamp")}
    texts = any(each.operator.startswith("String") for each in compared)
    return (
        all(each.operator in _IN_ORDER for each in compared)
        and all(map(_is_plain, mine))
        and (not moments or (len(moments) == 1 and not texts))
    )


def _is_plain(probe: Probe) -> bool:
    """Return whether the Variable is a path of names, which leads to a single place."""
    return _place(probe.reads[0]) == probe.comparison.variable


def _every(values: Mapping[ValueRead, list[Any]]) -> Iterator[ChoiceData]:
    """Yield data with every combination of values that one document can have."""
    reads = sorted(values, key=lambda read: len(read.steps))
    for combination in product(*(values[read] for read in reads)):
        data = ChoiceData({})
        try:
            for read, value in zip(reads, combination, strict=True):
                if value is not ABSENT:
                    data = data.with_value(read, value)
        except NotSolved:
            continue
        yield data


def _reason(values: Mapping[ValueRead, list[Any]]) -> str:
    """Return why a transition is never taken, given the values that decide about it."""
    if not values:
        return "the conditions read no data, and another transition is always taken"
    if all(len(each) == 1 for each in values.values()):
        known = ((_place(read), only) for read, (only,) in values.items())
        return " and ".join(
            f"{place} is always {'absent' if only is ABSENT else quoted(only)}" for place, only in known
        )
    return f"whatever {' and '.join(map(_place, values))} is, another transition is taken"


def _place(read: ValueRead) -> str:
    return str(PlainPath(read.root, tuple(step for step in read.steps if not isinstance(step, Lens))))


# Retry and Catch


def _of_handlers(state: Working) -> dict[Target, str]:
    found: dict[Target, str] = {}
    for index, retrier in enumerate(state.retry):
        reason = "MaxAttempts is 0" if retrier.max_attempts == 0 else _unmet(state.retry, index)
        if reason:
            found[Target(state.name, "Retry", index)] = reason
    for index in range(len(state.catch)):
        if reason := _unmet(state.catch, index):
            found[Target(state.name, "Catch", index)] = reason
    return found


def _unmet(handlers: tuple[Retrier, ...] | tuple[Catcher, ...], index: int) -> str:
    """Return why no error matches an entry; empty if one may."""
    names = handlers[index].error_equals
    if meeting(handlers, index) is not None:
        return ""
    if not any(Failure(name).matches(names) for name in names):
        return f"nothing handles {listed(names, 'and')}"
    return "an entry before it handles the same errors"


# States


def _of_states(machine: StateMachine, found: Mapping[Target, str]) -> dict[Target, str]:
    """Return the targets that are reachable only by transitions that are never taken."""
    reached = reach(_graph(machine, found), [machine.start_at])
    lost: dict[Target, str] = {}
    for state in machine.states.values():
        if state.name not in reached:
            for target in (*targets_of(state), *targets_inside(state)):
                lost[target] = f"no transition that can be taken leads to state {quoted(state.name)}"
    return lost


def _graph(machine: StateMachine, found: Mapping[Target, str]) -> dict[str, list[str]]:
    """Return the states, each with the states that it can lead to."""
    return {
        name: [
            each.target for each in state.transitions() if Target(name, each.kind, each.index) not in found
        ]
        for name, state in machine.states.items()
    }


def targets_inside(state: State) -> Iterator[Target]:
    """Yield the targets in the nested machines of a state, at any depth."""
    for machine in state.machines:
        for each in machine.walk_states():
            yield from targets_of(each)


# Loops


def endless_loops(machine: StateMachine, found: Mapping[Target, str]) -> list[str]:
    """Return a sentence for each loop without an exit; ``found`` is the result of `unreachable`."""
    sentences = []
    for inner in machine.walk():
        graph, states = _graph(inner, found), inner.states
        ends = {name for name in graph if states[name].end or isinstance(states[name], Succeed | Fail)}
        ends |= {name for name in graph if not graph[name]}
        stuck = [
            name for name in graph if Target(name, "state") not in found and not reach(graph, [name]) & ends
        ]
        if stuck:
            fails = any(isinstance(states[name], Working) for name in stuck)
            unless = " unless a task fails" if fails else ""
            sentences.append(f"states {listed(stuck, 'and')} go round and round: nothing ends that{unless}")
    return sentences
