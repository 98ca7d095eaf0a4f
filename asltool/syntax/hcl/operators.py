"""Operators and the conditional expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.syntax.hcl.access import operand
from asltool.syntax.hcl.frame import HclFrame, guessed, named
from asltool.syntax.hcl.value import Value, is_partly_unknown, plain

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["binary", "conditional", "unary"]

_OPERATORS = frozenset(["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"])
_ARITHMETIC: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def conditional(node: Node, frame: HclFrame) -> Value:
    parts = [child for child in node.children if child.type not in ("?", ":", "comment")]
    if len(parts) != 3:
        return named(frame, [node])
    condition = frame.value(parts[0])
    if isinstance(condition.data, bool) or condition.data in ("true", "false"):
        return frame.value(parts[1 if condition.data in (True, "true") else 2])
    guessed(frame)
    first = frame.value(parts[1])
    return first if first.known and first.data is not None else frame.value(parts[2])


def unary(node: Node, frame: HclFrame) -> Value:
    parts = [child for child in node.children if child.type != "comment"]
    value = operand(parts[1:], frame) if len(parts) > 1 else None
    if value is not None and parts[0].type == "!" and isinstance(value.data, bool):
        return Value(not value.data, *frame.place(node))
    if value is not None and parts[0].type == "-" and _is_number(value.data):
        return Value(-value.data, *frame.place(node))
    return named(frame, [node])


def binary(node: Node, frame: HclFrame) -> Value:
    parts = [child for child in node.children if child.type != "comment"]
    place = next((i for i, part in enumerate(parts) if i and part.type in _OPERATORS), 0)
    if not place or place + 1 >= len(parts):
        return named(frame, [node])
    operator = parts[place].type
    left = operand(parts[:place], frame)
    if operator in ("&&", "||") and left.data is (operator == "||"):
        return Value(left.data, *frame.place(node))
    made = _result(operator, left, operand(parts[place + 1 :], frame))
    return named(frame, [node]) if made is None else Value(made, *frame.place(node))


def _result(operator: str, left: Value, right: Value) -> Any:
    """Return the result of an operator for two values; None if it is not known."""
    if operator in ("&&", "||"):
        if left.known and isinstance(right.data, bool):
            return right.data
        return right.data if right.data is (operator == "||") else None
    if is_partly_unknown(left) or is_partly_unknown(right):
        return None
    if operator in ("==", "!="):
        one, other = plain(left), plain(right)
        same = one == other and isinstance(one, bool) == isinstance(other, bool)
        return same == (operator == "==")
    return _arithmetic(operator, left.data, right.data)


def _arithmetic(operator: str, left: Any, right: Any) -> Any:
    if not (_is_number(left) and _is_number(right)):
        return None
    if operator in ("/", "%") and right == 0:
        return None
    try:
        made = _ARITHMETIC[operator](left, right)
    except OverflowError:
        return None
    return int(made) if isinstance(made, float) and made.is_integer() else made


def _is_number(data: Any) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool)
