"""Small questions about a directed graph, against a plain reading of what they ask."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.rules.analysis.graph import closed_groups, reach, turned

NAMES = "ABCDEFG"
GRAPHS = st.fixed_dictionaries({name: st.lists(st.sampled_from(NAMES), max_size=3) for name in NAMES})


def reached(graph: dict[str, list[str]], start: str) -> set[str]:
    found = {start}
    for _ in graph:
        found |= {target for name in found for target in graph[name]}
    return found


@settings(derandomize=True, max_examples=200, deadline=None)
@given(GRAPHS)
def test_reach(graph: dict[str, list[str]]) -> None:
    assert {name: reach(graph, [name]) for name in graph} == {name: reached(graph, name) for name in graph}
    assert reach(graph, []) == set()
    assert all((a in reach(graph, [b])) == (b in reach(turned(graph), [a])) for a in NAMES for b in NAMES)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(GRAPHS, st.lists(st.sampled_from(NAMES)))
def test_closed_groups(graph: dict[str, list[str]], names: list[str]) -> None:
    inside = sorted({target for name in names for target in reached(graph, name)})
    closed = [name for name in inside if all(name in reached(graph, other) for other in reached(graph, name))]
    groups = closed_groups(graph, turned(graph), inside)
    assert sorted(name for group in groups for name in group) == closed
    for group in groups:
        assert set(group) == reached(graph, group[0])
        assert group == [name for name in graph if name in group]
