"""Definitions from public repositories can be drawn, all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pygraphviz
import pytest

from asltool.diagrams import draw
from tests.diagrams.cases import SHARED, model


def definitions() -> Iterator[Any]:
    path = SHARED / "validation" / "real-world.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        item = json.loads(line)
        if item["label"] == "real-world" and item["definition"] is not None:
            yield pytest.param(item["definition"], id=item["id"])


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the corpus of definitions is not here")
@pytest.mark.parametrize("definition", list(definitions()))
def test_a_real_definition_is_drawn(definition: dict[str, Any]) -> None:
    machine = model(definition)
    assert draw(machine, "mmd").count(b"-->") >= len(machine.states)
    source = draw(machine, "dot").decode()
    svg = ElementTree.fromstring(pygraphviz.AGraph(string=source).draw(format="svg", prog="dot"))
    nodes = [group for group in svg.iter() if group.get("class") == "node"]
    assert len(nodes) > len(machine.states) - sum(bool(state.machines) for state in machine.states.values())
