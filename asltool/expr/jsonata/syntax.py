"""JSONata text -> syntax tree, and what is wrong with a text that has none.

The tree says enough to check a text and to see what it refers to; evaluating is left to the engines. It is
version 2.0.6 of the language, as the service has it: ``??`` and ``?:`` came later and are refused.

Source: https://docs.jsonata.org/2.0.0/overview and the behaviour of jsonata-js 2.0.6
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from asltool.expr.jsonata.tokens import SyntaxProblem, Token, Tokens

__all__ = ["DEEPEST", "Node", "SyntaxProblem", "parse"]

DEEPEST = 100
"""How many levels a tree may have; the service evaluates no more."""


class Node(NamedTuple):
    """A part of an expression.

    ``value`` is the name, the literal or the operator. The kinds and their children:

    ======================================  =============================================================
    string number value regex variable      none
    name wildcard descendants parent        none
    path                                    its steps
    filter, sort, group                     what is filtered …, then the predicate, the keys, the pairs
    focus index                             what is bound to the variable ``value``
    keep                                    what stays an array: ``x[]``
    array object block                      items; key, value, key, value …; expressions
    binary minus bind condition apply       operands
    function                                what is called, then the arguments (``placeholder`` for ``?``)
    lambda                                  the body; ``value`` is the names of the parameters
    transform                               pattern, update and, if there, what is deleted
    ======================================  =============================================================
    """

    kind: str
    value: Any
    offset: int
    children: tuple[Node, ...] = ()
    height: int = 1

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """Read a JSONata text, without ``{% %}`` around it.

    Raises:
        SyntaxProblem: the text is no JSONata; code U1001 says that it has too many levels.
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


