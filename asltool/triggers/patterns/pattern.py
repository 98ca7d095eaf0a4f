"""A compiled event pattern: whether an event matches, and if not, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.errors import PatternError
from asltool.syntax.json_places import json_places
from asltool.syntax.json_reader import read_json
from asltool.syntax.model import ABSENT
from asltool.syntax.wording import quoted
from asltool.triggers.patterns.alternatives import Alternative, LeafCondition, alternatives_of
from asltool.triggers.patterns.leaves import FALSE, TRUE, Leaf, Leaves, Place, joined, leaves_of
from asltool.triggers.patterns.match_types import PatternFault

__all__ = ["Pattern", "compile_pattern", "pattern_of"]


@dataclass(frozen=True)
class Pattern:
    """An event pattern. ``value`` is the JSON object it was compiled from."""

    value: Any
    alternatives: Sequence[Alternative] = field(repr=False, compare=False)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Return whether an event, as a JSON object, matches."""
        return self.matches_leaves(leaves_of(event))

    def matches_leaves(self, leaves: Leaves) -> bool:
        """Return what `matches` returns, for one event and many patterns."""
        return any(_holds(alternative, leaves) for alternative in self.alternatives)

    def may_match(self, event: Mapping[str, Any]) -> bool:
        """Return whether an event can match of which only these fields are known."""
        known = leaves_of(event)
        return any(
            all(each.absent or each.path not in known or _holds((each,), known) for each in alternative)
            for alternative in self.alternatives
        )

    def explain(self, event: Mapping[str, Any]) -> str | None:
        """Return why an event does not match, as a sentence about the first field at fault.

        None if it matches. If there are alternatives (``$or``), the sentence is about the one that the most
        fields match.
        """
        leaves = leaves_of(event)
        if self.matches_leaves(leaves):
            return None
        nearest = min(self.alternatives, key=lambda each: sum(not _holds((one,), leaves) for one in each))
        failing = next((each for each in nearest if not _holds((each,), leaves)), None)
        reason = _apart(nearest, leaves) if failing is None else _lacking(failing, leaves)
        others = len(self.alternatives) - 1
        return f"{reason}; nor does the event match another branch of $or" if others else reason


def compile_pattern(text: str) -> Pattern:
    """Compile an event pattern from JSON text.

    Raises `asltool.PatternError` with a position in the text.
    """
    value, problems = read_json(text)
    if value is ABSENT:
        if not text.strip():
            raise PatternError("Filter is not an object", text, (0, len(text)))
        [problem, *_] = problems
        raise PatternError(problem.message, text, (problem.start, problem.end))
    try:
        return Pattern(value, alternatives_of(value))
    except PatternFault as fault:
        raise _placed(text, fault) from None


def pattern_of(value: Any) -> Pattern:
    """Compile an event pattern from a JSON value.

    Raises `asltool.PatternError` without a text; its pointer leads to the fault.
    """
    try:
        return Pattern(value, alternatives_of(value))
    except PatternFault as fault:
        raise PatternError(fault.message, pointer=fault.pointer, on_key=fault.key) from None


def _placed(text: str, fault: PatternFault) -> PatternError:
    node = json_places(text)
    for step in fault.pointer:
        node = node.parts[step]
    place = node.key if fault.key and node.key else (node.start, node.end)
    # The service's parser reads a string only on demand, but an empty object or array to its end.
    begun = text[node.start] == '"' or (text[node.start] in "{[" and node.parts)
    read = node.start + 1 if begun else node.stop
    return PatternError(fault.message, text, place, fault.pointer, on_key=fault.key, read=read)


# Matching


def _holds(alternative: Sequence[LeafCondition], leaves: Leaves) -> bool:
    """Return whether one choice of array elements satisfies all conditions."""
    inside: list[tuple[set[Place], set[Place]]] = []
    for condition in alternative:
        found = leaves.get(condition.path)
        if found is None:
            if not condition.absent:
                return False
            continue
        test = condition.test
        places = {place for leaf, place in found if test(leaf)}
        if () in places:
            continue
        if condition.absent:
            inside.append((places, {place for _, place in found}))
        elif places:
            inside.append((places, set()))
        else:
            return False
    return not inside or _fits(inside, ())


def _fits(inside: list[tuple[set[Place], set[Place]]], here: Place) -> bool:
    """Return whether elements can be chosen so that every condition holds.

    Each condition has the positions where a leaf passes, and those where there must not be a leaf if none
    passes. Arrays that no later condition uses are dropped, so that the time does not grow with their
    product.
    """
    (places, taken), *others = inside
    later = {array for each in others for part in each for place in part for array, _ in place}
    choices = {both for place in places if (both := joined(here, place)) is not None}
    if taken and all(joined(here, place) is None for place in taken):
        choices.add(here)
    if not others:
        return bool(choices)
    kept = {tuple(sorted(step for step in choice if step[0] in later)) for choice in choices}
    return any(_fits(others, choice) for choice in kept)


# Explaining


def _shown(leaf: Leaf) -> str:
    return quoted(leaf is TRUE if leaf in (TRUE, FALSE) else leaf)


def _lacking(condition: LeafCondition, leaves: Leaves) -> str:
    """Return why a condition alone is not satisfied."""
    wanted = quoted(list(condition.values))
    found = leaves.get(condition.path)
    name = quoted(condition.path)
    if found is None:
        return f"{name} is missing; expected {wanted}"
    values = [_shown(leaf) for leaf, _ in found]
    is_what = values[0] if len(values) == 1 else f"one of {', '.join(sorted(values))}"
    return f"{name} is {is_what}; expected {wanted}"


def _apart(alternative: Alternative, leaves: Leaves) -> str:
    """Return the message for conditions that only different elements of an array satisfy."""
    names = [
        quoted(each.path) for each in alternative if any(place for _, place in leaves.get(each.path, ()))
    ]
    return f"no element of the same array matches {' and '.join(names)} together"
