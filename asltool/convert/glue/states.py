"""States for the steps of a workflow.

The data that passes through them is an object with the end of each job and crawler: ``{"extract":
"SUCCEEDED"}``. Where no trigger and no failure has to be decided, nothing is noted.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from asltool.convert.glue.firing import Firing, Unit
from asltool.convert.glue.plan import Gate, PlanStep, RunUnit, SideBySide, Switch
from asltool.convert.glue.workflow import GlueAction, GlueNode, Trigger, Workflow, labelled

__all__ = ["StateNames", "States", "string"]

_LONGEST = 80
"""Characters of a state's name."""

_POLL = 30
"""Seconds between two polls of a crawler."""


def string(text: str) -> str:
    """Return a JSONata string literal."""
    return json.dumps(text) if "'" in text or "\\" in text or not text.isprintable() else f"'{text}'"


@dataclass
class StateNames:
    """The names of states, which are unique in a machine."""

    taken: set[str] = field(default_factory=set)

    def take(self, name: str) -> str:
        shortened = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        numbered = (f"{shortened[: _LONGEST - 6]} {number}" for number in count(2))
        taken = shortened if shortened not in self.taken else next(x for x in numbered if x not in self.taken)
        self.taken.add(taken)
        return taken


class States:
    """Makes the states of one block: of a machine, or of a branch of a Parallel state.

    ``after`` is the state that follows the block; without it the block ends. With ``notes`` the end of each
    unit is noted. ``labels`` are what a template calls jobs and crawlers.
    """

    def __init__(
        self,
        firing: Firing,
        names: StateNames,
        workflow: Workflow,
        labels: Mapping[GlueNode, str],
        *,
        notes: bool,
        after: str | None = None,
    ) -> None:
        self.firing, self.names, self.workflow, self.labels = firing, names, workflow, labels
        self.notes, self.after = notes, after
        self.made: dict[str, Any] = {}
        self._exit: str | None = None
        self._start = ""

    def block(self, steps: Sequence[PlanStep]) -> dict[str, Any]:
        """Return a block: the name of its first state, and its states."""
        start = self._steps(steps, self.after)
        if self._exit is not None:
            self.made[self._exit] = {"Type": "Succeed"}
        return {"StartAt": start, "States": self.made}

    def _steps(self, steps: Sequence[PlanStep], after: str | None) -> str:
        names = [self._name(step) for step in steps]
        self._start = self._start or names[0]
        for step, name, following in zip(steps, names, [*names[1:], after], strict=True):
            if isinstance(step, RunUnit):
                failed = after if step.skips else following
                make = self._job if step.unit.action.node.kind == "job" else self._crawler
                make(step, name, following, failed)
            elif isinstance(step, SideBySide):
                self._parallel(step, name, following)
            else:
                gates = step.gates if isinstance(step, Switch) else (step,)
                self._choice(gates, name, following)
        return names[0]

    def _name(self, step: PlanStep) -> str:
        if isinstance(step, RunUnit):
            return self.names.take(step.unit.key)
        if isinstance(step, SideBySide):
            return self.names.take(" and ".join(_first(branch) for branch in step.branches))
        gates = step.gates if isinstance(step, Switch) else (step,)
        return self.names.take(f"If {' or '.join(gate.trigger.name for gate in gates)}")

    def _goes(self, following: str | None) -> dict[str, Any]:
        return {"End": True} if following is None else {"Next": following}

    def _jump(self, following: str | None) -> str:
        """Return where a Choice or a Catch goes; they need a state to end at."""
        if following is not None:
            return following
        if self._exit is None:
            self._exit = self.names.take(f"End of {self._start}")
        return self._exit

    # Jobs and crawlers

    def _job(self, run: RunUnit, name: str, following: str | None, failed: str | None) -> None:
        action = run.unit.action
        self.made[name] = {
            "Type": "Task",
            "Comment": self._comment(run.unit),
            "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Arguments": {"JobName": action.node.name, **action.request, **self._arguments(action)},
            **({"Output": self._noted(run.unit, "'SUCCEEDED'")} if self.notes else {}),
            **(self._catch(run.unit, failed) if run.caught else {}),
            **self._goes(following),
        }

    def _arguments(self, action: GlueAction) -> dict[str, Any]:
        """Return a job's arguments: the run properties, which it cannot look up, and its own arguments."""
        shared = {f"--{name}": f"{{% {_property(name)} %}}" for name in self.workflow.properties}
        own = action.request.get("Arguments", {})
        return {"Arguments": {**shared, **own}} if isinstance(own, dict) and (shared or own) else {}

    def _catch(self, unit: Unit, failed: str | None) -> dict[str, Any]:
        ended = "'FAILED'"
        if self.firing.handles(unit):
            cause = '/"JobRunState"\\s*:\\s*"(STOPPED|TIMEOUT)"/'
            found = f"$match($states.errorOutput.Cause, {cause}).groups"
            ended = f"($ended := {found}; $exists($ended) ? $ended[0] : 'FAILED')"
        return {
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Output": self._noted(unit, ended),
                    "Next": self._jump(failed),
                }
            ]
        }

    def _crawler(self, run: RunUnit, name: str, following: str | None, failed: str | None) -> None:
        """AWS has no ``.sync`` for crawlers: start it, then poll it every 30 seconds until it is ready."""
        node = run.unit.action.node
        wait, get, choice = (self.names.take(f"{word} {name}") for word in ("Wait for", "Get", "Check"))
        catch = self._catch(run.unit, failed) if run.caught else {}
        kept = {"Output": "{% $states.input %}"} if self.notes else {}
        crawler = "$states.result.Crawler"
        ended = f"{crawler}.State = 'READY' ? {crawler}.LastCrawl.Status : 'RUNNING'"
        sdk = "arn:aws:states:::aws-sdk:glue"
        self.made[name] = {
            "Type": "Task",
            "Comment": self._comment(run.unit),
            "Resource": f"{sdk}:startCrawler",
            "Arguments": {"Name": node.name},
            **kept,
            **catch,
            "Next": wait,
        }
        self.made[wait] = {"Type": "Wait", "Seconds": _POLL, "Next": get}
        self.made[get] = {
            "Type": "Task",
            "Resource": f"{sdk}:getCrawler",
            "Arguments": {"Name": node.name},
            "Output": self._noted(run.unit, f"({ended})") if self.notes else f"{{% {ended} %}}",
            **catch,
            "Next": choice,
        }
        self._ended(run, choice, wait, following, failed)

    def _ended(self, run: RunUnit, choice: str, wait: str, following: str | None, failed: str | None) -> None:
        """Make the Choice after a poll of a crawler."""
        state = self._state(run.unit) if self.notes else "$states.input"
        choices = [{"Condition": f"{{% {state} = 'RUNNING' %}}", "Next": wait}]
        fails = self.names.take(f"{run.unit.key} failed") if not run.caught else ""
        if run.skips or not run.caught:
            choices.append({"Condition": f"{{% {state} = 'SUCCEEDED' %}}", "Next": self._jump(following)})
        default = fails or self._jump(failed)
        self.made[choice] = {"Type": "Choice", "Choices": choices, "Default": default}
        if fails:
            cause = f"{{% {string(f'{run.unit.action.node} ended in state ')} & {state} %}}"
            self.made[fails] = {"Type": "Fail", "Error": "CrawlerFailed", "Cause": cause}

    def _noted(self, unit: Unit, ended: str) -> str:
        return f"{{% $merge([$states.input, {{{string(unit.key)}: {ended}}}]) %}}"

    def _state(self, unit: Unit) -> str:
        return f"$lookup($states.input, {string(unit.key)})"

    def _comment(self, unit: Unit) -> str:
        node = unit.action.node
        shown = labelled(str(node), node.name, self.labels.get(node, ""))
        triggers = (unit.trigger, *self.firing.same.get(unit.trigger, ()))
        return f"{shown}, started by {' or '.join(map(str, triggers))}"

    # Blocks

    def _parallel(self, fork: SideBySide, name: str, following: str | None) -> None:
        branches = []
        for branch in fork.branches:
            inner = States(self.firing, self.names, self.workflow, self.labels, notes=self.notes)
            branches.append(inner.block(branch))
        self.made[name] = {
            "Type": "Parallel",
            "Branches": branches,
            "Output": "{% $merge($states.result) %}",
            **self._goes(following),
        }

    def _choice(self, gates: Sequence[Gate], name: str, following: str | None) -> None:
        made: dict[str, Any] = {"Type": "Choice", "Comment": " or ".join(str(gate.trigger) for gate in gates)}
        self.made[name] = made
        made["Choices"] = [
            {
                "Condition": f"{{% {self._condition(gate.trigger)} %}}",
                "Next": self._steps(gate.steps, following),
            }
            for gate in gates
        ]
        made["Default"] = self._jump(following)

    def _condition(self, trigger: Trigger) -> str:
        if trigger.starts:
            return f"$trigger = {string(trigger.name)}"
        terms = []
        for watch in self.firing.watches[trigger]:
            each = " or ".join(f"{self._state(unit)} = {string(watch.state)}" for unit in watch.units)
            terms.append(f"({each})" if len(watch.units) > 1 else each)
        return (" or " if trigger.is_any else " and ").join(terms)


def _property(name: str) -> str:
    is_name = name.isascii() and name.isidentifier() and name not in ("and", "in", "or")
    return f"$runProperties.{name}" if is_name else f"$lookup($runProperties, {string(name)})"


def _first(steps: Sequence[PlanStep]) -> str:
    """Return the key of the first unit of a branch."""
    step = steps[0]
    while not isinstance(step, RunUnit):
        step = (
            step.branches[0][0]
            if isinstance(step, SideBySide)
            else (step.steps if isinstance(step, Gate) else step.gates[0].steps)[0]
        )
    return step.unit.key
