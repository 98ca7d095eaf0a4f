"""jsonpath-ng as the second opinion, on the part of the language in which all libraries agree.

That is: names, indexes, wildcards, slices without negative bounds, and scans for names, in documents where
the path leads somewhere; comparisons of numbers that are there. Left out, since what the service runs differs
on purpose: an index past the end (null), a path to many values that fails on the way (jsonpath-ng gives what
is left), negative indexes, several names, an index right behind a scan, and literals of other types.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonpath_ng.ext.parser import parse

from asltool.expr.jsonpath import PathError, compile_path
from tests.expr.world import World

NAMES = "abc"
names = st.sampled_from(NAMES)
numbers = st.integers(0, 3)

documents = st.recursive(
    st.one_of(numbers, st.sampled_from(["x", "y"])),
    lambda inner: st.lists(inner, min_size=2, max_size=2) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)
rows = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)), max_size=5)

steps = st.one_of(
    names.map(".{}".format),
    names.map("['{}']".format),
    names.map("..{}".format),
    st.sampled_from(["[0]", "[1]", "[*]", ".*", "[1:]", "[:2]", "[0:2]", "[1:3]"]),
)
comparisons = st.builds(
    "@.{} {} {}".format, names, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers
)
conditions = st.one_of(
    comparisons,
    st.builds("{} && {}".format, comparisons, comparisons),
)


def ours(path: str, document: Any) -> list[Any]:
    """Return what is found; a path to one value that fails finds nothing, one to many is left out."""
    compiled = compile_path(path)
    try:
        value = compiled.read(document, World())
    except PathError:
        assume(compiled.definite)
        return []
    if not compiled.definite:
        assert isinstance(value, list)
        return value
    return [value]


def theirs(path: str, document: Any) -> list[Any]:
    return [found.value for found in parse(path).find(document)]


@settings(
    derandomize=True, deadline=None, max_examples=300, suppress_health_check=[HealthCheck.filter_too_much]
)
@given(st.lists(steps, min_size=1, max_size=4).map("".join), documents)
def test_steps(path: str, document: Any) -> None:
    assert ours(f"${path}", document) == theirs(f"${path}", document)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(conditions, st.one_of(st.just(""), names.map(".{}".format)), rows)
def test_filters(condition: str, after: str, items: list[Any]) -> None:
    path = f"$.items[?({condition})]{after}"
    assert ours(path, {"items": items}) == theirs(path, {"items": items})
