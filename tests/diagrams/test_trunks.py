"""Long edges share trunks where there are many: nothing is lost, and Graphviz comes to an end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.diagrams import draw, trunks
from asltool.diagrams.dot import dot
from asltool.diagrams.graph import Cluster, Edge, Graph, Item, Node, build_graph
from asltool.diagrams.highlight import Highlight, NamedTransition
from asltool.diagrams.trunks import trunked
from asltool.syntax.model import StateMachine
from tests.diagrams.cases import model


def far(states: int) -> StateMachine:
    """Return tasks one after the other, each with a Catcher that leads to the last."""
    last = f"T{states}"
    tasks = {
        f"T{number}": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": last}],
            "Next": f"T{number + 1}",
        }
        for number in range(states)
    }
    return model({"StartAt": "T0", "States": {**tasks, last: {"Type": "Fail"}}})


def loops(states: int) -> StateMachine:
    """Return Choices one after the other, each of which may lead back to the first."""
    choices = {
        f"C{number}": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.a", "IsNull": True, "Next": f"C{number + 1}"}],
            "Default": "C0",
        }
        for number in range(states)
    }
    return model({"StartAt": "C0", "States": {**choices, f"C{states}": {"Type": "Succeed"}}})


def nodes(items: tuple[Item, ...]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, Cluster):
            yield from (item.node, item.entry, item.exit)
            yield from nodes(item.items)
        else:
            yield item


def ways(graph: Graph) -> Counter[tuple[str, str, bool, tuple[str, ...]]]:
    """Return from where to where edges lead, joints followed to their end, and what they say."""
    onward = {edge.tail: edge.head for edge in graph.edges if edge.transition.source is None}
    joints = {node.id for node in nodes(graph.items) if node.kind == "Joint"}
    found: Counter[tuple[str, str, bool, tuple[str, ...]]] = Counter()
    for edge in graph.edges:
        if edge.tail not in joints:
            head = edge.head
            while head in joints:
                head = onward[head]
            found[edge.tail, head, edge.caught, edge.label] += 1
    return found


def test_few_have_edges_of_their_own() -> None:
    for machine in (far(50), loops(50)):
        graph = build_graph(machine)
        assert trunked(graph) is graph


def test_many_share_one_line() -> None:
    graph = trunked(build_graph(far(60)))
    joints = [node.id for node in nodes(graph.items) if node.kind == "Joint"]
    assert len(set(joints)) == len(joints) == 59
    assert ways(graph) == ways(build_graph(far(60)))
    assert all(edge.tail in joints or not edge.turned for edge in graph.edges)


def test_ways_back_are_written_from_their_head() -> None:
    source = dot(build_graph(loops(60)))
    assert '\ts1 -> s1_to_back_3 [tooltip="→ C0" dir="back" weight="20"]' in source
    assert '\ts1_to_back_4 -> s1_to_back_5 [tooltip="→ C0" dir="none" weight="1"]' in source


def test_a_trunk_shows_a_run_from_where_it_came() -> None:
    caught = NamedTransition("T30", "T60", caught=True)
    highlight = Highlight({f"T{number}": "unreached" for number in range(61)}, {caught: 2}, {})
    graph = trunked(build_graph(far(60), highlight))
    between: list[Edge] = [
        edge for edge in graph.edges if edge.transition == NamedTransition(None, "T60", caught=True)
    ]
    assert [edge.taken for edge in between] == [0] * 30 + [2] * 29


@pytest.mark.parametrize("machine", [far(150), loops(150)], ids=["far", "loops"])
def test_graphviz_comes_to_an_end(machine: StateMachine) -> None:
    pytest.importorskip("pygraphviz", reason="no Graphviz")
    assert draw(machine, "svg").count(b'class="node"') > 150


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.lists(st.integers(0, 11), max_size=3), min_size=12, max_size=12), st.booleans())
def test_nothing_is_lost(targets: list[list[int]], inside: bool) -> None:
    states = {
        f"S{number}": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Catch": [{"ErrorEquals": ["E"], "Next": f"S{target}"} for target in heads[1:]],
            **({"Next": f"S{heads[0]}"} if heads else {"End": True}),
        }
        for number, heads in enumerate(targets)
    }
    definition = {"StartAt": "S0", "States": states}
    if inside:
        branch = {"Type": "Parallel", "Branches": [definition], "End": True}
        definition = {"StartAt": "P", "States": {"P": branch}}
    graph = build_graph(model(definition))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trunks, "ROOM", 0)
        shared = trunked(graph)
        dot(graph)
    assert ways(shared) == ways(graph)
    listed = [node.id for node in nodes(shared.items)]
    assert len(set(listed)) == len(listed)
    assert {end for edge in shared.edges for end in (edge.tail, edge.head)} <= set(listed)
