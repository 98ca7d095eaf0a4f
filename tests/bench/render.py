"""From a model to DOT, beside the same number of nodes and edges written with the bare graphviz library.

Run with ``python -m tests.bench.render``. Prints CPU time, the median of the rounds; for an SVG the time by
the clock, beside Graphviz alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import graphviz

from asltool.diagrams import draw
from asltool.diagrams.dot import dot
from asltool.diagrams.graph import Graph, build_graph
from asltool.diagrams.mermaid import mermaid
from asltool.diagrams.picture import picture
from asltool.syntax.condition import rule_of
from asltool.syntax.model import Catcher, Choice, ChoiceRule, Pass, Retrier, State, StateMachine, Task
from asltool.syntax.resource import Resource

STATES = 500
ROUNDS = 21

NAMES = [f"State {number}" for number in range(STATES)]
LAST = Pass(name=NAMES[-1], end=True)
CONDITION = {
    "And": [{"Variable": "$.total", "NumericGreaterThan": 100}, {"Variable": "$.a", "IsPresent": True}]
}


def chain() -> StateMachine:
    """Return tasks that are retried, one after the other."""
    return _machine(_task(number) for number in range(STATES - 1))


def web() -> StateMachine:
    """Return tasks with a Catcher each, and at every fifth place a Choice that may lead back."""
    return _machine(_choice(number) if number % 5 == 4 else _caught(number) for number in range(STATES - 1))


def far() -> StateMachine:
    """Return tasks with a Catcher each, which all lead to the last state."""
    return _machine(_caught(number) for number in range(STATES - 1))


def loops() -> StateMachine:
    """Return Choices that may each lead back to the first, between states that pass on."""
    return _machine(_loop(number) if number % 2 else _pass(number) for number in range(STATES - 1))


def _machine(states: Iterable[State]) -> StateMachine:
    return StateMachine(start_at=NAMES[0], states={state.name: state for state in (*states, LAST)})


def _task(number: int, **fields: Any) -> Task:
    return Task(
        name=NAMES[number],
        resource=Resource("arn:aws:states:::glue:startJobRun.sync"),
        next=NAMES[number + 1],
        retry=(Retrier(error_equals=("States.ALL",)),),
        **fields,
    )


def _caught(number: int) -> Task:
    return _task(number, catch=(Catcher(error_equals=("States.ALL",), next=LAST.name),))


def _choice(number: int) -> Choice:
    rules = (ChoiceRule(condition=rule_of(CONDITION), next=NAMES[number + 1]),)
    return Choice(name=NAMES[number], choices=rules, default=NAMES[number - 1])


def _loop(number: int) -> Choice:
    rules = (ChoiceRule(condition=rule_of(CONDITION), next=NAMES[number + 1]),)
    return Choice(name=NAMES[number], choices=rules, default=NAMES[0])


def _pass(number: int) -> Pass:
    return Pass(name=NAMES[number], next=NAMES[number + 1])


def bare(graph: Graph) -> str:
    """Return DOT with as many nodes and edges, each with a plain label."""
    drawing = graphviz.Digraph()
    for number in range(len(graph.items)):
        drawing.node(f"s{number}", label=f"State {number}")
    for edge in graph.edges:
        drawing.edge(edge.tail, edge.head, label="States.ALL")
    source: str = drawing.source
    return source


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median CPU time of a call."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        work()
        times.append((time.process_time_ns() - start) / 1e6)
    return statistics.median(times)


def compare(title: str, machine: StateMachine) -> None:
    graph = build_graph(machine)
    baseline = milliseconds(lambda: bare(graph))
    print(f"{title}: {len(graph.items)} nodes, {len(graph.edges)} edges; bare graphviz {baseline:.1f} ms")
    for name, work in {
        "model to DOT": lambda: dot(build_graph(machine)),
        "model to Mermaid": lambda: mermaid(build_graph(machine)),
    }.items():
        spent = milliseconds(work)
        each = 1000 * spent / STATES
        print(f"  {name:<17}{spent:6.1f} ms {each:6.1f} us a state {spent / baseline:5.2f} x bare")


def seconds(work: Callable[[], object]) -> float:
    """Return the median time of a call by the clock: Graphviz works in a process of its own."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def pictured(title: str, machine: StateMachine) -> None:
    source = dot(build_graph(machine))
    alone, whole = seconds(lambda: picture(source, "svg")), seconds(lambda: draw(machine, "svg"))
    print(f"{title}: model to SVG {whole:.2f} s, {whole / alone:.2f} x Graphviz alone")


if __name__ == "__main__":
    compare("a chain", chain())
    compare("a web", web())
    pictured("a chain", chain())
    pictured("a web", web())
    pictured("Catchers to one state", far())
    pictured("loops back to one state", loops())
