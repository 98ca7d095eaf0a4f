"""Parse a Java regular expression into a tree."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from asltool.expr.jsonpath.regex_classes import (
    CLASSES,
    UNICODE_CLASSES,
    VERTICAL,
    CharacterTest,
    among,
    named,
    without,
)

__all__ = ["Alternatives", "Assertion", "One", "RegexNode", "Repeat", "Sequence", "parse_regex"]

_DEEPEST = 50
_MOST_TIMES = 1_000


class One(NamedTuple):
    """One character."""

    accepts: CharacterTest


class Assertion(NamedTuple):
    """A position between characters; the kinds are listed where they are checked."""

    kind: str


class Sequence(NamedTuple):
    parts: tuple[RegexNode, ...]


class Alternatives(NamedTuple):
    parts: tuple[RegexNode, ...]


class Repeat(NamedTuple):
    part: RegexNode
    least: int
    most: int | None


RegexNode: TypeAlias = One | Assertion | Sequence | Alternatives | Repeat


def parse_regex(source: str, flags: str) -> tuple[RegexNode, str | None]:
    """Return the tree, and the name of the first feature that a linear matcher does not support.

    Raises:
        ValueError: the pattern is not valid.
    """
    parser = _Parser(source, frozenset(flags))
    node = parser.alternatives(0)
    if parser.at < len(source):
        raise ValueError("unmatched )")
    return node, parser.unsupported


_CHARACTERS = {"a": "\a", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CODED = re.compile(
    r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|0([0-3]?[0-7]{1,2})|c(.)", re.S
)
_EDGES = {"^": ("start", "line start"), "$": ("last line end", "line end")}
_PLACES = {"A": "start", "z": "end", "Z": "last line end", "b": "boundary", "B": "no boundary"}
_GROUP = re.compile(r"\?(?:<[a-zA-Z][a-zA-Z0-9]*>|([dimsuxU]*)(?:-([dimsuxU]*))?([:)])|(=|!|<=|<!|>))")
_COMMENT = re.compile(r"\s+|#[^\n]*")
_TIMES = re.compile(r"([*+?])|\{(\d+)(?:(,)(\d*))?\}")
_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|$)", re.S)
_NAME = re.compile(r"\{([^}]+)\}|(.)", re.S)
_BACK_REFERENCE = re.compile(r"[1-9]|k<\w+>")


class _Parser:
    """Parses a pattern in one pass; ``flags`` are those that are active at the current position."""

    def __init__(self, source: str, flags: frozenset[str]) -> None:
        self.source = source
        self.flags = flags
        self.at = 0
        self.unsupported: str | None = None

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.source, self.at)
        if found:
            self.at = found.end()
        return found

    def take_text(self, text: str) -> bool:
        found = self.source.startswith(text, self.at)
        if found:
            self.at += len(text)
        return found

    def refuse(self, what: str) -> None:
        self.unsupported = self.unsupported or what

    def alternatives(self, depth: int) -> RegexNode:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        flags = self.flags
        parts = [self.sequence(depth)]
        while self.take_text("|"):
            parts.append(self.sequence(depth))
        self.flags = flags
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def sequence(self, depth: int) -> RegexNode:
        parts: list[RegexNode] = []
        while self.at < len(self.source) and self.peek() not in "|)":
            if not self.skipped_comment():
                atoms = self.atoms(depth)
                atoms[-1:] = map(self.repeated, atoms[-1:])
                parts.extend(atoms)
        return Sequence(tuple(parts))

    def skipped_comment(self) -> bool:
        if "x" not in self.flags:
            return False
        return self.take(_COMMENT) is not None

    def repeated(self, part: RegexNode) -> RegexNode:
        found = self.take(_TIMES)
        if found is None:
            return part
        if self.take_text("+"):
            self.refuse("possessive repetition")
        else:
            self.take_text("?")
        sign, least, comma, most = found.groups()
        if sign:
            return Repeat(part, 1 if sign == "+" else 0, 1 if sign == "?" else None)
        return _counted(part, int(least), int(most) if most else None if comma else int(least))

    def atoms(self, depth: int) -> list[RegexNode]:
        """Parse the next atoms; a quantifier applies only to the last one."""
        if quoted := self.take(_QUOTED):
            return [self.literal(character) for character in quoted[1]]
        return self.group(depth) if self.take_text("(") else [self.atom(depth)]

    def atom(self, depth: int) -> RegexNode:
        character = self.any_character()
        if character in "*+?{":
            raise ValueError("nothing to repeat")
        if character in _EDGES:
            return Assertion(_EDGES[character]["m" in self.flags])
        if character == "\\":
            return self.escape()
        if character == "[":
            return One(self.character_class(depth))
        return One(self.dot()) if character == "." else self.literal(character)

    def group(self, depth: int) -> list[RegexNode]:
        outer = self.flags
        if self.peek() == "?":
            found = self.take(_GROUP)
            if found is None:
                raise ValueError("unknown group")
            on, off, end, special = found.groups()
            if special:
                self.refuse("an atomic group" if special == ">" else "look-around")
            self.flags = (outer | frozenset(on or "")) - frozenset(off or "")
            if end == ")":
                return []
        node = self.alternatives(depth + 1)
        if not self.take_text(")"):
            raise ValueError("unclosed group")
        self.flags = outer
        return [node]

    def dot(self) -> CharacterTest:
        if "s" in self.flags:
            return lambda character: True
        return without(among("\n" if "d" in self.flags else "\n\r\x85\u2028\u2029"))

    def literal(self, character: str) -> RegexNode:
        return One(self.folded(character.__eq__))

    def folded(self, accepts: CharacterTest) -> CharacterTest:
        """Also match letters of the other case, if case is ignored."""
        if "i" not in self.flags:
            return accepts
        if "u" in self.flags or "U" in self.flags:
            return _either_case(accepts)
        return lambda character: accepts(character) or (character.isascii() and accepts(character.swapcase()))

    def escape(self) -> RegexNode:
        character = self.peek()
        if character in _PLACES:
            self.at += 1
            return Assertion(_PLACES[character])
        if character == "R":
            self.at += 1
            crlf = Sequence((One("\r".__eq__), One("\n".__eq__)))
            return Alternatives((crlf, One(among(VERTICAL))))
        if self.take(_BACK_REFERENCE):
            self.refuse("a back-reference")
            return Sequence(())
        return One(self.escaped_class() or self.folded(self.escaped_character().__eq__))

    def escaped_class(self) -> CharacterTest | None:
        character = self.peek()
        classes = UNICODE_CLASSES if "U" in self.flags else CLASSES
        if character in ("p", "P"):
            self.at += 1
            accepts = self.named_class()
        elif character.lower() in classes:
            self.at += 1
            accepts = classes[character.lower()]
        else:
            return None
        return without(accepts) if character.isupper() else accepts

    def named_class(self) -> CharacterTest:
        found = self.take(_NAME)
        name = found[1] or found[2] if found else ""
        accepts = named(name)
        if accepts is None:
            self.refuse(f"\\p{{{name}}}")
            return lambda character: False
        return _either_case(accepts) if "i" in self.flags else accepts

    def escaped_character(self) -> str:
        if coded := self.take(_CODED):
            *hexadecimal, octal, control = coded.groups()
            if control:
                return chr(ord(control) ^ 64)
            code = int(octal, 8) if octal else int(next(filter(None, hexadecimal)), 16)
            return chr(code)
        character = self.peek()
        if not character or (character.isascii() and character.isalpha() and character not in _CHARACTERS):
            raise ValueError(f"unknown escape \\{character}")
        self.at += 1
        return _CHARACTERS.get(character, character)

    def character_class(self, depth: int) -> CharacterTest:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        negated = self.take_text("^")
        all_of: list[list[CharacterTest]] = [[]]
        while not (all_of != [[]] and self.take_text("]")):
            if self.at >= len(self.source):
                raise ValueError("unclosed character class")
            if self.take_text("&&"):
                all_of.append([])
            elif self.take_text("["):
                all_of[-1].append(self.character_class(depth + 1))
            else:
                all_of[-1].append(self.class_member())
        accepts = _all_of(all_of)
        return without(accepts) if negated else accepts

    def class_member(self) -> CharacterTest:
        escaped = self.take_text("\\")
        if escaped and (accepts := self.escaped_class()):
            return accepts
        first = self.escaped_character() if escaped else self.any_character()
        if self.peek() != "-" or self.source[self.at + 1 : self.at + 2] in ("]", "[", ""):
            return self.folded(first.__eq__)
        self.at += 1
        last = self.escaped_character() if self.take_text("\\") else self.any_character()
        if last < first:
            raise ValueError(f"{first}-{last} is not a range")
        return self.folded(lambda character: first <= character <= last)

    def any_character(self) -> str:
        self.at += 1
        return self.source[self.at - 1]


def _counted(part: RegexNode, least: int, most: int | None) -> RegexNode:
    if max(least, most or 0) > _MOST_TIMES or (most is not None and most < least):
        raise ValueError("impossible number of repetitions")
    return Repeat(part, least, most)


def _either_case(accepts: CharacterTest) -> CharacterTest:
    return lambda character: accepts(character) or accepts(character.swapcase())


def _all_of(groups: list[list[CharacterTest]]) -> CharacterTest:
    if len(groups) == 1 and len(groups[0]) == 1:
        return groups[0][0]
    return lambda character: all(any(accepts(character) for accepts in group) for group in groups)
