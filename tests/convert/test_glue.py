"""State machines for workflows of Glue run what Glue runs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool.convert.glue.firing import firing_of
from asltool.convert.glue.machine import imported
from asltool.convert.glue.workflow import END_STATES, GlueNode, Trigger, Workflow
from asltool.errors import DefinitionError, TaskFailed
from asltool.rules import validate
from asltool.syntax.reader import read
from tests.convert.glue_runs import Ends, node, on_glue, trigger

NAMES = ["a", "b", "c1", "d", "e", "c2"]


def handlers(ends: Ends, ran: list[str]) -> asltool.Tasks:
    """Return task handlers for jobs and crawlers that end like this."""
    tasks = asltool.Tasks()

    @tasks.handler("arn:aws:states:::glue:startJobRun.sync")
    def job(event: Any, context: Any) -> Any:
        ran.append(event["JobName"])
        state = ends[GlueNode("job", event["JobName"])]
        if state != "SUCCEEDED":
            raise TaskFailed("States.TaskFailed", json.dumps({"JobRunState": state}))
        return {"JobRunState": state}

    @tasks.handler("arn:aws:states:::aws-sdk:glue:startCrawler")
    def start(event: Any, context: Any) -> Any:
        ran.append(event["Name"])
        return {}

    looks: dict[str, int] = {}

    @tasks.handler("arn:aws:states:::aws-sdk:glue:getCrawler")
    def get(event: Any, context: Any) -> Any:
        looks[event["Name"]] = looks.get(event["Name"], 0) + 1
        if looks[event["Name"]] % 2:
            return {"Crawler": {"State": "RUNNING"}}
        return {
            "Crawler": {"State": "READY", "LastCrawl": {"Status": ends[GlueNode("crawler", event["Name"])]}}
        }

    return tasks


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Draw a workflow: any triggers on a few jobs and crawlers, circles included."""
    names = st.sampled_from(NAMES)
    triggers: list[Trigger] = []
    for number in range(draw(st.integers(1, 7))):
        actions = draw(st.lists(names, min_size=1, max_size=3, unique=True))
        conditions = []
        if number and draw(st.integers(0, 4)):
            for each in draw(st.lists(names, min_size=1, max_size=3)):
                states = END_STATES[node(each).kind]
                conditions.append((each, draw(st.sampled_from(("SUCCEEDED", *states)))))
        any_ = draw(st.booleans())
        triggers.append(trigger(f"t{number}", actions, *conditions, any_=any_))
    return Workflow("w", tuple(triggers))


ends = st.fixed_dictionaries(
    {node(each): st.sampled_from(("SUCCEEDED", *END_STATES[node(each).kind])) for each in NAMES}
)


@settings(derandomize=True, deadline=None, max_examples=120)
@given(workflows(), ends, st.data())
def test_a_state_machine_runs_what_glue_runs(workflow: Workflow, ends: Ends, data: st.DataObject) -> None:
    made = imported(workflow, {})
    machine = asltool.load(made.definition)
    assert validate(read(json.dumps(made.definition), "w.asl.json")) == []
    firing = firing_of(workflow)
    starts = list(dict.fromkeys(unit.trigger.name for unit in firing.units if unit.trigger.starts))
    start = data.draw(st.sampled_from(starts))
    expected = on_glue(firing, ends, start)
    ran: list[str] = []
    run = machine.run({"trigger": start}, tasks=handlers(ends, ran))
    keys = {unit.key: unit.action.node for unit in firing.units}
    assert sorted(ran) == sorted(keys[key].name for key in expected)
    handled = [unit.key for unit in firing.units if firing.handles(unit)]
    failed = [key for key, end in expected.items() if end != "SUCCEEDED" and key not in handled]
    assert run.status == ("FAILED" if failed else "SUCCEEDED"), run.error


def test_nothing_starts_it() -> None:
    with pytest.raises(DefinitionError, match='workflow "w" has no trigger that starts anything'):
        imported(Workflow("w", (trigger("t", ["a"], ("b", "SUCCEEDED")),)), {})
