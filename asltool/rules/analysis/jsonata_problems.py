"""The problems in a JSONata text, as the service sees them.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.expr.jsonata import JsonataNode, JsonataSyntaxProblem, JsonataText, expression_in
from asltool.expr.jsonata.library import FUNCTIONS
from asltool.expr.jsonata.references import References
from asltool.rules.analysis.fields import ExpressionText, Field
from asltool.syntax.model import Choice
from asltool.syntax.wording import expected, listed, near, quoted

__all__ = ["jsonata_problems"]

_STATES = ("context", "errorOutput", "input", "result")
_UNDOCUMENTED = {"randomSeeded"}
"""The service takes it for ``$random`` with a seed."""

_NOT_NAMES = ("$", "%", "*", "@")
"""How operators and functions begin that read the context item; the service was not seen to refuse those."""

_TOO_DEEP = "U1001"
"""Refused only when it is evaluated."""

PlacedProblems = Iterator[tuple[str, str, int, int]]
"""Code, message, and where in the text it starts and ends."""


def jsonata_problems(text: ExpressionText) -> PlacedProblems:
    """Yield the problems of a text in ``{% %}``."""
    start = expression_in(text.value)[1]
    try:
        held = JsonataText.of(text.value)
        tree, found = held.tree, held.references
    except JsonataSyntaxProblem as problem:
        if problem.code != _TOO_DEEP:
            at = start + problem.offset
            message = f"{quoted(text.key)} is not valid JSONata: {problem.message}"
            yield "jsonata-syntax-error", message, at, at + 1
        return
    for code, message, offset, length in (*_functions(found), *_roots(found), *_states(tree, text.field)):
        yield code, message, start + offset, start + offset + length


def _functions(found: References) -> PlacedProblems:
    for name, offset in found.functions.items():
        if name == "eval":
            yield (
                "jsonata-function-unsupported",
                'the service has no "$eval": the call fails with T1006 when it runs',
                offset,
                5,
            )
        elif name not in FUNCTIONS | _UNDOCUMENTED:
            meant = near(name, sorted(FUNCTIONS))
            hint = f". did you mean {quoted('$' + meant)}?" if meant else ""
            message = f"there is no function {quoted('$' + name)}{hint}"
            yield "jsonata-function-unknown", message, offset, len(name) + 1


def _roots(found: References) -> PlacedProblems:
    for name, offset in found.context.items():
        if name in ("$", "$$"):
            message = f'{quoted(name)} has no value here. use "$states.input"'
        elif name == "states":
            message = '"states" reads a field, but there is no context item here. did you mean "$states"?'
        elif name.startswith(_NOT_NAMES):
            continue
        else:
            use = quoted(f"$states.input.{name}")
            message = f"{quoted(name)} reads a field, but there is no context item here. use {use}"
        code = "states-without-dollar" if name == "states" else "jsonata-root-reference"
        yield code, message, offset, len(name)


def _states(tree: JsonataNode, field: Field) -> PlacedProblems:
    """Yield reads of missing fields of ``$states``. An expression may define a ``$states`` of its own."""
    nodes = list(tree.walk())
    if any(node.kind == "bind" and node.value == "states" for node in nodes):
        return
    available = _available(field)
    for node in nodes:
        name = _states_field(node)
        if name is None or name.value in available:
            continue
        if name.value in _STATES:
            message = f"$states.{name.value} is not available here, only {listed(available, 'and')}"
            yield "states-field-not-available", message, name.offset, len(name.value)
        else:
            message = f"$states has no {quoted(name.value)}. {expected(name.value, available)}"
            yield "states-field-unknown", message, name.offset, len(name.value)


def _states_field(node: JsonataNode) -> JsonataNode | None:
    """Return the name after ``$states.`` if the node is such a path."""
    if node.kind != "path" or len(node.children) < 2:
        return None
    root, step = node.children[:2]
    while step.kind in ("filter", "keep", "focus", "index"):
        step = step.children[0]
    return step if (root.kind, root.value, step.kind) == ("variable", "states", "name") else None


def _available(field: Field) -> tuple[str, ...]:
    """Return the fields of ``$states`` that are available in a field of a state."""
    first, *inside = field.place
    if first == "Catch" and inside:
        return ("context", "errorOutput", "input")
    if first in ("Assign", "Output") and not isinstance(field.state, Choice):
        # Only Task, Parallel and Map have a result, but Pass states that read one were observed to run.
        return ("context", "input", "result")
    return ("context", "input")
