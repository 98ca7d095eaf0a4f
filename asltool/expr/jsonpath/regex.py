"""The regular expressions of ``=~``: Java's syntax, whole values, linear time.

A backtracking matcher, Python's like Java's, can take forever on ``(a+)+`` and its like. Here a text is
followed through all ways of matching at once, and what was found out is kept for the next text, so that the
time grows with the text alone. Look-around, back-references and possessive repetition cannot be matched so;
patterns that have them are read, and refused when they are used.

Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from asltool.expr.jsonpath.regex_classes import is_word
from asltool.expr.jsonpath.regex_syntax import (
    Alternatives,
    Assertion,
    One,
    RegexNode,
    Repeat,
    Sequence,
    parse_regex,
)

__all__ = ["RegexPattern", "UnsupportedRegexError", "compile_regex"]

_MOST_STATES = 2_000
_MOST_ROWS = 1_000
_MOST_CHARACTERS = 1_000
_TERMINATORS = "\n\r\u0085\u2028\u2029"

States: TypeAlias = frozenset[int]
_NONE: States = frozenset()


class UnsupportedRegexError(Exception):
    """A pattern that is right, and that cannot be matched in linear time; the text says what is in it."""


class RegexPattern:
    """A compiled pattern. Equal to itself only, as in Java."""

    __slots__ = ("_assertions", "_last", "_machine", "_rows", "_start", "source", "unsupported")

    def __init__(self, source: str, node: RegexNode, unsupported: str | None) -> None:
        self.source = source
        self.unsupported = unsupported
        self._machine = _Automaton()
        last = self._machine.add()
        self._last = frozenset((last,))
        self._start = frozenset((self._machine.build(node, last),))
        self._assertions = self._machine.assertions()
        self._rows: dict[States, dict[tuple[str, States], States]] = {}

    def matches(self, text: str) -> bool:
        """Return whether the whole text matches.

        Raises:
            UnsupportedRegexError: see `unsupported`.
        """
        if self.unsupported is not None:
            raise UnsupportedRegexError(f"{self.unsupported} is not supported in a pattern: /{self.source}/")
        states = self._start
        for at, character in enumerate(text):
            states = self._after(states, character, text, at)
            if not states:
                return False
        return bool(self._after(states, "", text, len(text)))

    def _after(self, states: States, character: str, text: str, at: int) -> States:
        """Return where a character leads; none stands for the end, which only the last state takes."""
        holding = self._holding(text, at) if self._assertions else _NONE
        row = self._row(states)
        after = row.get((character, holding))
        if after is None:
            reached = self._machine.reach(states, holding)
            after = self._machine.step(reached, character) if character else self._last.intersection(reached)
            row[character, holding] = after
        return after

    def _row(self, states: States) -> dict[tuple[str, States], States]:
        """Return what is known of where characters lead from here."""
        row = self._rows.get(states)
        if row is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            row = self._rows[states] = {}
        elif len(row) >= _MOST_CHARACTERS:
            row.clear()
        return row

    def _holding(self, text: str, at: int) -> States:
        """Return which of the pattern's assertions hold before a character."""
        return frozenset(kind for kind in self._assertions if _HOLDS[kind](text, at))


def compile_regex(source: str, flags: str = "") -> RegexPattern:
    """Compile a Java regular expression.

    Args:
        flags: any of ``idmsuxU``, with the meaning of Java's embedded flags.

    Raises:
        ValueError: the pattern is wrong, or larger than anything reasonable.
    """
    node, unsupported = parse_regex(source, flags)
    return RegexPattern(source, _without_ends(node), unsupported)


def _without_ends(node: RegexNode) -> RegexNode:
    """Leave out a ``^`` in front and a ``$`` behind: whole texts begin and end there anyway."""
    if not isinstance(node, Sequence):
        return node
    parts = node.parts
    if parts and isinstance(parts[0], Assertion) and parts[0].kind in ("start", "line start"):
        parts = parts[1:]
    if parts and isinstance(parts[-1], Assertion) and parts[-1].kind in ("end", "last line end", "line end"):
        parts = parts[:-1]
    return Sequence(parts)


