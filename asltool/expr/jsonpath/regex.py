"""The regular expressions of ``=~``: Java's syntax, whole values, linear time.

A backtracking matcher, Python's like Java's, can take forever on ``(a+)+`` and its like. Here a text is
followed through all ways of matching at once, and what was found out is kept for the next text, so that the
time grows with the text alone. Look-around, back-references and possessive repetition cannot be matched so;
patterns that have them are read, and refused when they are used.

Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from asltool.expr.jsonpath.regex_classes import is_word
from asltool.expr.jsonpath.regex_syntax import (
    Alternatives,
    Assertion,
    Node,
    One,
    Repeat,
    Sequence,
    parse_regex,
)

__all__ = ["Pattern", "UnsupportedRegexError", "compile_regex"]

_MOST_STATES = 5_000
_MOST_KEPT = 10_000
_TERMINATORS = "\n\r\u0085\u2028\u2029"

States = frozenset[int]


class UnsupportedRegexError(Exception):
    """A pattern that is right, and that cannot be matched in linear time; the text says what is in it."""


class Pattern:
    """A compiled pattern. Equal to itself only, as in Java."""

    __slots__ = ("_accepting", "_assertions", "_kept", "_machine", "_start", "source", "unsupported")

    def __init__(self, source: str, node: Node, unsupported: str | None) -> None:
        self.source = source
        self.unsupported = unsupported
        self._machine = _Machine()
        self._accepting = self._machine.add()
        self._start = frozenset((self._machine.build(node, self._accepting),))
        self._assertions = tuple({state.kind for state in self._machine.assertions()})
        self._kept: dict[tuple[States, States, str], States] = {}

    def matches(self, text: str) -> bool:
        """Return whether the whole text matches.

        Raises:
            UnsupportedRegexError: see `unsupported`.
        """
        if self.unsupported is not None:
            raise UnsupportedRegexError(f"{self.unsupported} is not supported in a pattern: /{self.source}/")
        states = self._start
        for at, character in enumerate(text):
            states = self._after(states, self._holding(text, at), character)
            if not states:
                return False
        return self._accepting in self._machine.reach(states, self._holding(text, len(text)))

    def _after(self, states: States, holding: States, character: str) -> States:
        key = (states, holding, character)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._machine.step(self._machine.reach(states, holding), character)
            self._kept[key] = found
        return found

    def _holding(self, text: str, at: int) -> States:
        """Return which of the pattern's assertions hold before a character."""
        if not self._assertions:
            return frozenset()
        return frozenset(kind for kind in self._assertions if _HOLDS[kind](text, at))


def compile_regex(source: str, flags: str = "") -> Pattern:
    """Compile a Java regular expression.

    Args:
        flags: any of ``idmsuxU``, with the meaning of Java's embedded flags.

    Raises:
        ValueError: the pattern is wrong, or larger than anything reasonable.
    """
    node, unsupported = parse_regex(source, flags)
    return Pattern(source, node, unsupported)


class _State:
    """Where matching can stand: what it waits for (a character or an assertion), and where that leads."""

    __slots__ = ("accepts", "kind", "leads_to")

    def __init__(self) -> None:
        self.accepts: Callable[[str], bool] | None = None
        self.kind = -1
        self.leads_to: list[int] = []


class _Machine:
    """Thompson's automaton."""

    def __init__(self) -> None:
        self.states: list[_State] = []

    def assertions(self) -> Iterable[_State]:
        return (state for state in self.states if state.kind >= 0)

    def add(self, *leads_to: int) -> int:
        if len(self.states) >= _MOST_STATES:
            raise ValueError("the pattern is too large")
        state = _State()
        state.leads_to.extend(leads_to)
        self.states.append(state)
        return len(self.states) - 1

    def build(self, node: Node, then: int) -> int:
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

    def _repeat(self, part: Node, least: int, most: int | None, then: int) -> int:
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
