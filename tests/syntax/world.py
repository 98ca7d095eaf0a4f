"""Made-up documents: any JSON, JSON that looks like a definition, and definitions that were tampered with."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

from asltool.syntax.schema import table
from tests.syntax.cases import CASES

__all__ = ["definitions", "json_values", "tampered"]

FIELDS = sorted(
    {name for made in table()["$defs"].values() for name in made.get("properties", ())}
    | {"${x}", "A", "B", ""}
)
WORDS = [
    *table()["$defs"]["Type"]["enum"],
    "A",
    "B",
    "",
    "JSONata",
    "JSONPath",
    "{% 1 %}",
    "$.x",
    "${x}",
    "States.ALL",
]
REAL = [
    json.loads(path.read_text(encoding="utf-8"))
    for folder in ("rules", "syntax/structure")
    for path in sorted((CASES / folder).glob("*.asl.json"))
]


def json_values(leaves: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Any]:
    """Any JSON value; of finite numbers only."""
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
    )
    return st.recursive(
        scalars if leaves is None else leaves | scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
        max_leaves=20,
    )


def definitions() -> st.SearchStrategy[Any]:
    """JSON made of the language's own words, in any order."""
    words = st.sampled_from(WORDS) | st.booleans() | st.integers(-1, 101) | st.none()
    parts = st.recursive(
        words,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
        ),
        max_leaves=30,
    )
    states = st.dictionaries(st.sampled_from(["A", "B", "C", "${x}"]), parts, max_size=3)
    return st.fixed_dictionaries(
        {"StartAt": words, "States": states | parts}, optional={"QueryLanguage": words}
    )


@st.composite
def tampered(draw: st.DrawFn) -> Any:
    """A definition in which a few values were replaced, renamed or taken out."""
    value = copy.deepcopy(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 4))):
        inside, step = draw(st.sampled_from(_steps(value)))
        change = draw(st.sampled_from(["replace", "rename", "drop"]))
        if change == "replace" or isinstance(inside, list):
            inside[step] = draw(json_values(st.sampled_from(WORDS)))
        elif change == "rename":
            inside[draw(st.sampled_from(FIELDS))] = inside.pop(step)
        else:
            del inside[step]
        if not value:
            break
    return value


def _steps(value: Any) -> list[tuple[Any, Any]]:
    """Return every container inside a value with every step into it."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        inside = waiting.pop()
        if isinstance(inside, dict | list):
            steps = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
            found.extend((inside, step) for step in steps)
            waiting.extend(inside[step] for step in steps)
    return found
