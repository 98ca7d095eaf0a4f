"""The condition of a Choice rule as a tree, built once, in either query language.

This tree is visited to evaluate a condition, to solve it, to describe it and to find what it guards.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from asltool.expr import jsonata
from asltool.expr.choice import COMPARISONS, TESTS
from asltool.expr.values import dumps
from asltool.syntax.expressions import Expressions, JsonataText, jsonata_tree
from asltool.syntax.frozen import Frozen

__all__ = [
    "OPERATORS",
    "And",
    "Condition",
    "DataTest",
    "Expression",
    "Malformed",
    "Not",
    "Or",
    "comparisons",
    "expression_of",
    "identity",
    "rule_of",
]


class DataTest(Frozen):
    """A path, an operator such as ``NumericLessThanPath``, and the operand as the document has it."""

    variable: str
    operator: str
    operand: Any

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that are read: ``Variable``, and the operand of a ``…Path`` operator."""
        return (self.variable, self.operand) if self.operator.endswith("Path") else (self.variable,)


class And(Frozen):
    """True if all parts are true; they are tried in order."""

    parts: tuple[Condition, ...]


class Or(Frozen):
    """True if one part is true; they are tried in order."""

    parts: tuple[Condition, ...]


class Not(Frozen):
    """True if the part is false."""

    part: Condition


class Expression(Frozen):
    """A condition in JSONata: a string in ``{% %}``, or a boolean."""

    value: JsonataText | bool

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str) and jsonata.is_expression(self.value)

    @property
    def tree(self) -> jsonata.JsonataNode | None:
        """The syntax tree; None for a boolean, and for a string that has placeholders or errors."""
        return jsonata_tree(self.value) if isinstance(self.value, JsonataText) else None


class Malformed(Frozen):
    """A value in the place of a condition that is not a condition.

    ``message`` says why; ``text`` is the field at fault, if a field is at fault.
    """

    value: Any
    message: str
    text: str = ""


Condition: TypeAlias = And | DataTest | Expression | Malformed | Not | Or

OPERATORS: Final = frozenset(
    (
        *("And", "IsPresent", "Not", "Or", "StringMatches"),
        *COMPARISONS,
        *(f"{name}Path" for name in COMPARISONS),
        *TESTS,
    )
)
"""Every operator of a Choice rule in JSONPath."""

_BESIDE_CONDITION = ("Assign", "Comment", "Next", "Output")


def expression_of(value: Any, expressions: Expressions | None = None) -> Condition:
    """Return the condition of a Choice rule in JSONata, given its ``Condition``."""
    if isinstance(value, str):
        return Expression(value=(expressions or Expressions()).jsonata(value))
    if isinstance(value, bool):
        return Expression(value=value)
    return Malformed(value=value, message='"Condition" must be a JSONata string or a boolean')


def rule_of(rule: Any, expressions: Expressions | None = None) -> Condition:
    """Return the condition of a Choice rule in JSONPath, without its Next, Comment, Assign and Output."""
    if isinstance(rule, dict):
        rule = {key: part for key, part in rule.items() if key not in _BESIDE_CONDITION}
    try:
        return _rule(rule, expressions or Expressions())
    except RecursionError:
        return Malformed(value=None, message="the Choice rule is nested too deeply")


def _rule(rule: Any, expressions: Expressions) -> Condition:
    if not isinstance(rule, dict):
        return Malformed(value=rule, message="a Choice rule must be an object")
    found = sorted(rule.keys() & OPERATORS)
    unknown = sorted(rule.keys() - OPERATORS - {"Variable", *_BESIDE_CONDITION})
    if unknown:
        message = f'unexpected field "{unknown[0]}" in a Choice rule'
        return Malformed(value=rule, message=message, text=unknown[0])
    if len(found) != 1:
        names = ", ".join(f'"{name}"' for name in found) or "none"
        return Malformed(
            value=rule, message=f"a Choice rule must have exactly one comparison; it has {names}"
        )
    return _operation(rule, found[0], rule[found[0]], expressions)


def _operation(rule: dict[str, Any], operator: str, operand: Any, expressions: Expressions) -> Condition:
    if operator == "Not":
        return Not(part=_rule(operand, expressions))
    if operator in ("And", "Or"):
        if not isinstance(operand, list) or not operand:
            message = f'"{operator}" must be an array of at least one rule'
            return Malformed(value=rule, message=message, text=operator)
        parts = tuple(_rule(part, expressions) for part in operand)
        return And(parts=parts) if operator == "And" else Or(parts=parts)
    is_path = operator.endswith("Path")
    for field, text in (("Variable", rule.get("Variable")), (operator, operand if is_path else "")):
        if not isinstance(text, str):
            return Malformed(value=rule, message=f'"{field}" must be a path', text=field)
    held = expressions.path(operand) if is_path else operand
    return DataTest(variable=expressions.path(rule["Variable"]), operator=operator, operand=held)


def identity(condition: Condition) -> str:
    """Return a string that is equal for two conditions only if they are the same."""
    return dumps(_identity(condition))


def _identity(condition: Condition) -> list[Any]:
    if isinstance(condition, And | Or):
        return [type(condition).__name__, *map(_identity, condition.parts)]
    if isinstance(condition, Not):
        return ["Not", _identity(condition.part)]
    if isinstance(condition, DataTest):
        return [condition.operator, condition.variable, condition.operand]
    return [type(condition).__name__, condition.value]


def comparisons(condition: Condition) -> Iterator[DataTest]:
    """Yield the comparisons in a JSONPath condition, in document order."""
    if isinstance(condition, And | Or):
        for part in condition.parts:
            yield from comparisons(part)
    elif isinstance(condition, Not):
        yield from comparisons(condition.part)
    elif isinstance(condition, DataTest):
        yield condition