class _Parser:
    """Top-down operator precedence, after Vaughan Pratt: the operators' powers say who takes an operand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = Tokens(text)
        self.token = Token("end", "", 0)
        # Found only once the whole text has a form, so a wrong form is what is reported first.
        self.misplaced: list[SyntaxProblem] = []
        self.begin: dict[str, Callable[[Token], Node]] = {
            "-": lambda token: self.node("minus", None, token.start, self.expression(70)),
            "(": self.block,
            "[": self.array,
            "{": lambda token: self.node("object", None, token.start, *self.pairs()),
            "|": self.transform,
        }
        self.go_on: dict[str, Callable[[Token, Node], Node]] = {
            ".": self.path,
            "[": self.filter,
            "{": self.group,
            "(": self.call,
            "^": self.sort,
            "?": self.condition,
            ":=": self.bind,
            "@": self.binding,
            "#": self.binding,
        }

    def parse(self) -> Node:
        self.advance()
        try:
            tree = self.expression(0)
        except RecursionError:
            raise self.too_deep(0) from None
        if self.token.kind != "end":
            raise self.problem("S0201", f'"{self.source()}" follows a complete expression')
        if self.misplaced:
            raise self.misplaced[0]
        return tree

    # Tokens

    def advance(self, infix: bool = False) -> None:
        self.token = self.tokens.next(infix)
        if self.token.kind == "operator" and self.token.value in ("!", "~"):
            raise self.problem("S0204", f'there is no operator "{self.token.value}"')

    def at(self, operator: str) -> bool:
        return self.token.kind == "operator" and self.token.value == operator

    def take(self, operator: str) -> bool:
        """Step over an operator if it is next."""
        found = self.at(operator)
        if found:
            self.advance()
        return found

    def expect(self, operator: str, infix: bool = False) -> None:
        if not self.at(operator):
            if self.token.kind == "end":
                raise self.problem("S0203", f'"{operator}" is missing at the end')
            raise self.problem("S0202", f'expected "{operator}" instead of "{self.source()}"')
        self.advance(infix)

    def source(self) -> str:
        """Return the next token as it is written, for a message."""
        token = self.token
        return f"${token.value}" if token.kind == "variable" else str(token.value)

    def problem(self, code: str, message: str, offset: int | None = None) -> SyntaxProblem:
        return SyntaxProblem(code, message, self.text, self.token.start if offset is None else offset)

    def misplace(self, code: str, message: str, offset: int) -> None:
        self.misplaced.append(self.problem(code, message, offset))

    def too_deep(self, offset: int) -> SyntaxProblem:
        return self.problem("U1001", f"the expression has more than {DEEPEST} levels", offset)

    # Expressions

    def node(self, kind: str, value: Any, offset: int, *children: Node) -> Node:
        height = 1 + max((child.height for child in children), default=0)
        if height > DEEPEST:
            raise self.too_deep(offset)
        return Node(kind, value, offset, children, height)

    def expression(self, power: int) -> Node:
        token = self.token
        self.advance(infix=True)
        left = self.prefix(token)
        while self.token.kind == "operator" and power < _POWER.get(self.token.value, 0):
            token = self.token
            self.advance()
            left = self.infix(token, left)
        return left

    def prefix(self, token: Token) -> Node:
        if token.kind == "end":
            raise self.problem("S0207", "the expression ends too early", token.start)
        if token.kind != "operator":
            return Node(token.kind, token.value, token.start)
        if token.value in _SIMPLE:
            return Node(_SIMPLE[token.value], token.value, token.start)
        if token.value not in self.begin:
            raise self.not_a_value(token)
        return self.begin[token.value](token)

    def not_a_value(self, token: Token) -> SyntaxProblem:
        operator = self.text[max(token.start - 1, 0) : token.start + 1]
        if operator in _LATER:
            message = f'"{operator}" belongs to JSONata 2.1, and the service has 2.0.6'
            return self.problem("S0211", message, token.start - 1)
        return self.problem("S0211", f'no value begins with "{token.value}"', token.start)

    def infix(self, token: Token, left: Node) -> Node:
        if token.value in self.go_on:
            return self.go_on[token.value](token, left)
        right = self.expression(_POWER[token.value])
        kind = "apply" if token.value == "~>" else "binary"
        return self.node(kind, token.value, token.start, left, right)

    def block(self, token: Token) -> Node:
        expressions = []
        while not self.at(")"):
            expressions.append(self.expression(0))
            if not self.take(";"):
                break
        self.expect(")", infix=True)
        return self.node("block", None, token.start, *expressions)

    def array(self, token: Token) -> Node:
        items = []
        while not self.at("]"):
            item = self.expression(0)
            if self.at(".."):
                start = self.token.start
                self.advance()
                item = self.node("binary", "..", start, item, self.expression(0))
            items.append(item)
            if not self.at(","):
                break
            self.expect(",")
        self.expect("]", infix=True)
        return self.node("array", None, token.start, *items)

    def pairs(self) -> list[Node]:
        pairs = []
        while not self.at("}"):
            pairs.append(self.expression(0))
            self.expect(":")
            pairs.append(self.expression(0))
            if not self.take(","):
                break
        self.expect("}", infix=True)
        return pairs

    def transform(self, token: Token) -> Node:
        parts = [self.expression(0)]
        self.expect("|")
        parts.append(self.expression(0))
        if self.take(","):
            parts.append(self.expression(0))
        self.expect("|")
        return self.node("transform", None, token.start, *parts)

    def path(self, token: Token, left: Node) -> Node:
        steps = [left, self.expression(_POWER["."])]
        while self.take("."):
            steps.append(self.expression(_POWER["."]))
        for step in steps:
            if step.kind in ("number", "value"):
                self.misplace("S0213", "a number, true, false or null is no step of a path", step.offset)
        return self.node("path", None, left.offset, *steps)

    def filter(self, token: Token, left: Node) -> Node:
        if self.at("]"):
            self.advance(infix=True)
            return self.node("keep", None, token.start, left)
        predicate = self.expression(0)
        self.expect("]", infix=True)
        if left.kind == "group":
            self.misplace("S0209", "a predicate cannot follow a grouping", token.start)
        return self.node("filter", None, token.start, left, predicate)

    def group(self, token: Token, left: Node) -> Node:
        pairs = self.pairs()
        if left.kind == "group":
            self.misplace("S0210", "a step can have one grouping", token.start)
        return self.node("group", None, token.start, left, *pairs)

    def sort(self, token: Token, left: Node) -> Node:
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

    def condition(self, token: Token, left: Node) -> Node:
        parts = [left, self.expression(0)]
        if self.take(":"):
            parts.append(self.expression(0))
        return self.node("condition", None, token.start, *parts)

    def bind(self, token: Token, left: Node) -> Node:
        if left.kind != "variable":
            raise self.problem("S0212", 'what stands before ":=" must be a variable', left.offset)
        return self.node("bind", left.value, left.offset, self.expression(_POWER[":="] - 1))

    def binding(self, token: Token, left: Node) -> Node:
        variable = self.expression(_POWER["@"])
        if variable.kind != "variable":
            message = f'what follows "{token.value}" must be a variable'
            raise self.problem("S0214", message, variable.offset)
        if token.value == "@" and left.kind in ("filter", "sort"):
            code = "S0215" if left.kind == "filter" else "S0216"
            self.misplace(code, f'"@" must come before the {left.kind} of its step', token.start)
        kind = "focus" if token.value == "@" else "index"
        return self.node(kind, variable.value, token.start, left)

    # Functions

    def call(self, token: Token, left: Node) -> Node:
        arguments = []
        while not self.at(")"):
            if self.at("?"):
                arguments.append(Node("placeholder", None, self.token.start))
                self.advance()
            else:
                arguments.append(self.expression(0))
            if not self.at(","):
                break
            self.expect(",")
        self.expect(")", infix=True)
        if left.kind == "name" and left.value in ("function", "λ"):
            return self.function(left.offset, arguments)
        return self.node("function", None, left.offset, left, *arguments)

    def function(self, offset: int, parameters: list[Node]) -> Node:
        for parameter in parameters:
            if parameter.kind != "variable":
                raise self.problem("S0208", 'a parameter must be a variable, such as "$x"', parameter.offset)
        while self.token.kind != "end" and not self.at("{"):
            self.advance()  # The signature, which the engine reads.
        self.expect("{")
        body = self.expression(0)
        self.expect("}")
        return self.node("lambda", tuple(parameter.value for parameter in parameters), offset, body)
