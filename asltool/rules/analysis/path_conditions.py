"""Advice on surprising conditions in filters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from asltool.expr.jsonpath.regex import RegexPattern
from asltool.expr.jsonpath.segments import Filter, FilterComparison, FilterTest, Operand, Query
from asltool.syntax.wording import quoted

__all__ = ["Advice", "condition_advice", "grouping_advice", "operands"]

_TYPED = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false")
_JOINED = re.compile(r"\s(?:and|or|AND|OR)\s+[@$!(]")
_TOKEN = re.compile(
    r"(?P<skipped>'[^']*'|=~\s*/(?:[^/\\]|\\.)*/|\[\([^)]*\)\])|(?P<sign>&&|\|\||[()])|(?P<other>.)",
    re.DOTALL,
)
_NEGATED = re.compile(r"'[^']*'|(!\s*\()")
_MOST_ALTERNATIVES = 16


class Advice(NamedTuple):
    """The problem, the solution, and the part of the text they are about."""

    message: str
    start: int
    end: int

    def shifted(self, offset: int) -> Advice:
        return self._replace(start=self.start + offset, end=self.end + offset)


def operands(condition: FilterTest) -> tuple[Operand, ...]:
    if isinstance(condition, FilterComparison):
        return condition.left, condition.right
    return (condition.operand,)


def condition_advice(text: str, condition: FilterTest) -> Iterator[Advice]:
    if isinstance(condition, FilterComparison):
        yield from _on_operator(text, condition)
        yield from _on_left(condition)
        yield from _on_literal(condition.right)
        return
    operand = condition.operand
    if isinstance(operand.value, Query) and operand.value.root == "$":
        message = f'{quoted(operand.written)} alone checks the element, like "@". write "@"'
        yield _about(operand, message)


def _about(operand: Operand, message: str) -> Advice:
    return Advice(message, operand.start, operand.start + max(1, len(operand.written)))


def _on_operator(text: str, comparison: FilterComparison) -> Iterator[Advice]:
    left, operator, right, at = comparison
    message = ""
    if text.count("'", left.start, at) % 2:
        message = f"the operator {quoted(operator)} is found even inside quotes. a string cannot contain it"
    elif operator == "=~" and not any(isinstance(each.value, RegexPattern) for each in (left, right)):
        message = '"=~" fails without a pattern. write one between slashes, such as "/a.*/" or "/a.*/i"'
    elif operator == "==" and right.written.startswith("="):
        message = 'there is no "===". write "=="'
    elif operator == "<" and right.written.startswith(">"):
        message = 'there is no "<>". write "!="'
    if message:
        yield Advice(message, at, at + len(operator) + (right.written[:1] in ("=", ">")))


def _on_left(comparison: FilterComparison) -> Iterator[Advice]:
    left, operator, right, _ = comparison
    if left.written.startswith("!@"):
        yield _about(left, f'"!" is ignored before a comparison. write the opposite of {quoted(operator)}')
    elif isinstance(left.value, Query) or left.written.startswith("!("):
        return
    elif isinstance(right.value, Query):
        if _TYPED.fullmatch(left.written):
            kind = "boolean" if left.written in ("true", "false") else "number"
            message = (
                f"{quoted(left.written)} on the left is a string, so the condition is false for a {kind}"
            )
            yield _about(left, f"{message}. write the path on the left")
    elif not isinstance(left.value, RegexPattern) and not isinstance(right.value, RegexPattern):
        yield _about(
            left,
            f'neither {quoted(left.written)} nor {quoted(right.written)} is a path, which begins with "@"',
        )


def _on_literal(operand: Operand) -> Iterator[Advice]:
    written = operand.written
    if not isinstance(operand.value, str):
        return
    if len(written) > 1 and written[0] == written[-1] == '"':
        yield _about(operand, f"the double quotes are part of the string. write '{written[1:-1]}'")
    elif written[:1] != "'" and _JOINED.search(written):
        yield _about(operand, f"{quoted(written)} is one string. join conditions with && and ||")
    elif written[:1] in ("[", "{"):
        kind = "array" if written[0] == "[" else "object"
        yield _about(operand, f"{quoted(written)} is a string here, not an {kind}. compare with each value")


def grouping_advice(step: Filter, start: int) -> Iterator[Advice]:
    """Yield advice on brackets that are meant to group or to be negated; ``start`` is the filter's offset."""
    negated = next((found for found in _NEGATED.finditer(step.written) if found[1]), None)
    if negated:
        instead = 'write the opposite operators, or "!@.x" for a path alone'
        message = f'"!" does not negate brackets. {instead}'
        yield Advice(message, start + negated.start(), start + negated.end())
        return
    reader = _Grouped(step.written)
    grouped = reader.alternatives()
    if grouped is None or grouped == reader.flat():
        return
    spelled = " || ".join(" && ".join(alternative) for alternative in grouped)
    wanted = quoted(spelled)
    instead = f"write {wanted}" if spelled in wanted else "write out every alternative"
    at = start + reader.group
    yield Advice(f'brackets do not group: "&&" binds before "||" everywhere. {instead}', at, at + 1)


class _Grouped:
    """Parses the condition of a filter into alternatives, as if its brackets grouped conditions."""

    def __init__(self, written: str) -> None:
        self.tokens = list(_pieces(written))
        self.at = 0
        self.group = 0
        self.is_broken = False

    def alternatives(self) -> list[list[str]] | None:
        """Return the alternatives; None if the brackets do not match."""
        found = self.either()
        return None if self.is_broken or self.at < len(self.tokens) else found

    def flat(self) -> list[list[str]]:
        alternatives: list[list[str]] = [[]]
        for token, _ in self.tokens:
            if token == "||":
                alternatives.append([])
            elif token not in ("&&", "(", ")"):
                alternatives[-1].append(token)
        return alternatives

    def take(self, token: str) -> bool:
        taken = self.at < len(self.tokens) and self.tokens[self.at][0] == token
        self.at += taken
        return taken

    def either(self) -> list[list[str]]:
        found = self.both()
        while self.take("||"):
            found = found + self.both()
        return found

    def both(self) -> list[list[str]]:
        found = self.one()
        while self.take("&&"):
            more = self.one()
            found = [[*first, *second] for first in found for second in more][:_MOST_ALTERNATIVES]
        return found

    def one(self) -> list[list[str]]:
        if self.at == len(self.tokens):
            self.is_broken = True
            return [[]]
        token, start = self.tokens[self.at]
        self.at += 1
        if token != "(":
            self.is_broken |= token in ("&&", "||", ")")
            return [[token]]
        found = self.either()
        if len(found) > 1 and not self.group:
            self.group = start
        self.is_broken |= not self.take(")")
        return found


def _pieces(written: str) -> Iterator[tuple[str, int]]:
    """Yield conditions, brackets and operators between conditions, each with its position."""
    begin = written.index("(")
    end = written.rindex(")")
    piece, start = "", begin
    for token in _TOKEN.finditer(written, begin + 1, end):
        if not token["sign"]:
            start = start if piece else token.start()
            piece += token[0]
            continue
        if piece.strip():
            yield piece.strip(), start
        piece = ""
        yield token[0], token.start()
    if piece.strip():
        yield piece.strip(), start
