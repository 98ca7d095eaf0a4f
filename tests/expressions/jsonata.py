"""Runs a file of JSONata cases, such as the language's own suite, and prints the agreement per group.

The file is an object: ``datasets`` (name to document) and ``cases``. A case is evaluated as the language has
it, with a context item, which an expression of the service does not have; everything else is the service's.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from asltool.expr.jsonata.job import LIMITS, EvaluationFailure
from asltool.expr.jsonata.program import compile_program
from asltool.expr.jsonata.syntax import JsonataSyntaxProblem

__all__ = ["agrees", "group_of", "main", "observe", "read"]

LEFT_OUT = ("function-eval",)
"""Groups that say nothing about the service."""


class Still:
    """An environment whose clock stands still."""

    context: ClassVar[dict[str, Any]] = {}
    variables: ClassVar[dict[str, Any]] = {}
    now = 1_500_000_000.0

    def uniform(self) -> float:
        return 0.5


def read(path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield every case with its document; a document that is not there is an empty tuple."""
    suite = json.loads(path.read_text(encoding="utf-8"))
    for case in suite["cases"]:
        name = case.get("dataset")
        yield case, case["data"] if "data" in case else () if name is None else suite["datasets"][name]


def observe(case: Mapping[str, Any], document: Any) -> dict[str, Any]:
    """Evaluate a case; the observation has ``result``, ``undefined`` or ``code``."""
    try:
        program = compile_program(case["expr"])
    except JsonataSyntaxProblem as problem:
        return {"id": case["id"], "code": problem.code}
    limits = LIMITS._replace(
        time_ms=case.get("timelimit", LIMITS.time_ms), depth=case.get("depth", LIMITS.depth)
    )
    context = None if document == () else json.dumps(document)
    found = (
        program
        if isinstance(program, EvaluationFailure)
        else program.evaluate(case.get("bindings", {}), Still(), context, limits)
    )
    if not isinstance(found, EvaluationFailure):
        return {"id": case["id"], "result": found}
    return {"id": case["id"], **({"undefined": True} if found.code == "undefined" else {"code": found.code})}


def agrees(case: Mapping[str, Any], observed: Mapping[str, Any]) -> bool:
    """Return whether an observation is what the case expects."""
    if "result" in case:
        return "result" in observed and _equal(
            case["result"], observed["result"], case.get("unordered", False)
        )
    if case.get("undefinedResult"):
        return "undefined" in observed
    return bool(observed.get("code") == (case.get("code") or case["error"]["code"]))


def _equal(expected: Any, actual: Any, unordered: bool = False) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, float) and isinstance(actual, int | float):
        return math.isclose(expected, actual, rel_tol=1e-15)
    if isinstance(expected, list) and isinstance(actual, list):
        if unordered:
            expected, actual = sorted(expected, key=json.dumps), sorted(actual, key=json.dumps)
        return len(expected) == len(actual) and all(map(_equal, expected, actual))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(
            _equal(expected[key], actual[key]) for key in expected
        )
    return bool(expected == actual)


def group_of(case: Mapping[str, Any]) -> str:
    """Return the part of a case's id before the slash."""
    return str(case["id"]).partition("/")[0]


def main(cases: Path, observed: Path | None = None) -> None:
    """Print how many cases of each group agree; write the observations, one JSON object a line."""
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    lines = []
    for case, document in read(cases):
        observation = observe(case, document)
        lines.append(json.dumps(observation))
        if {"result", "undefinedResult", "code", "error"} & case.keys():
            total[group_of(case)] += 1
            right[group_of(case)] += agrees(case, observation)
    if observed:
        observed.write_text("\n".join([*lines, ""]), encoding="utf-8")
    for group in sorted(total):
        print(f"{group:32} {right[group]:4} of {total[group]:4}{'  (left out)' if group in LEFT_OUT else ''}")
    counted = [group for group in total if group not in LEFT_OUT]
    agreed, of = sum(right[group] for group in counted), sum(total[group] for group in counted)
    print(f"{'all':32} {agreed:4} of {of:4}  {agreed / max(of, 1):.2%}")
