"""A definition with errors is drawn: what is wrong is marked at its place and listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import asltool
from asltool.cli import main
from asltool.diagrams import Format, draw
from asltool.diagrams.faults import faulty, findings
from asltool.diagrams.graph import Cluster, Graph, Node, build_graph
from asltool.errors import DefinitionError
from asltool.rules import validate
from asltool.syntax.build import build
from asltool.syntax.reader import read
from tests.diagrams.cases import CASES

BROKEN = CASES / "broken.asl.json"


def graph() -> Graph:
    with pytest.raises(DefinitionError) as caught:
        asltool.load(BROKEN)
    draft = caught.value.draft
    return build_graph(draft.model, faulty(draft.model, caught.value.diagnostics))


def nodes(drawn: Graph) -> list[Node]:
    found: list[Node] = []
    items = list(drawn.items)
    while items:
        item = items.pop(0)
        if isinstance(item, Cluster):
            found.append(item.node)
            items += item.items
        else:
            found.append(item)
    return found


def test_a_state_with_errors_is_marked_and_says_them() -> None:
    wrong = {
        node.title: (node.badge, node.tooltip.count("\n"))
        for node in nodes(graph())
        if node.status == "wrong"
    }
    assert {name: badge for name, (badge, _) in wrong.items()} == {
        "Check": "✕ 3 problems",
        "Charge": "✕ 3 problems",
        "Refund": "✕ 1 problem",
        "P": "✕ 2 problems",
        "In": "✕ 1 problem",
    }
    (refund,) = (node for node in nodes(graph()) if node.title == "Refund" and node.kind == "Task")
    assert refund.tooltip.splitlines()[-1] == '"Type" cannot be "Tsk". did you mean "Task"?'


def test_unknown_targets_are_ghosts_where_they_are_missing() -> None:
    drawn = graph()
    ghosts = {node.id: node.title for node in nodes(drawn) if node.kind == "Ghost"}
    assert sorted(ghosts.values()) == ["Chrage", "Gone", "Nope", "Refnd", "Refund"]
    sources = {ghosts[edge.head]: edge.transition.source for edge in drawn.edges if edge.head in ghosts}
    assert sources == {"Chrage": "Check", "Gone": "Check", "Nope": None, "Refnd": "Charge", "Refund": "In"}
    assert {edge.status for edge in drawn.edges if edge.head in ghosts} == {"wrong"}


def test_all_problems_are_listed() -> None:
    first, *rest = graph().notes
    assert first == "10 problems: this definition cannot be run"
    assert len(rest) == 10
    assert rest[-1] == (
        'In: line 5: state "Refund" is outside this machine, which no transition can leave. '
        "end the machine instead"
    )


@pytest.mark.parametrize("form", ["dot", "mmd", "svg", "html"])
def test_every_format_shows_them(form: Format, tmp_path: Path) -> None:
    target = tmp_path / f"broken.{form}"
    result = CliRunner().invoke(main, ["render", str(BROKEN), "-o", str(target)])
    assert result.exit_code == 1
    assert result.stderr.endswith(f"drawn with its errors: {target}\n")
    drawn = target.read_text(encoding="utf-8")
    assert "10 problems" in drawn
    assert "Chrage" in drawn


def test_what_holds_no_states_is_not_drawn(tmp_path: Path) -> None:
    source, target = tmp_path / "a.asl.json", tmp_path / "a.svg"
    source.write_text('{"StartAt": "A", "States": {}}', encoding="utf-8")
    result = CliRunner().invoke(main, ["render", str(source), "-o", str(target)])
    assert result.exit_code == 1
    assert not target.exists()


def test_anything_that_parses_is_drawn() -> None:
    """Values of wrong types stand for what is left out."""
    states = {"A": {"Type": "Choice", "Choices": [{}, 7], "Default": 3}, "B": 1, "C": {"Type": "Map"}}
    for start in ("A", 5, ""):
        with pytest.raises(DefinitionError) as caught:
            asltool.load({"StartAt": start, "States": states})
        draft = caught.value.draft
        highlight = faulty(draft.model, caught.value.diagnostics)
        assert b"label=<<TABLE" in draw(draft.model, "dot", highlight)
        assert b"flowchart TD" in draw(draft.model, "mmd", highlight)
        assert b"<!doctype html>" in draw(draft.model, "html", highlight)


def test_warnings_of_a_definition_that_runs_are_marked() -> None:
    rule = {"Variable": "$", "IsNull": True, "Next": "Done"}
    states = {"Kind": {"Type": "Choice", "Choices": [rule]}, "Done": {"Type": "Succeed"}}
    document = read(json.dumps({"StartAt": "Kind", "States": states}), "case")
    machine = build(document)
    assert machine is not None
    highlight = findings(machine, validate(document))
    assert highlight is not None
    found = {node.title: node for node in nodes(build_graph(machine, highlight))}
    assert (found["Kind"].status, found["Done"].status) == ("warned", None)
    message = 'Choice state "Kind" has no "Default" for the case that no rule matches'
    assert found["Kind"].tooltip.splitlines()[-1] == message
    assert highlight.summary is not None
    assert highlight.summary.rows == [(f"warning: {message}", "Kind")]
    assert findings(machine, []) is None
