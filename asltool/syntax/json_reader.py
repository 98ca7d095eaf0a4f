"""Read JSON text: quickly, and again with the slow scanner if there are problems."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from asltool.syntax.json_tokens import DEEPEST
from asltool.syntax.model import ABSENT

if TYPE_CHECKING:
    from asltool.syntax.json_scan import SyntaxProblem

__all__ = ["read_json"]

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def read_json(text: str) -> tuple[Any, list[SyntaxProblem]]:
    """Return the value of JSON text, `ABSENT` if it has none, and the problems of the text.

    If a key occurs twice, the last one counts, as in every JSON reader.
    """
    value, doubtful = _quick(text)
    if not doubtful:
        return value, []
    from asltool.syntax.json_scan import SyntaxProblem, scan

    problems = scan(text).problems
    if value is ABSENT and not problems:
        problems = [SyntaxProblem(0, 0, "this is not JSON")]
    usable = all(problem.code == "duplicate-key" for problem in problems)
    return value if usable else ABSENT, problems


def _quick(text: str) -> tuple[Any, bool]:
    """Return the value, and whether the slow scanner is needed."""
    doubts: list[str] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(members)
        if len(made) != len(members):
            doubts.append("duplicate key")
        return made

    def number(token: str) -> float:
        made = float(token)
        if not math.isfinite(made):
            doubts.append("number out of range")
        return made

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_float=number, parse_constant=doubts.append)
    except (ValueError, RecursionError):
        return ABSENT, True
    return value, bool(doubts) or _has_surrogate(text) or _too_deep(value, text)


def _has_surrogate(text: str) -> bool:
    may_have = "\\u" in text or not text.isascii()
    return may_have and _SURROGATE.search(text) is not None


def _too_deep(value: Any, text: str) -> bool:
    """Return whether objects and arrays are nested deeper than `DEEPEST` levels."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return False
    level = [value]
    for _ in range(DEEPEST):
        level = [
            part
            for container in level
            for part in (container.values() if isinstance(container, dict) else container)
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True
