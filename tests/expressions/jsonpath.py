"""Runs a file of answers that were recorded from Jayway's library, and prints the agreement per section.

The file is an object: ``doc``, further documents, and ``cases``. A case has ``section``, ``expr``, ``on``
(the name of its document, if that is not ``doc``) and either ``value`` with ``definite``, or ``error`` (the
exception's kind) with ``message``. Texts of Java's own are not compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asltool.expr.jsonpath.errors import NoValue, Unreadable
from asltool.expr.jsonpath.evaluate import compile_query
from asltool.expr.jsonpath.parser import parse
from asltool.expr.values import json_equal

__all__ = ["agrees", "main", "observe"]


def observe(case: Mapping[str, Any], document: Any) -> dict[str, Any]:
    """Evaluate a case as the library has it: from the one root ``$``."""
    observed = {"expr": case["expr"]}
    try:
        query = parse(case["expr"])
    except Unreadable as error:
        # Every path around the one that cannot be read adds the exception's name.
        message = _REFUSED * (error.depth + 1) + error.message
        return {**observed, "error": "InvalidPathException", "message": message}
    observed["definite"] = query.definite
    try:
        return {**observed, "value": compile_query(query)(document, document)}
    except NoValue as failure:
        return {**observed, "error": failure.kind, "message": failure.detail}


def agrees(case: Mapping[str, Any], observed: Mapping[str, Any]) -> bool:
    """Return whether an observation is what the case has; an error's kind and text count."""
    if any(case.get(key) != observed.get(key) for key in ("definite", "error")):
        return False
    if "error" in case:
        return _is_java(case) or bool(case["message"] == observed["message"])
    return json_equal(case["value"], observed["value"])


def _is_java(case: Mapping[str, Any]) -> bool:
    """Return whether a message is Java's own, or the service's, which no case has."""
    return not case["message"] or case["message"].startswith("java.") or case["error"] in _JAVA


_REFUSED = "com.jayway.jsonpath.InvalidPathException: "
_JAVA = ("ClassCastException", "NumberFormatException")


def main(cases: Path, observed: Path | None = None) -> None:
    """Print how many cases of each section agree; write the observations, one JSON object a line."""
    recorded = json.loads(cases.read_text(encoding="utf-8"))
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    lines = []
    for case in recorded["cases"]:
        observation = observe(case, recorded[case.get("on", "doc")])
        lines.append(json.dumps(observation))
        total[case["section"]] += 1
        right[case["section"]] += agrees(case, observation)
    if observed:
        observed.write_text("\n".join([*lines, ""]), encoding="utf-8")
    for section in total:
        print(f"{section:32} {right[section]:4} of {total[section]:4}")
    print(f"{'all':32} {right.total():4} of {total.total():4}  {right.total() / max(total.total(), 1):.2%}")
