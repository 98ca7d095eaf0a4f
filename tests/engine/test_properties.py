"""Any machine, stopped and loaded anywhere, goes on as if nothing had been; and does so every time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.engine import (
    CallTask,
    CancelTask,
    Effect,
    Execution,
    Failed,
    Identity,
    Outcome,
    Program,
    StartMapRun,
    Succeeded,
)
from asltool.machine import loads
from tests.engine.scripted import NOON

RETRY = [{"ErrorEquals": ["Busy"], "JitterStrategy": "FULL", "MaxAttempts": 2}]
LEAVES: list[dict[str, Any]] = [
    {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "in.$": "$"}, "Assign": {"seen.$": "$"}},
    {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"drawn": "{% $random() %}"}},
    {"Type": "Wait", "Seconds": 30},
    {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": RETRY, "ResultPath": "$.made"},
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "TimeoutSeconds": 20,
        "Retry": RETRY,
    },
    {
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "Items": [{"n": 1}, {"n": 2}],
        "ItemSelector": {"n": "{% $states.context.Map.Item.Value.n %}"},
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        },
        "Retry": RETRY,
    },
]


def compose(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lines = st.lists(children, min_size=1, max_size=3)
    parallel = st.lists(lines, min_size=1, max_size=3).map(
        lambda branches: {"Type": "Parallel", "lines": branches}
    )
    each = st.tuples(lines, st.integers(0, 3)).map(
        lambda found: {"Type": "Map", "lines": [found[0]], "MaxConcurrency": found[1]}
    )
    return parallel | each


PLANS = st.lists(st.recursive(st.sampled_from(LEAVES), compose, max_leaves=8), min_size=1, max_size=4)


def machine(plan: list[dict[str, Any]], names: Iterator[int]) -> dict[str, Any]:
    """Make a definition of the plan: its states in a line, every error caught at the line's end."""
    states: dict[str, Any] = {}
    for step in plan:
        number = next(names)
        state = {key: value for key, value in step.items() if key != "lines"}
        if "Assign" in state:
            state["Assign"] = {f"seen{number}.$": "$"}
        if step["Type"] == "Parallel":
            state["Branches"] = [machine(line, names) for line in step["lines"]]
        if step["Type"] == "Map" and "lines" not in step:
            inside = {"StartAt": f"E{number}", "States": {f"E{number}": {"Type": "Succeed"}}}
            state["ItemProcessor"] = {**state["ItemProcessor"], **inside}
        elif step["Type"] == "Map":
            state |= {"QueryLanguage": "JSONata", "Items": [1, 2, 3]}
            state["ItemProcessor"] = machine(step["lines"][0], names)
        states[f"S{number}"] = state
    order = list(states)
    end = f"S{next(names)}"
    for name, following in zip(order, [*order[1:], end], strict=True):
        states[name]["Next"] = following
        if states[name]["Type"] in ("Map", "Parallel"):
            states[name]["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": end}]
    states[end] = {"Type": "Succeed"}
    return {"StartAt": order[0], "States": states}


def outcome(call: CallTask | StartMapRun) -> Outcome | None:
    """Answer as the call's own words decide; None never comes."""
    draw = zlib.crc32(f"{call.state}/{call.task_id}".encode()) % 5
    if draw == 0 and isinstance(call, CallTask) and call.timeout_seconds is not None:
        return None
    return (
        Failed("Busy", "later")
        if draw == 1
        else Failed("Bad")
        if draw == 2
        else Succeeded({"by": call.state})
    )


def drive(program: Program, cut: Callable[[], bool], *, lean: bool = False) -> str:
    """Run to the end, dumping and loading wherever ``cut`` says so; return the history as text."""
    execution = Execution(program, {}, Identity(name="case"), seed=7)
    waiting = carry([], execution.start(NOON))
    while execution.status == "RUNNING":
        if cut():
            dumped = json.loads(json.dumps(execution.dump(definition=not lean)))
            execution = Execution.load(dumped, program if lean else None)
            waiting = carry([], execution.outstanding())
        answered = next((call for call in waiting if outcome(call) is not None), None)
        if answered is not None:
            waiting.remove(answered)
            told = outcome(answered)
            assert told is not None
            waiting = carry(waiting, execution.deliver(answered.task_id, told, execution.now))
        else:
            assert execution.wake_at is not None
            waiting = carry(waiting, execution.advance(execution.wake_at))
    return json.dumps(execution.history)


def carry(waiting: list[CallTask | StartMapRun], effects: list[Effect]) -> list[CallTask | StartMapRun]:
    """Return the calls that wait for an answer after these effects, in the order of their ids."""
    cancelled = {effect.task_id for effect in effects if isinstance(effect, CancelTask)}
    calls = [*waiting, *(effect for effect in effects if isinstance(effect, CallTask | StartMapRun))]
    return sorted((call for call in calls if call.task_id not in cancelled), key=lambda call: call.task_id)


@given(PLANS, st.randoms(use_true_random=False))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_run_cut_anywhere_is_the_same_run(plan: list[dict[str, Any]], chance: Any) -> None:
    program = loads(json.dumps(machine(plan, count()))).program
    whole = drive(program, lambda: False)
    assert drive(program, lambda: True) == whole
    assert drive(program, lambda: chance.random() < 0.3) == whole
    assert drive(program, lambda: chance.random() < 0.3, lean=True) == whole
