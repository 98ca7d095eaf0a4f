"""Whole drawings, as texts. ``python -m tests.diagrams.test_drawings`` writes them anew."""

from __future__ import annotations

import pytest

from asltool.diagrams import Format, draw, write
from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import Highlight
from asltool.errors import RenderError
from tests.diagrams.cases import CASES, machine, model, run

LEGENDS = {"every_type": True}
"""Drawings that are asked for with a legend; one of a run has it unasked."""

DRAWINGS: dict[str, tuple[str, Highlight | None]] = {
    "every_type": ("every_type", None),
    "names": ("names", None),
    "order": ("order", None),
    "order_run": ("order", run("order")),
}
TEXTS: tuple[Format, ...] = ("dot", "mmd")


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("name", list(DRAWINGS))
def test_it_is_drawn_as_before(name: str, form: Format) -> None:
    definition, highlight = DRAWINGS[name]
    expected = (CASES / f"{name}.{form}").read_bytes()
    assert draw(machine(definition), form, highlight, legend=LEGENDS.get(name)) == expected


@pytest.mark.parametrize("form", TEXTS)
def test_a_legend_is_for_drawings_with_something_laid_over_them(form: Format) -> None:
    plain, shown = machine("order"), run("order")
    word = b">Task " if form == "dot" else b"legend_"
    assert word not in draw(plain, form)
    assert word not in draw(plain, form, shown, legend=False)
    assert word in draw(plain, form, shown)
    assert word in draw(plain, form, legend=True)


def test_a_machine_that_never_ends_has_no_end() -> None:
    graph = build_graph(model({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}))
    assert [item.id for item in graph.items if not hasattr(item, "items")] == ["start", "s1"]


def test_a_transition_to_nowhere_is_an_error() -> None:
    with pytest.raises(RenderError) as caught:
        build_graph(model({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}))
    assert str(caught.value) == 'there is no state "B" for "A" to lead to'


@pytest.mark.parametrize("name", ["out", "out.gif", "out.svg.bak", ".svg"])
def test_an_unknown_ending_is_an_error(name: str) -> None:
    with pytest.raises(RenderError) as caught:
        write(machine("order"), name)
    ending = name[name.rindex(".", 1) :] if "." in name[1:] else ""
    assert str(caught.value) == (
        f'unknown format "{ending}": "{name}". expected one of .svg, .png, .pdf, .html, .dot, .mmd'
    )


def main() -> None:
    for name, (definition, highlight) in DRAWINGS.items():
        for form in TEXTS:
            drawn = draw(machine(definition), form, highlight, legend=LEGENDS.get(name))
            (CASES / f"{name}.{form}").write_bytes(drawn)


if __name__ == "__main__":
    main()
