"""An expression, compiled once and evaluated any number of times from any thread."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from asltool.expr.environment import Environment, Json
from asltool.expr.jsonata import engines, exact, sandbox
from asltool.expr.jsonata.cost import is_bounded
from asltool.expr.jsonata.delimiters import JsonataText, expression_in
from asltool.expr.jsonata.host import ASKED, is_inexact
from asltool.expr.jsonata.job import (
    LIMITS,
    TOO_DEEP,
    UNDEFINED,
    EvaluationFailure,
    EvaluationJob,
    ExpressionPlan,
    Limits,
)
from asltool.expr.jsonata.library import CHANCE, CHECKED_BY_ENGINES, FUNCTIONS, MEASURED, REDEFINED
from asltool.expr.jsonata.references import references
from asltool.expr.jsonata.rewriting import rewrite
from asltool.expr.jsonata.survey import are_plain, survey
from asltool.expr.jsonata.syntax import JsonataNode, JsonataSyntaxProblem

__all__ = ["JsonataProgram", "compile_program"]

_UNSURE: Final = object()

_LARGEST: Final = 1 << 20
"""The most bytes of data for an expression in this process; the service allows 256 KiB."""


def compile_program(text: str) -> JsonataProgram | EvaluationFailure:
    """Compile a JSONata text, with or without ``{% %}``; if it has too many levels, every evaluation fails.

    Raises:
        SyntaxProblem: the text is not JSONata.
    """
    try:
        return JsonataProgram(expression_in(text)[0], JsonataText.of(text).tree)
    except JsonataSyntaxProblem as problem:
        if problem.code != "U1001":
            raise
        return TOO_DEEP


class JsonataProgram:
    """A compiled expression. A plain path, such as ``$states.input.orders[0].id``, needs no engine."""

    def __init__(self, text: str, tree: JsonataNode) -> None:
        found = references(tree)
        self._path = _plain_path(tree)
        names = sorted(found.variables)
        self._reads_states = "states" in names
        self._variables = tuple(name for name in names if name != "states")
        self._functions = found.variables.keys() & FUNCTIONS
        engine = engines.choose()
        written, self._numbers = rewrite(text, tree, engine)
        self._needs_care = any(map(is_inexact, self._numbers.values()))
        self._reads = tuple(sorted(set(_reads(tree))))
        bounded = is_bounded(tree)
        defined = REDEFINED if bounded else REDEFINED | MEASURED
        self._plan = ExpressionPlan(
            engine,
            written,
            (*(name for name in names if name not in FUNCTIONS | REDEFINED), *self._numbers),
            tuple(name for name in names if name in defined),
            bool(found.context),
            _oddly_called(tree),
        )
        self._draws = not CHANCE.isdisjoint(names)
        self._calculates = any(map(_calculates, tree.walk()))
        self._execute = _execution(tree, self._plan.engine, bounded)

    def run(self, states: Json, environment: Environment) -> Json | EvaluationFailure:
        """Evaluate with ``$states`` and the environment's variables."""
        values: dict[str, Json] = {"states": states} if self._reads_states else {}
        if self._variables:
            variables = environment.variables
            values |= {name: variables[name] for name in self._variables if name in variables}
        if self._path is not None:
            value = _read(self._path, values)
            if value is not _UNSURE:
                return value
        return self.evaluate(values, environment)

    def evaluate(
        self,
        values: dict[str, Json],
        environment: Environment,
        context: str | None = None,
        limits: Limits = LIMITS,
    ) -> Json | EvaluationFailure:
        """Evaluate with these variables and this context item, given as JSON text; None means no item."""
        plan = self._plan
        if self._functions and (shadowed := self._functions & values.keys()):
            plan = plan._replace(names=(*plan.names, *sorted(shadowed)))
        seed = environment.uniform() if self._draws else 0.0
        try:
            given = values | self._numbers if self._numbers else values
            job = EvaluationJob(plan, given, context, int(environment.now * 1000), seed, limits)
            found = self._evaluate(job, values)
            return _name_non_finite(found) if self._calculates else found
        except RecursionError:
            return TOO_DEEP

    def _evaluate(self, job: EvaluationJob, values: dict[str, Json]) -> Json | EvaluationFailure:
        """Evaluate here or in the sandbox, as the data requires, and keep the digits of large numbers."""
        execute, needs_care = self._execute, self._needs_care
        if not are_plain(values, self._reads):
            found = survey(_at(values, path) for path in self._reads)
            needs_care = needs_care or found.inexact
            if found.size > _LARGEST:
                execute = sandbox.execute
        if execute is sandbox.execute:
            job = job._replace(values=_parts(values, self._reads) | self._numbers)
        if not needs_care:
            result = execute(job)
            if not (isinstance(result, EvaluationFailure) and result.code == ASKED):
                return result
        return exact.evaluate(execute, job, self._calculates)


