"""The regular expressions of ``=~``: Java's syntax, whole values, linear time.

A backtracking matcher, such as those of Python and Java, can take forever on patterns such as ``(a+)+``. This
matcher follows all alternatives at once and caches the transitions for later texts, so that the time is
proportional to the length of the text. It does not support look-around, back-references and possessive
repetition: patterns that have them are parsed, but fail when they are used.

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

NfaStates: TypeAlias = frozenset[int]
_NONE: NfaStates = frozenset()


class UnsupportedRegexError(Exception):
    """A valid pattern that cannot be matched in linear time; the message names the feature."""


class RegexPattern:
    """A compiled pattern. It is equal only to itself, as in Java."""

    __slots__ = ("_assertions", "_last", "_machine", "_rows", "_start", "source", "unsupported")

    def __init__(self, source: str, node: RegexNode, unsupported: str | None) -> None:
        self.source = source
        self.unsupported = unsupported
        self._machine = _Automaton()
        last = self._machine.add()
        self._last = frozenset((last,))
        self._start = frozenset((self._machine.build(node, last),))
        self._assertions = self._machine.assertions()
        self._rows: dict[NfaStates, dict[tuple[str, NfaStates], NfaStates]] = {}

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

    def _after(self, states: NfaStates, character: str, text: str, at: int) -> NfaStates:
        """Return the row after a character; no character means the end, which only the last state accepts."""
        holding = self._holding(text, at) if self._assertions else _NONE
        row = self._row(states)
        after = row.get((character, holding))
        if after is None:
            reached = self._machine.reach(states, holding)
            after = self._machine.step(reached, character) if character else self._last.intersection(reached)
            row[character, holding] = after
        return after

    def _row(self, states: NfaStates) -> dict[tuple[str, NfaStates], NfaStates]:
        """Return the cached transitions for a set of states."""
        row = self._rows.get(states)
        if row is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            row = self._rows[states] = {}
        elif len(row) >= _MOST_CHARACTERS:
            row.clear()
        return row

    def _holding(self, text: str, at: int) -> NfaStates:
        """Return the assertions of the pattern that are true before a character."""
        return frozenset(kind for kind in self._assertions if _HOLDS[kind](text, at))


def compile_regex(source: str, flags: str = "") -> RegexPattern:
    """Compile a Java regular expression.

    Args:
        flags: any of ``idmsuxU``, with the meaning of Java's embedded flags.

    Raises:
        ValueError: the pattern is not valid, or unreasonably large.
    """
    node, unsupported = parse_regex(source, flags)
    return RegexPattern(source, _without_ends(node), unsupported)


def _without_ends(node: RegexNode) -> RegexNode:
    """Remove a leading ``^`` and a trailing ``$``: the whole text must match anyway."""
    if not isinstance(node, Sequence):
        return node
    parts = node.parts
    if parts and isinstance(parts[0], Assertion) and parts[0].kind in ("start", "line start"):
        parts = parts[1:]
    if parts and isinstance(parts[-1], Assertion) and parts[-1].kind in ("end", "last line end", "line end"):
        parts = parts[:-1]
    return Sequence(parts)


class _AutomatonState:
    """A state: what it expects (a character or an assertion), and the next states."""

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
        """Return the kinds of assertions in it."""
        return tuple({state.kind for state in self.states if state.kind >= 0})

    def add(self, *leads_to: int) -> int:
        if len(self.states) >= _MOST_STATES:
            raise ValueError("the pattern is too large")
        state = _AutomatonState()
        state.leads_to.extend(leads_to)
        self.states.append(state)
        return len(self.states) - 1

    def build(self, node: RegexNode, then: int) -> int:
        """Add the states that match a node and continue with the next ones; return the first state."""
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

    def reach(self, states: NfaStates, holding: NfaStates) -> list[int]:
        """Return all states that can be reached without reading a character."""
        seen = set(states)
        found = list(seen)
        for at in found:
            state = self.states[at]
            if state.accepts is None and (state.kind < 0 or state.kind in holding):
                fresh = [to for to in state.leads_to if to not in seen]
                seen.update(fresh)
                found.extend(fresh)
        return found

    def step(self, states: list[int], character: str) -> NfaStates:
        """Return the states after a character."""
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
