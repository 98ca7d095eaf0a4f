"""What a page carries: values in a table, texts that cannot break out of it, and a run in steps."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.diagrams.highlight import Highlight
from asltool.diagrams.page import MODULES, content, page
from asltool.diagrams.page.shared_values import Values
from asltool.errors import HistoryError
from asltool.expr.values import json_equal
from tests.diagrams.cases import load, machine, model

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


def value(values: Values, number: int) -> Any:
    """Read a value as the page does."""
    row = json.loads(json.dumps(values.rows[number]))
    if not isinstance(row, list):
        return row
    if isinstance(row[0], str):
        return json.loads(row[0])
    children = [value(values, child) for child in row[1:]]
    return children if row[0] == -1 else dict(zip(values.keys[row[0]], children, strict=True))


@given(st.lists(JSON, max_size=4))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_a_table_gives_back_what_it_was_given(given: list[Any]) -> None:
    values = Values()
    numbers = [values.add(each) for each in given]
    assert [value(values, number) for number in numbers] == given
    assert all(json_equal(value(values, values.read(json.dumps(each))), each) for each in given)


def test_equal_values_are_kept_once() -> None:
    values = Values()
    order = {"id": 1, "lines": [{"sku": "a"}, {"sku": "a"}]}
    first = values.add({"turn": 1, "order": order})
    rows = len(values.rows)
    assert values.add({"turn": 1, "order": order}) == first
    values.add({"turn": 2, "order": order})
    assert len(values.rows) == rows + 2


def test_true_is_not_one() -> None:
    values = Values()
    assert [value(values, values.add(each)) for each in (1, True, "1")] == [1, True, "1"]
    assert len(values.rows) == 3


def test_numbers_keep_their_digits() -> None:
    values = Values()
    assert [values.rows[values.add(each)] for each in (2**53 + 1, 1.0, 0.5)] == [
        ("9007199254740993",),
        ("1.0",),
        0.5,
    ]


def test_long_texts_and_lists_are_cut_where_there_is_no_room() -> None:
    values = Values(most=3)
    assert value(values, values.add("abcdef")) == "abc… 3 more left out"
    assert value(values, values.add([1, 2, 3, 4])) == [1, 2, 3, "… 1 more left out"]
    assert values.cut


def run(outputs: list[str]) -> Highlight:
    """Return the run of a loop that left this behind."""
    events: list[dict[str, Any]] = [{"id": 1, "type": "ExecutionStarted"}]
    for output in outputs:
        at = len(events)
        entered = {"id": at + 1, "previousEventId": at, "type": "PassStateEntered"}
        left = {"id": at + 2, "previousEventId": at + 1, "type": "PassStateExited"}
        events.append(entered | {"stateEnteredEventDetails": {"name": "A", "input": "{}"}})
        events.append(left | {"stateExitedEventDetails": {"name": "A", "output": output}})
    return Highlight.from_history(LOOP, events)


LOOP = model({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}})


def data(text: str) -> Any:
    """Return the JSON that a page carries."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_a_page_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "ROOM", 20_000)
    text = page(LOOP, run([json.dumps(f"{turn}{'x' * 1_000}") for turn in range(60)]))
    assert data(text)["cut"] == 200
    assert len(text) < len(page(LOOP)) + 40_000


def test_a_page_that_has_room_leaves_nothing_out() -> None:
    assert data(page(LOOP, run(['"text"'])))["cut"] is False


def test_no_text_breaks_out() -> None:
    name = "</script><script>alert(1)</script><!-- \u2028 {{script}} é😀"
    definition = {"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}
    text = page(model(definition), definition={"States": {name: {"Comment": "\ud800"}}}, title=name)
    assert text.encode()
    assert text.count("</script>") == 3
    assert "<title>&lt;/script&gt;" in text
    assert data(text)["nodes"][1]["title"] == name


def test_a_page_asks_for_nothing() -> None:
    text = page(machine("every_type"), definition=load("every_type.asl.json"))
    outside = set(re.findall(r"\b(?:https?:)?//[\w.-]+\.[a-z]+[^\s\"']*", text.replace(" // ", " ")))
    assert outside <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in text


def test_every_module_is_in_the_page() -> None:
    text = page(LOOP)
    assert all(f"const {name.removesuffix('.js')}_module =" in text for name in MODULES)
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)


def test_the_end_of_a_run_stops_what_was_running() -> None:
    history = load("order.history.json")["events"]
    told = data(page(machine("order"), Highlight.from_history(machine("order"), history)))
    names = [status[0] for status in told["statuses"]]
    flat = told["run"]["fates"]
    fates = [flat[at : at + 3] for at in range(0, len(flat), 3)]
    (stopped,) = [fate for fate in fates if names[fate[2]] == "stopped"]
    assert told["nodes"][stopped[1]]["title"] == "Each line"
    assert stopped[0] == len(history) - 1


def test_times_are_told_from_the_first_event() -> None:
    told = data(
        page(machine("orders"), Highlight.from_history(machine("orders"), load("orders.history.json")))
    )
    assert told["run"]["began"] == "2026-01-01T00:00:00.000+00:00"
    assert sum(told["run"]["moments"]) == 1000


@pytest.mark.parametrize("stamp", ["yesterday", [], True, -1, 1e300, "9999-01-01T00:00:00Z"])
def test_a_time_that_cannot_be_read(stamp: Any) -> None:
    events = [{"id": 1, "type": "ExecutionStarted", "timestamp": stamp}]
    with pytest.raises(HistoryError) as caught:
        page(LOOP, Highlight.from_history(LOOP, events))
    message = '"timestamp" has to be ISO 8601 or seconds since 1970'
    assert str(caught.value) == f"event 1 is not shaped as GetExecutionHistory gives it: {message}"
