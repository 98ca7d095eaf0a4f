"""Pictures: what is in an SVG, and who draws them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from asltool.diagrams import Format, draw, picture, write
from asltool.diagrams.labels import BROKEN
from asltool.errors import RenderError
from asltool.syntax.model import Parallel, StateMachine
from tests.diagrams.cases import machine, model, run

SVG = "{http://www.w3.org/2000/svg}"


def groups(svg: bytes, kind: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)
    return [group for group in root.iter(f"{SVG}g") if group.get("class") == kind]


def written(group: ElementTree.Element) -> str:
    """Return what is written in a group, lines joined, without spaces."""
    return squeezed("".join((text.text or "").removesuffix(BROKEN) for text in group.iter(f"{SVG}text")))


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\xa0", "")


@pytest.mark.parametrize("name", ["order", "every_type", "names"])
def test_a_picture_has_every_state_edge_and_cluster(name: str) -> None:
    drawn = machine(name)
    svg = draw(drawn, "svg")
    states = [state for inner in drawn.walk() for state in inner.states.values()]
    shown = [written(group) for kind in ("node", "cluster") for group in groups(svg, kind)]
    for state in states:
        assert any(squeezed(state.name.replace("\t", "␉")) in text for text in shown), state.name
    assert len(groups(svg, "cluster")) == sum(bool(state.machines) for state in states)
    dashed = [group for group in groups(svg, "edge") if "stroke-dasharray" in _path(group).attrib]
    # Each is two lines: to the names of the errors, and from there.
    assert len(dashed) == 2 * _caught(drawn)


def _path(group: ElementTree.Element) -> ElementTree.Element:
    return next(group.iter(f"{SVG}path"))


def _caught(drawn: StateMachine) -> int:
    """Return how many pairs of states Catchers join."""
    return len(
        {
            (state.name, way.target)
            for inner in drawn.walk()
            for state in inner.states.values()
            for way in state.transitions()
            if way.kind == "Catch"
        }
    )


def test_a_run_colours_what_it_came_by() -> None:
    svg = draw(machine("order"), "svg", run("order"))
    strokes = {written(group): _path_or_polygon(group).get("stroke") for group in groups(svg, "node")}
    assert strokes["Lambda↻×1Validateorder"] == "#1d8102"  # noqa: RUF001
    assert strokes["Lambda↻2Chargecard"] == "#d13212"
    assert strokes["SNSpublishSendreceipt"] == "#d0d7de"
    (fulfil,) = (group for group in groups(svg, "cluster") if written(group) == "ParallelFulfil")
    assert _path(fulfil).get("stroke") == "#e07700"
    labels = sorted(text for text in map(written, groups(svg, "node")) if text.startswith("×"))  # noqa: RUF001
    assert labels == ["×2", "×3", "×3", "×3"]  # noqa: RUF001


def _path_or_polygon(group: ElementTree.Element) -> ElementTree.Element:
    return next((element for element in group.iter() if element.get("stroke")), group)


@pytest.mark.parametrize(("form", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_every_picture_is_the_same_each_time(form: Format, start: bytes) -> None:
    first, second = (draw(machine("every_type"), form) for _ in range(2))
    assert first.startswith(start)
    assert first == second


def test_a_pdf_has_no_date() -> None:
    assert b"CreationDate (D:19700101000000" in draw(machine("every_type"), "pdf")


def test_the_ending_is_the_format_in_capitals_too(tmp_path: Path) -> None:
    write(machine("order"), tmp_path / "order.SVG")
    assert (tmp_path / "order.SVG").read_bytes() == draw(machine("order"), "svg")


def fake_dot(folder: Path, script: str) -> None:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_dot_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_dot(tmp_path, 'echo "$@"; cat')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert picture.picture("digraph { é }", "png").decode() == "-Tpng -Gdpi=144\ndigraph { é }"


def test_what_graphviz_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_dot(tmp_path, "echo 'syntax error in line 1' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(RenderError) as caught:
        picture.picture("digraph {", "svg")
    assert str(caught.value) == "Graphviz could not draw the SVG: syntax error in line 1"


def test_without_graphviz_both_ways_to_get_it_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    with pytest.raises(RenderError) as caught:
        draw(machine("order"), "svg")
    assert str(caught.value) == (
        'drawing SVG needs Graphviz. install it, with "dot" on the PATH, '
        'or pygraphviz:  pip install "asltool[diagrams]"'
    )


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    draw(machine("order"), "svg")
    assert capfd.readouterr() == ("", "")


def choice(rules: int, **targets: str) -> StateMachine:
    """Return a Choice of so many rules, each to a state of its own or to the one in ``targets``."""
    names = [targets.get(f"r{number}", f"R{number}") for number in range(1, rules + 1)]
    choices = [{"Variable": "$.a", "NumericEquals": at, "Next": name} for at, name in enumerate(names)]
    ends = [name for name in (*names, "D") if name not in ("Begin", "Choice")]
    states = {
        "Begin": {"Type": "Pass", "Next": "Choice"},
        "Choice": {"Type": "Choice", "Choices": choices, "Default": targets.get("default", "D")},
        **{name: {"Type": "Pass", "End": True} for name in reversed(ends)},
    }
    return model({"StartAt": "Begin", "States": states})


@pytest.mark.parametrize(
    "drawn",
    [choice(2), choice(5), choice(3, r2="Begin"), choice(3, default="Begin"), choice(3, r1="Choice")],
    ids=["two", "five", "loop in the middle", "loop of the Default", "loop to itself"],
)
@pytest.mark.parametrize("inside", [False, True])
def test_rules_stand_in_their_order_the_default_last(drawn: StateMachine, inside: bool) -> None:
    if inside:
        branch = Parallel(name="P", branches=(drawn,), end=True)
        drawn = StateMachine(start_at="P", states={"P": branch})
    texts = [text for group in groups(draw(drawn, "svg"), "node") for text in group.iter(f"{SVG}text")]
    rules = {
        float(each.get("x", "")): squeezed(each.text or "") for each in texts if each.get("y") == _row(texts)
    }
    found = [rules[x] for x in sorted(rules)]
    assert found == [*(f"{at + 1}.$.a=={at}" for at in range(len(found) - 1)), "Default"]
    assert len(found) >= 3


def _row(texts: list[ElementTree.Element]) -> str | None:
    return next(each.get("y") for each in texts if each.text == "Default")


def test_branches_begin_at_the_same_height() -> None:
    passing = {"Type": "Pass", "End": True}
    long = {f"L{number}": {"Type": "Pass", "Next": f"L{number + 1}"} for number in range(6)}
    branches = [
        {"StartAt": "A", "States": {"A": passing}},
        {"StartAt": "L0", "States": {**long, "L6": passing}},
        {"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "C"}, "C": passing}},
    ]
    drawn = model({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": branches, "End": True}}})
    heights = {
        written(group): [text.get("y") for text in group.iter(f"{SVG}text")]
        for group in groups(draw(drawn, "svg"), "node")
    }
    assert heights["PassA"] == heights["PassL0"] == heights["PassB"]
