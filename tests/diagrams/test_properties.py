"""Any machine can be drawn, whatever its states are called."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pygraphviz
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.diagrams import dot_edges
from asltool.diagrams.dot import dot
from asltool.diagrams.dot_edges import tagged
from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import DrawnStatus, Highlight, NamedTransition
from asltool.diagrams.hints import hints
from asltool.diagrams.labels import BROKEN, shorten, visible, wrap
from asltool.diagrams.mermaid import mermaid
from tests.diagrams.cases import model

MARKUP = [
    "<b>",
    "&amp;",
    '"',
    "\\",
    "\\N",
    "\\n",
    "\n",
    "$$",
    "%%{",
    "#35;",
    "]]>",
    "-->",
    "`",
    "|",
    "{x}",
    "1. ",
]
TEXT = st.lists(st.text(max_size=12) | st.sampled_from(MARKUP), max_size=6).map("".join)


@st.composite
def definitions(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    names = draw(st.lists(TEXT, min_size=1, max_size=4, unique=True))
    return {
        "StartAt": draw(st.sampled_from(names)),
        "States": {name: draw(states(names, depth)) for name in names},
    }


@st.composite
def states(draw: st.DrawFn, names: list[str], depth: int) -> dict[str, Any]:
    types = ["Pass", "Wait", "Task", "Choice", "Succeed", "Fail", *(("Parallel", "Map") if depth else ())]
    state: dict[str, Any] = {"Type": draw(st.sampled_from(types)), "Comment": draw(TEXT)}
    name = st.sampled_from(names)
    match state["Type"]:
        case "Choice":
            condition = st.fixed_dictionaries({"Variable": TEXT, "StringEquals": TEXT, "Next": name})
            return state | {
                "Choices": draw(st.lists(condition, min_size=1, max_size=6)),
                "Default": draw(name),
            }
        case "Succeed":
            return state
        case "Fail":
            return state | {"Error": draw(TEXT)}
        case "Wait":
            state |= {"SecondsPath": draw(TEXT)}
        case "Task":
            state |= {"Resource": draw(TEXT)}
        case "Map":
            state |= {"ItemProcessor": draw(definitions(depth - 1))}
        case "Parallel":
            state |= {"Branches": draw(st.lists(definitions(depth - 1), min_size=1, max_size=2))}
    if state["Type"] in ("Task", "Map", "Parallel"):
        catcher = st.fixed_dictionaries({"ErrorEquals": st.lists(TEXT, min_size=1, max_size=2), "Next": name})
        state |= {"Catch": draw(st.lists(catcher, max_size=2)), "Retry": [{"ErrorEquals": [draw(TEXT)]}]}
    return state | draw(st.just({"End": True}) | st.fixed_dictionaries({"Next": name}))


@st.composite
def highlights(draw: st.DrawFn, definition: dict[str, Any]) -> Highlight | None:
    names = st.sampled_from(list(definition["States"]))
    status: st.SearchStrategy[DrawnStatus] = st.sampled_from(
        ["succeeded", "failed", "caught", "unfinished", "unreached"]
    )
    steps = st.builds(NamedTransition, names, names | st.none(), st.booleans())
    counts = st.integers(1, 3)
    statuses, transitions = st.dictionaries(names, status), st.dictionaries(steps, counts)
    return draw(st.none() | st.builds(Highlight, statuses, transitions, st.dictionaries(names, counts)))


@given(st.data())
@settings(max_examples=60, derandomize=True, deadline=None)
def test_any_machine_is_drawn(data: st.DataObject) -> None:
    definition = data.draw(definitions())
    graph = build_graph(model(definition), data.draw(highlights(definition)))
    svg = pygraphviz.AGraph(string=dot(graph)).draw(format="svg", prog="dot")
    drawn = [group.get("class") for group in ElementTree.fromstring(svg).iter() if group.get("class")]
    lines = [
        line for beside in tagged(graph.edges).values() for line in dot_edges.lines(beside, {}, hints(graph))
    ]
    assert drawn.count("edge") == len(lines) >= len(graph.edges)
    for line in mermaid(graph).splitlines():
        assert len(re.findall('"', line)) in (0, 2) or line.startswith("%%{init"), line


@given(TEXT, st.integers(2, 20))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_breaking_text_loses_only_space(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(len(line) <= width for line in lines)
    joined = "".join(lines).replace(BROKEN, "")
    assert squeezed(joined) == squeezed("".join(map(visible, text.split("\n")))).replace(BROKEN, "")


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(TEXT, st.integers(2, 20))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_shortened_text_is_a_beginning(text: str, length: int) -> None:
    short = shorten(text, length)
    assert len(short) <= length
    assert short == text or (len(text) > length and text.startswith(short.removesuffix("…")))
