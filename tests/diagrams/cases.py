"""The cases of this room, and definitions as models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asltool.diagrams.highlight import Highlight
from asltool.syntax.build import build
from asltool.syntax.model import StateMachine
from asltool.syntax.reader import read

CASES = Path(__file__).parent.parent / "cases" / "diagrams"
SHARED = Path(__file__).parent.parent.parent.parent / "shared"


def load(name: str) -> Any:
    return json.loads((CASES / name).read_text(encoding="utf-8"))


def model(definition: Mapping[str, Any]) -> StateMachine:
    machine = build(read(json.dumps(definition), "case"))
    assert machine is not None
    return machine


def machine(name: str) -> StateMachine:
    return model(load(f"{name}.asl.json"))


def run(name: str) -> Highlight:
    return Highlight.from_history(machine(name), load(f"{name}.history.json")["events"])
