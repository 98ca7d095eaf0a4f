"""Microseconds an evaluation, beside bare Python written by hand that makes the same value.

``python -m tests.bench.payload``
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from asltool.engine.conditions import compile_condition
from asltool.expr.payload import compile_template, compile_value
from asltool.syntax.condition import rule_of
from tests.expr.world import World

RUNS = 15
TURNS = 20_000
LIMIT = 6.0  # microseconds for a template of ten reference paths

ORDER = {
    "id": "o-1",
    "i": 3,
    "customer": {"name": "Ada", "address": {"city": "London", "lines": ["1 Row", "2 Lane"]}},
    "items": [{"sku": "a", "price": 3}, {"sku": "b", "price": 4}],
}

TEMPLATE = {
    "id.$": "$.id",
    "i.$": "$.i",
    "customer.$": "$.customer",
    "name.$": "$.customer.name",
    "city.$": "$.customer.address.city",
    "line.$": "$.customer.address.lines[1]",
    "items.$": "$.items",
    "first.$": "$.items[0]",
    "sku.$": "$.items[1].sku",
    "price.$": "$['items'][1]['price']",
}


def bare_template(order: Any) -> dict[str, Any]:
    return {
        "id": order["id"],
        "i": order["i"],
        "customer": order["customer"],
        "name": order["customer"]["name"],
        "city": order["customer"]["address"]["city"],
        "line": order["customer"]["address"]["lines"][1],
        "items": order["items"],
        "first": order["items"][0],
        "sku": order["items"][1]["sku"],
        "price": order["items"][1]["price"],
    }


def bare_add(order: Any) -> int:
    return int(order["i"] + 1)


def bare_format(order: Any) -> str:
    return "{} in {}".format(order["customer"]["name"], order["customer"]["address"]["city"])


def bare_less(order: Any) -> bool:
    return bool(order["items"][1]["price"] < 10)


def microseconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    for _ in range(TURNS):
        work()
    return (time.perf_counter() - begin) / TURNS * 1e6


def compare(name: str, ours: Callable[..., Any], bare: Callable[[Any], Any]) -> float:
    """Time the two in turn, print medians, and return that of ours."""
    world = World()
    assert ours(ORDER, world) == bare(ORDER)
    pairs = [
        (microseconds(lambda: ours(ORDER, world)), microseconds(lambda: bare(ORDER))) for _ in range(RUNS + 1)
    ][1:]
    mine = statistics.median(a for a, _ in pairs)
    theirs = statistics.median(b for _, b in pairs)
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:<34} {mine:6.2f} us   bare Python {theirs:6.2f} us   {ratio:5.2f}x")
    return mine


def main() -> None:
    ten = compare("template of ten reference paths", compile_template(TEMPLATE), bare_template)
    compare("States.MathAdd($.i, 1)", compile_value("States.MathAdd($.i, 1)"), bare_add)
    text = "States.Format('{} in {}', $.customer.name, $.customer.address.city)"
    compare("States.Format of two paths", compile_value(text), bare_format)
    rule = {"Variable": "$.items[1].price", "NumericLessThan": 10}
    compare("NumericLessThan", compile_condition(rule_of(rule)), bare_less)
    if ten > LIMIT:
        raise SystemExit(f"a template of ten reference paths takes {ten:.2f} us; at most {LIMIT} are allowed")


if __name__ == "__main__":
    main()