class _AutomatonState:
    """Where matching can stand: what it waits for (a character or an assertion), and where that leads."""

    __slots__ = ("accepts", "kind", "leads_to")

    def __init__(self) -> None:
        self.accepts: Callable[[str], bool] | None = None
        self.kind = -1
        self.leads_to: list[int] = []


class _Automaton:
    """Thompson's automaton."""

    def __init__(self) -> None:
        self.states: list[_AutomatonState] = []

    def assertions(self) -> tuple[int, ...]:
        """Return the kinds of assertions that are in it."""
        return tuple({state.kind for state in self.states if state.kind >= 0})

    def add(self, *leads_to: int) -> int:
        if len(self.states) >= _MOST_STATES:
            raise ValueError("the pattern is too large")
        state = _AutomatonState()
        state.leads_to.extend(leads_to)
        self.states.append(state)
        return len(self.states) - 1

    def build(self, node: RegexNode, then: int) -> int:
        """Add the states that match a node and then go on; return the first of them."""
        match node:
            case One(accepts):
                first = self.add(then)
                self.states[first].accepts = accepts
                return first
            case Assertion(kind):
                first = self.add(then)
                self.states[first].kind = _KINDS.index(kind)
                return first
            case Sequence(parts):
                for part in reversed(parts):
                    then = self.build(part, then)
                return then
            case Alternatives(parts):
                return self.add(*[self.build(part, then) for part in parts])
            case Repeat(part, least, most):
                return self._repeat(part, least, most, then)

    def _repeat(self, part: RegexNode, least: int, most: int | None, then: int) -> int:
        if most is None:
            loop = self.add(then)
            self.states[loop].leads_to.append(self.build(part, loop))
            then = loop
        else:
            out = then
            for _ in range(most - least):
                then = self.add(self.build(part, then), out)
        for _ in range(least):
            then = self.build(part, then)
        return then

    def reach(self, states: States, holding: States) -> list[int]:
        """Return every state that can be reached without reading a character."""
        seen = set(states)
        found = list(seen)
        for at in found:
            state = self.states[at]
            if state.accepts is None and (state.kind < 0 or state.kind in holding):
                fresh = [to for to in state.leads_to if to not in seen]
                seen.update(fresh)
                found.extend(fresh)
        return found

    def step(self, states: list[int], character: str) -> States:
        """Return where a character leads."""
        machine = self.states
        return frozenset(
            machine[at].leads_to[0]
            for at in states
            if (accepts := machine[at].accepts) is not None and accepts(character)
        )


def _is_line_end(text: str, at: int) -> bool:
    if at == len(text):
        return True
    return text[at] in _TERMINATORS and not (text[at] == "\n" and text[at - 1 : at] == "\r")


def _is_last_line_end(text: str, at: int) -> bool:
    return _is_line_end(text, at) and text[at:] in ("", "\r\n", *_TERMINATORS)


def _is_line_start(text: str, at: int) -> bool:
    if at == 0:
        return True
    between = text[at - 1 : at + 1] == "\r\n"
    return at < len(text) and text[at - 1] in _TERMINATORS and not between


def _is_boundary(text: str, at: int) -> bool:
    return is_word(text[at - 1 : at]) != is_word(text[at : at + 1])


_HOLDS: tuple[Callable[[str, int], bool], ...] = (
    lambda text, at: at == 0,
    lambda text, at: at == len(text),
    _is_last_line_end,
    _is_line_start,
    _is_line_end,
    _is_boundary,
    lambda text, at: not _is_boundary(text, at),
)
_KINDS = ("start", "end", "last line end", "line start", "line end", "boundary", "no boundary")