def _oddly_called(tree: JsonataNode) -> tuple[str, ...]:
    """Return the functions that are called without arguments or with too many."""
    calls = (node.children for node in tree.walk() if node.kind == "function")
    return tuple(
        sorted(
            {
                str(called.value)
                for called, *arguments in calls
                if not 1 <= len(arguments) <= CHECKED_BY_ENGINES.get(called.value, len(arguments))
            }
        )
    )


def _execution(
    tree: JsonataNode, engine: str, bounded: bool
) -> Callable[[EvaluationJob], Json | EvaluationFailure]:
    """Return where to evaluate; unlike Rust's, Python's regular expressions may take forever."""
    backtracks = engine == "fallback" and any(node.kind == "regex" for node in tree.walk())
    return engines.execute if bounded and not backtracks else sandbox.execute


def _reads(tree: JsonataNode) -> Iterator[tuple[str, ...]]:
    """Yield each variable that an expression reads, with the names that directly follow it."""
    left = [tree]
    while left:
        node = left.pop()
        left += node.children
        if node.kind == "path" and node.children[0].kind == "variable":
            names = itertools.takewhile(lambda step: step.kind == "name", node.children[1:])
            yield (node.children[0].value, *(str(step.value) for step in names))
            left.remove(node.children[0])
        elif node.kind == "variable":
            yield (node.value,)


def _at(value: Json, path: tuple[str, ...]) -> Json:
    """Return the value at a path, or the first array along it."""
    for name in path:
        if not isinstance(value, dict):
            break
        value = value.get(name)
    return value


def _parts(value: Json, paths: Iterable[tuple[str, ...]]) -> Json:
    """Return an object with only the values at these paths."""
    if not isinstance(value, dict) or () in paths:
        return value
    parts: dict[str, set[tuple[str, ...]]] = {}
    for name, *more in paths:
        if name in value:
            parts.setdefault(name, set()).add(tuple(more))
    return {name: _parts(value[name], inside) for name, inside in parts.items()}


def _plain_path(tree: JsonataNode) -> tuple[str | int, ...] | None:
    """Return the variable, names and indexes of an expression that consists only of these."""
    first, *rest = tree.children if tree.kind == "path" else (tree,)
    root = _step(first, "variable")
    if not root or root[0] in FUNCTIONS | {"", "$"}:
        return None
    keys = list(root)
    for step in rest:
        if not (more := _step(step, "name", "string")):
            return None
        keys += more
    return tuple(keys)


def _step(step: JsonataNode, *kinds: str) -> list[str | int]:
    """Return the name and the optional index of a step; empty for any other step."""
    index: list[str | int] = []
    if step.kind == "filter":
        step, number = step.children
        sign, number = (-1, number.children[0]) if number.kind == "minus" else (1, number)
        if number.kind != "number" or not isinstance(number.value, int):
            return []
        index = [sign * number.value]
    return [step.value, *index] if step.kind in kinds else []


def _read(path: tuple[str | int, ...], value: Json) -> Json | EvaluationFailure:
    """Follow a plain path; if JSONata would map over an array, leave it to the engine."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            if key not in value:
                return UNDEFINED
            value = value[key]
        elif isinstance(value, list) and isinstance(key, int):
            if not -len(value) <= key < len(value):
                return UNDEFINED
            value = value[key]
            if isinstance(value, list):
                return _UNSURE
        elif isinstance(value, list | dict) or isinstance(key, int):
            return _UNSURE
        else:
            return UNDEFINED
    return value


def _calculates(node: JsonataNode) -> bool:
    """Return whether a node can make a number that is not valid JSON."""
    if node.kind == "binary":
        return node.value in ("+", "-", "*", "/", "%")
    return node.kind == "variable" and node.value in (
        "average",
        "number",
        "parseInteger",
        "power",
        "round",
        "sum",
    )


def _name_non_finite(value: Json | EvaluationFailure) -> Json | EvaluationFailure:
    """Return a value with infinities and NaN as strings, as the service writes them."""
    if isinstance(value, dict):
        return {key: _name_non_finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_name_non_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
