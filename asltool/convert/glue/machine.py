"""A state machine for a workflow of Glue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asltool.convert.glue.firing import Firing, Unit, firing_of
from asltool.convert.glue.plan import Gate, PlanStep, RunUnit, SideBySide, Switch, plan_of, waits
from asltool.convert.glue.states import StateNames, States, string
from asltool.convert.glue.workflow import GlueNode, Trigger, Workflow
from asltool.errors import DefinitionError
from asltool.syntax.wording import listed

__all__ = ["ConvertedWorkflow", "imported"]


@dataclass(frozen=True)
class ConvertedWorkflow:
    """A workflow's definition; ``starts`` are triggers that start it, ``notes`` say what is not in it.

    Where it matters which trigger starts the machine, ``input`` names that in the execution's input.
    """

    workflow: Workflow
    definition: Mapping[str, Any]
    starts: Sequence[Trigger]
    names_trigger: bool
    notes: Sequence[str]


def imported(workflow: Workflow, labels: Mapping[GlueNode, str]) -> ConvertedWorkflow:
    """Return the state machine for a workflow. ``labels`` are what a template calls jobs and crawlers.

    Raises:
        DefinitionError: nothing in it can run.
    """
    firing = firing_of(workflow)
    notes = [*workflow.notes, *firing.notes]
    if not firing.units:
        said = "".join(f"\n{note}" for note in notes)
        raise DefinitionError(f"{workflow} has no trigger that starts anything{said}")
    try:
        steps = plan_of(firing)
        definition, names_trigger = _definition(workflow, firing, steps, labels)
    except RecursionError:
        raise DefinitionError(f"{workflow} is nested too deeply") from None
    notes += [_more(unit, others) for unit, others in waits(firing, steps)]
    starts = [each for each in workflow.triggers if each.starts and each.actions]
    return ConvertedWorkflow(workflow, definition, starts, names_trigger, notes)


def _more(unit: Unit, others: Sequence[Unit]) -> str:
    names = listed([each.action.node.name for each in others], "and")
    message = f"{unit.action.node} also waits for {names}, since states are nested and triggers are not"
    return unit.trigger.said((), message)


def _definition(
    workflow: Workflow, firing: Firing, steps: Sequence[PlanStep], labels: Mapping[GlueNode, str]
) -> tuple[dict[str, Any], bool]:
    runs = list(_runs(steps))
    starts = list(dict.fromkeys(unit.trigger for unit in firing.units if unit.trigger.starts))
    notes = _decides(steps) or any(run.caught for run in runs)
    watched = [run.unit for run in runs if run.caught and not firing.handles(run.unit)]
    names = StateNames()
    has_jobs = any(unit.action.node.kind == "job" for unit in firing.units)
    properties = workflow.properties if has_jobs else {}
    first = names.take("Start") if notes or properties or len(starts) > 1 else None
    last = names.take("Did all succeed?") if watched else None
    made = States(firing, names, workflow, labels, notes=notes, after=last).block(steps)
    states = made["States"]
    if last is not None:
        states |= _last(watched, last, names)
    if first is not None:
        states = {first: _first(properties, starts, made["StartAt"], notes=notes), **states}
    definition = {
        "Comment": f"AWS Glue {workflow}" + (workflow.description and f": {workflow.description}"),
        "QueryLanguage": "JSONata",
        "StartAt": first or made["StartAt"],
        "States": states,
    }
    return definition, len(starts) > 1


def _runs(steps: Sequence[PlanStep]) -> Iterator[RunUnit]:
    for step in steps:
        if isinstance(step, RunUnit):
            yield step
        elif isinstance(step, SideBySide):
            for branch in step.branches:
                yield from _runs(branch)
        else:
            for gate in step.gates if isinstance(step, Switch) else (step,):
                yield from _runs(gate.steps)


def _decides(steps: Sequence[PlanStep]) -> bool:
    """Return whether triggers are decided by what has ended."""
    for step in steps:
        if isinstance(step, Gate | Switch):
            gates = step.gates if isinstance(step, Switch) else (step,)
            if any(not gate.trigger.starts or _decides(gate.steps) for gate in gates):
                return True
        elif isinstance(step, SideBySide) and any(map(_decides, step.branches)):
            return True
    return False


def _first(
    properties: Mapping[str, Any], starts: Sequence[Trigger], following: str, *, notes: bool
) -> dict[str, Any]:
    """Return the state that reads the execution's input."""
    assign = {}
    if properties:
        defaults = json.dumps(properties, ensure_ascii=False)
        assign["runProperties"] = f"{{% $merge([{defaults}, $states.input.runProperties]) %}}"
    if len(starts) > 1:
        given = "$states.input.trigger"
        default = next((each for each in starts if each.type == "ON_DEMAND"), starts[0])
        known = ", ".join(string(each.name) for each in starts)
        assign["trigger"] = f"{{% {given} in [{known}] ? {given} : {string(default.name)} %}}"
    return {
        "Type": "Pass",
        **({"Assign": assign} if assign else {}),
        **({"Output": {}} if notes else {}),
        "Next": following,
    }


def _last(watched: Sequence[Unit], name: str, names: StateNames) -> dict[str, Any]:
    """Return the states that fail the execution if a unit has failed for which no trigger waits."""
    keys = ", ".join(string(unit.key) for unit in watched)
    failed = f"[{keys}][$lookup($states.input, $) != 'SUCCEEDED']"
    fail, done = names.take("Some failed"), names.take("All succeeded")
    return {
        name: {
            "Type": "Choice",
            "Choices": [{"Condition": f"{{% $exists({failed}) %}}", "Next": fail}],
            "Default": done,
        },
        fail: {
            "Type": "Fail",
            "Error": "WorkflowFailed",
            "Cause": f"{{% 'did not succeed: ' & $join({failed}, ', ') %}}",
        },
        done: {"Type": "Succeed"},
    }
