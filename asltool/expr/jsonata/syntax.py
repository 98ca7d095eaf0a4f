"""Parse JSONata text into a syntax tree, or report its syntax error.

The tree is detailed enough to check a text and to find its references; the engines evaluate. The language is
version 2.0.6, as on the service: ``??`` and ``?:`` are newer and are rejected.

Source: https://docs.jsonata.org/2.0.0/overview and the behaviour of jsonata-js 2.0.6
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from asltool.expr.jsonata.form import misplaced
from asltool.expr.jsonata.node import DEEPEST, JsonataNode
from asltool.expr.jsonata.signature import signature_fault
from asltool.expr.jsonata.tokens import Cursor, JsonataSyntaxProblem, Token

__all__ = ["DEEPEST", "JsonataNode", "JsonataSyntaxProblem", "parse"]

_Item = TypeVar("_Item")


def parse(text: str) -> JsonataNode:
    """Parse a JSONata text without ``{% %}`` around it.

    Raises:
        SyntaxProblem: the text is not JSONata; code U1001 means that it has too many levels.
    """
    return _Parser(text).parse()


_POWER = {
    **dict.fromkeys(("[", "(", "@", "#"), 80),
    ".": 75,
    "{": 70,
    **dict.fromkeys(("*", "/", "%"), 60),
    **dict.fromkeys(("+", "-", "&"), 50),
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "~>", "in", "^"), 40),
    "and": 30,
    "or": 25,
    "?": 20,
    ":=": 10,
}

_SIMPLE = {"*": "wildcard", "**": "descendants", "%": "parent", "and": "name", "or": "name", "in": "name"}

_LATER = ("??", "?:")


class _Parser(Cursor):
    """Top-down operator precedence (Pratt parsing): the stronger operator binds an operand."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.is_doubtful = False

    def parse(self) -> JsonataNode:
        self.advance()
        try:
            tree = self.expression(0)
        except RecursionError:
            raise self.too_deep(0) from None
        if self.token.kind != "end":
            raise self.problem(
                "S0201", f'"{self.source()}" follows a complete expression', token=self.found()
            )
        # Misplaced parts are checked only if the text parses.
        if self.is_doubtful and (fault := misplaced(tree)) is not None:
            raise JsonataSyntaxProblem(fault.code, fault.message, self.text, fault.offset, **fault.facts)
        return tree

    def too_deep(self, offset: int) -> JsonataSyntaxProblem:
        return self.problem("U1001", f"the expression has more than {DEEPEST} levels", offset)

    # Expressions

    def node(self, kind: str, value: Any, offset: int, *children: JsonataNode) -> JsonataNode:
        height = 1 + max((child.height for child in children), default=0)
        if height > DEEPEST:
            raise self.too_deep(offset)
        return JsonataNode(kind, value, offset, children, height)

    def expression(self, power: int) -> JsonataNode:
        token = self.token
        self.advance(infix=True)
        left = self.prefix(token)
        while self.token.kind == "operator" and power < _POWER.get(self.token.value, 0):
            token = self.token
            self.advance()
            left = self.infix(token, left)
        return left

    def prefix(self, token: Token) -> JsonataNode:
        if token.kind != "operator":
            self.is_doubtful |= token.kind == "end"
            return JsonataNode(token.kind, token.value, token.start)
        if token.value in _SIMPLE:
            self.is_doubtful |= token.value == "%"
            return JsonataNode(_SIMPLE[token.value], token.value, token.start)
        if token.value not in _BEGIN:
            raise self.not_a_value(token)
        return _BEGIN[token.value](self, token)

    def not_a_value(self, token: Token) -> JsonataSyntaxProblem:
        operator = self.text[max(token.start - 1, 0) : token.start + 1]
        if operator in _LATER:
            message = f'"{operator}" belongs to JSONata 2.1, and the service has 2.0.6'
            return self.problem("S0211", message, token.start - 1, token=token.value)
        message = f'no value begins with "{token.value}"'
        return self.problem("S0211", message, token.start, token=token.value)

    def infix(self, token: Token, left: JsonataNode) -> JsonataNode:
        if token.value in _GO_ON:
            return _GO_ON[token.value](self, token, left)
        right = self.expression(_POWER[token.value])
        kind = "apply" if token.value == "~>" else "binary"
        return self.node(kind, token.value, token.start, left, right)

    def minus(self, token: Token) -> JsonataNode:
        return self.node("minus", None, token.start, self.expression(70))

    def object(self, token: Token) -> JsonataNode:
        return self.node("object", None, token.start, *self.pairs())

    def block(self, token: Token) -> JsonataNode:
        expressions = []
        while not self.at(")"):
            expressions.append(self.expression(0))
            if not self.take(";"):
                break
        self.expect(")", infix=True)
        return self.node("block", None, token.start, *expressions)

    def array(self, token: Token) -> JsonataNode:
        return self.node("array", None, token.start, *self.listed("]", self.item))

    def item(self) -> JsonataNode:
        item = self.expression(0)
        if not self.at(".."):
            return item
        start = self.token.start
        self.advance()
        return self.node("binary", "..", start, item, self.expression(0))

    def pairs(self) -> list[JsonataNode]:
        return [part for pair in self.listed("}", self.pair) for part in pair]

    def pair(self) -> tuple[JsonataNode, JsonataNode]:
        key = self.expression(0)
        self.expect(":")
        return key, self.expression(0)

    def listed(self, closing: str, read: Callable[[], _Item]) -> list[_Item]:
        """Parse a list separated by commas, up to its closing bracket."""
        found: list[_Item] = []
        while found or not self.at(closing):
            found.append(read())
            if not self.take(","):
                break
        self.expect(closing, infix=True)
        return found

    def transform(self, token: Token) -> JsonataNode:
        parts = [self.expression(0)]
        self.expect("|")
        parts.append(self.expression(0))
        if self.take(","):
            parts.append(self.expression(0))
        self.expect("|")
        return self.node("transform", None, token.start, *parts)

    def path(self, token: Token, left: JsonataNode) -> JsonataNode:
        steps = [left, self.expression(_POWER["."])]
        while self.take("."):
            steps.append(self.expression(_POWER["."]))
        self.is_doubtful |= any(map(_may_be_literal, steps))
        return self.node("path", None, left.offset, *steps)

    def filter(self, token: Token, left: JsonataNode) -> JsonataNode:
        if self.at("]"):
            self.advance()
            return self.node("keep", None, token.start, left)
        predicate = self.expression(0)
        self.expect("]", infix=True)
        return self.node("filter", None, token.start, left, predicate)

    def group(self, token: Token, left: JsonataNode) -> JsonataNode:
        pairs = self.pairs()
        self.is_doubtful = True
        return self.node("group", None, token.start, left, *pairs)

    def sort(self, token: Token, left: JsonataNode) -> JsonataNode:
        self.expect("(")
        keys = []
        while True:
            if self.at("<") or self.at(">"):
                self.advance()
            keys.append(self.expression(0))
            if not self.take(","):
                break
        self.expect(")")
        return self.node("sort", None, token.start, left, *keys)

    def condition(self, token: Token, left: JsonataNode) -> JsonataNode:
        parts = [left, self.expression(0)]
        if self.take(":"):
            parts.append(self.expression(0))
        return self.node("condition", None, token.start, *parts)

    def bind(self, token: Token, left: JsonataNode) -> JsonataNode:
        left = _bare(left)
        if left.kind != "variable":
            raise self.problem("S0212", 'what stands before ":=" must be a variable', left.offset)
        return self.node("bind", left.value, left.offset, self.expression(_POWER[":="] - 1))

    def binding(self, token: Token, left: JsonataNode) -> JsonataNode:
        variable = self.expression(_POWER["@"])
        if variable.kind != "variable":
            message = f'what follows "{token.value}" must be a variable'
            raise self.problem("S0214", message, variable.offset, token=token.value)
        self.is_doubtful = True
        kind = "focus" if token.value == "@" else "index"
        return self.node(kind, variable.value, token.start, left)

    # Functions

    def call(self, token: Token, left: JsonataNode) -> JsonataNode:
        arguments = self.listed(")", self.argument)
        name = _bare(left)
        if name.kind == "name" and name.value in ("function", "λ"):
            return self.function(left.offset, [_bare(each) for each in arguments])
        return self.node("function", None, left.offset, left, *arguments)

    def argument(self) -> JsonataNode:
        if not self.at("?"):
            return self.expression(0)
        placeholder = JsonataNode("placeholder", None, self.token.start)
        self.advance()
        return placeholder

    def function(self, offset: int, parameters: list[JsonataNode]) -> JsonataNode:
        for number, parameter in enumerate(parameters, 1):
            if parameter.kind != "variable":
                message = 'a parameter must be a variable, such as "$x"'
                raise self.problem("S0208", message, parameter.offset, value=number)
        if self.at("<"):
            self.signature()
        self.expect("{")
        body = self.expression(0)
        self.expect("}")
        return self.node("lambda", tuple(parameter.value for parameter in parameters), offset, body)

    def signature(self) -> None:
        """Skip the types of parameters; the engine parses them again."""
        start, written, depth = self.token.start, "<", 1
        while depth > 0 and not self.at("{") and self.token.kind != "end":
            self.advance()
            depth += self.at("<") - self.at(">")
            written += str(self.token.value)
        self.expect(">")
        if (fault := signature_fault(written)) is not None:
            raise self.problem(*fault, start)


_BEGIN: dict[str, Callable[[_Parser, Token], JsonataNode]] = {
    "-": _Parser.minus,
    "(": _Parser.block,
    "[": _Parser.array,
    "{": _Parser.object,
    "|": _Parser.transform,
}
_GO_ON: dict[str, Callable[[_Parser, Token, JsonataNode], JsonataNode]] = {
    ".": _Parser.path,
    "[": _Parser.filter,
    "{": _Parser.group,
    "(": _Parser.call,
    "^": _Parser.sort,
    "?": _Parser.condition,
    ":=": _Parser.bind,
    "@": _Parser.binding,
    "#": _Parser.binding,
}


def _bare(node: JsonataNode) -> JsonataNode:
    """Return the part before any ``[]``."""
    while node.kind == "keep":
        node = node.children[0]
    return node


def _may_be_literal(node: JsonataNode) -> bool:
    """Return whether a step may be a number, true, false or null."""
    while node.kind in ("filter", "keep", "index", "minus", "sort"):
        node = node.children[0]
    return node.kind in ("number", "value")
