"""Two versions of a machine, in words and in a picture."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from asltool.diagrams import draw
from asltool.diagrams.compare import DefinitionDiff, Version, compare
from asltool.diagrams.graph import Cluster, Item, build_graph
from asltool.diagrams.page.content import content
from tests.diagrams.cases import load, model
from tests.diagrams.test_properties import definitions


def compared(old: dict[str, Any], new: dict[str, Any]) -> DefinitionDiff:
    return compare(Version(model(old), old), Version(model(new), new))


def names(items: tuple[Item, ...]) -> set[str]:
    found = set()
    for item in items:
        node = item.node if isinstance(item, Cluster) else item
        found |= {node.title} if node.state else set()
        found |= names(item.items) if isinstance(item, Cluster) else set()
    return found


@pytest.mark.parametrize("case", load("comparisons.json"), ids=lambda case: case["name"])
def test_a_comparison_tells(case: dict[str, Any]) -> None:
    found = compared(case["old"], case["new"])
    assert list(found.lines) == case["lines"]
    assert found.highlight.statuses == case["statuses"]
    graph = build_graph(model(case["new"]), found.highlight)
    assert names(graph.items) == set(case["statuses"])


def test_ways_have_their_status_in_the_picture() -> None:
    case = load("comparisons.json")[1]
    graph = build_graph(model(case["new"]), compared(case["old"], case["new"]).highlight)
    ways = {(edge.transition.source, edge.transition.target): edge.status for edge in graph.edges}
    assert ways == {
        (None, "A"): "same",
        ("A", "B"): "added",
        ("A", "C"): "removed",
        ("B", "C"): "added",
        ("C", None): "same",
    }


@given(definitions(depth=1), definitions(depth=1))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_any_two_machines_can_be_compared(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = compared(old, new)
    for form in ("dot", "mmd", "html"):
        assert draw(model(new), form, found.highlight)


@given(definitions(depth=1))
@settings(max_examples=20, derandomize=True, deadline=None)
def test_a_machine_does_not_differ_from_itself(definition: dict[str, Any]) -> None:
    assert compared(definition, definition).lines == ("no difference",)


def test_tooltips_and_the_page_say_what_changed() -> None:
    old = {
        "StartAt": "A",
        "States": {"A": {"Type": "Wait", "Seconds": 3, "Next": "B"}, "B": {"Type": "Succeed"}},
    }
    new = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 5, "End": True}}}
    found = compared(old, new).highlight
    items = build_graph(model(new), found).items
    tooltips = {item.title: item.tooltip for item in items if not isinstance(item, Cluster)}
    assert tooltips["A"].splitlines()[-3:] == [
        "~ Seconds: 3 → 5",
        "+ transition to the end",
        "- transition to B",
    ]
    page = content(build_graph(model(new), found), model(new), found, new)
    shown = {
        node["title"]: ("before" in node, "definition" in node) for node in page["nodes"] if "hint" in node
    }
    assert shown == {"A": (True, True), "B": (True, False)}
