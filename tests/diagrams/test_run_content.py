"""A run that is sent piece by piece is the run that is sent whole."""

from __future__ import annotations

from typing import Any

import pytest

from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import Highlight
from asltool.diagrams.page.content import content_of_run
from asltool.diagrams.page.run_content import RunContent
from asltool.syntax.model import StateMachine
from tests.diagrams.cases import CASES, load, machine
from tests.diagrams.test_page_content import value

RUNS = sorted(path.name.removesuffix(".history.json") for path in CASES.glob("*.history.json"))


def history(name: str) -> list[Any]:
    found = load(f"{name}.history.json")
    return list(found["events"] if isinstance(found, dict) else found)


def grown(machine: StateMachine, events: list[Any]) -> tuple[dict[str, Any], RunContent]:
    highlight = Highlight.from_history(machine, events)
    page, content = content_of_run(build_graph(machine), machine, highlight, None)
    assert content is not None
    content.set_mark()
    return page, content


def shown(run: dict[str, Any], values: Any) -> dict[str, Any]:
    """Return a run with its values in place of their numbers."""

    def of(number: int) -> Any:
        return None if number == -1 else value(values, number)

    visits = [
        [
            *row[:6],
            *map(of, row[6:10]),
            row[10],
            [[began, ended, of(failure)] for began, ended, failure in row[11]],
            row[12],
        ]
        for row in run["visits"]
    ]
    end = {**run["end"], **{name: of(run["end"][name]) for name in ("input", "output")}}
    return {**run, "visits": visits, "end": end}


def append(page: dict[str, Any], gained: dict[str, Any]) -> None:
    """Do what the page does with what is new."""
    run = page["run"]
    for name, part in gained.items():
        if name in ("values", "keys"):
            page[name] += part
        elif name == "visits":
            for number, row in sorted(part.items()):
                run["visits"][number : number + 1] = [row]
        elif isinstance(part, list):
            run[name] += part
        else:
            run[name] = part


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("step", [1, 7])
def test_pieces_make_the_whole(name: str, step: int) -> None:
    drawn, events = machine(name), history(name)
    _, content = grown(drawn, events)
    page, growing = grown(drawn, events[:step])
    page = {
        **page,
        "values": [*page["values"]],
        "keys": [*page["keys"]],
        "run": growing.whole(),
    }
    marks = [growing.mark]
    for begin in range(step, len(events), step):
        growing.story.extend(events[begin : begin + step])
        growing.extend()
        growing.set_mark()
        append(page, growing.since(marks[-1]))
        marks.append(growing.mark)
    assert page["values"] == growing.values.rows
    assert shown(page["run"], growing.values) == shown(content.whole(), content.values)
    assert growing.since(growing.mark)["visits"] == {}


def test_marks_that_were_never_set_are_refused() -> None:
    _, content = grown(machine("orders"), history("orders"))
    with pytest.raises(LookupError):
        content.since(content.mark + 1)
