"""A history told by visits."""

from __future__ import annotations

from asltool.diagrams import draw
from asltool.diagrams.graph import Cluster, build_graph
from asltool.diagrams.highlight import Highlight
from asltool.history.story import Story
from tests.diagrams.cases import load, machine

ORDERS = Story(machine("orders"), load("orders.history.json"))


def test_a_state_has_a_visit_for_each_time_it_was_entered() -> None:
    told = [(visit.state.name, visit.iteration, visit.fate) for visit in ORDERS.visits]
    assert told == [
        ("Take orders", None, "succeeded"),
        ("Charge each", None, "caught"),
        ("Charge", 0, "succeeded"),
        ("Receipt", 0, "succeeded"),
        ("Charge", 1, "succeeded"),
        ("Receipt", 1, "succeeded"),
        ("Charge", 2, "failed"),
        ("Apologise", None, "succeeded"),
        ("Done", None, "succeeded"),
    ]
    assert {visit.around for visit in ORDERS.visits if visit.iteration is not None} == {ORDERS.visits[1]}
    assert ORDERS.ended


def test_attempts_and_errors_are_kept() -> None:
    charge = ORDERS.visits[4]
    assert [(each.error, each.cause) for each in charge.attempts] == [
        ("Payment.Busy", "try again"),
        (None, None),
    ]
    refused = ("Payment.Refused", "the card <b>expired</b>")
    assert [(visit.error, visit.cause) for visit in (ORDERS.visits[6], ORDERS.visits[1])] == [refused] * 2


def test_variables_are_seen_inside_a_map() -> None:
    assert {visit.variables.get("customer") for visit in ORDERS.visits} == {'"Ada"'}


def test_a_picture_counts_iterations_and_names_those_that_failed() -> None:
    highlight = Highlight.from_history(machine("orders"), load("orders.history.json"))
    (each,) = (
        item.node for item in build_graph(machine("orders"), highlight).items if isinstance(item, Cluster)
    )
    assert each.badge == "✓ 2 ✕ 1"
    assert each.tooltip.splitlines()[-1] == "failed iterations: 2"
    for form in ("dot", "mmd"):
        assert "✓ 2 ✕ 1" in draw(machine("orders"), form, highlight).decode()
