"""Tasks without a handler: found before a run, all together, with what to write for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from asltool.driver.jobs import Integration, Work, parts
from asltool.engine.effects import CallTask
from asltool.errors import NoHandler
from asltool.expr.jsonata import is_expression
from asltool.integrations.integration import is_known
from asltool.integrations.lambda_invoke import invocation
from asltool.integrations.lambda_names import function_name
from asltool.syntax.model import ABSENT, StateMachine, Task
from asltool.syntax.wording import near, quoted

__all__ = ["check_handlers", "complete", "no_handler", "unknown_tasks"]

_OTHERWISE = {
    "Activity": 'or have a worker of your own take it: tasks.activity("{name}").get_task()',
    "LambdaFunction": "or name the function of a Lambda project: --lambda '{name}=app.py:lambda_handler', "
    "--sam template.yaml (integrations=[asltool.LambdaFunctions(...)])",
    "http:invoke": "or let the request be sent: --http (integrations=[asltool.HttpInvoke()])",
    "states:startExecution": "or run the state machine that it starts: --machine NAME=FILE "
    "(integrations=[asltool.Executions({{NAME: machine}})])",
}
"""What else helps, by the kind of work."""

_AWS = "or let AWS do it: --aws (integrations=[asltool.Aws()])"
"""What helps with every other integration of a service."""


def check_handlers(machine: StateMachine, integrations: Sequence[Integration]) -> None:
    """Refuse to run a machine while it has tasks that no integration does.

    A task whose function is computed during the run is found then.

    Raises:
        NoHandler: with all of them.
    """
    missing = list(unknown_tasks(machine, integrations))
    if missing:
        raise no_handler(*missing, integrations=integrations)


def unknown_tasks(machine: StateMachine, integrations: Sequence[Integration]) -> Iterator[CallTask]:
    """Yield the tasks that no integration knows, as the calls that they would be."""
    for task in machine.tasks:
        resource = task.resource
        invokes = resource.service == "lambda" and resource.name == "invoke"
        known = _known_input(task) if invokes else {}
        if invokes and not known:
            continue  # only the run shows which function is called
        call = CallTask(task_id=0, state=task.name, resource=resource, input=known)
        if not is_known(integrations, call):
            yield call


def _known_input(task: Task) -> dict[str, Any]:
    """Return what is known of a task's input before the run: the function that it names."""
    written = task.parameters if task.arguments is ABSENT else task.arguments
    function = written.get("FunctionName") if isinstance(written, dict) else None
    return {"FunctionName": function} if isinstance(function, str) and not is_expression(function) else {}


class _RefusingIntegration:
    """The integration to be asked last: it refuses every call, and says what to add."""

    def __init__(self, integrations: Sequence[Integration]) -> None:
        self._integrations = integrations

    def find(self, call: CallTask) -> Work | None:
        raise no_handler(call, integrations=self._integrations)


def complete(integrations: Sequence[Integration]) -> list[Integration]:
    """Return these integrations, and behind them one that says what is missing where they know nothing."""
    return [*integrations, _RefusingIntegration(integrations)]


def no_handler(*calls: CallTask, integrations: Sequence[Integration] = ()) -> NoHandler:
    """Return the error for these calls, with what to add; near names come from the integrations there are."""
    first, *others = calls
    hints = [_hint(call, list(parts(integrations))) for call in calls]
    lines = dict.fromkeys(map(_lines, calls))
    return NoHandler(
        first.resource,
        first.state,
        "\n\n".join([*lines, *_otherwise(calls)]),
        others=[(call.resource, call.state) for call in others],
        hints=hints,
    )


def _name(call: CallTask) -> str:
    """Return the short name of what a call is for."""
    invoked = invocation(call)
    return function_name(call.resource if invoked is None else invoked.arn)


def _lines(call: CallTask) -> str:
    name = _name(call)
    action = name.rpartition(":")[2].partition(".")[0]
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", action)
    function = "_".join(words).lower()
    function = function if function.isidentifier() else "task"
    return f'    @tasks.handler("{name}")\n    def {function}(event, context): ...'


def _hint(call: CallTask, integrations: Sequence[Integration]) -> str:
    """Return what else there is to say: why a function of a template is not called, or a near name."""
    name = _name(call)
    for each in integrations:
        others = getattr(each, "others", {})
        for known in (name, call.resource):
            if known in others:
                return f"function {quoted(known.strip('${}').removesuffix('.Arn'))} {others[known]}"
    names = [known for each in integrations for known in getattr(each, "names", ())]
    meant = near(name, names) or near(call.state, names)
    return "" if meant is None else f"there is a handler {quoted(meant)}: did you mean that?"


def _otherwise(calls: Sequence[CallTask]) -> Iterator[str]:
    """Yield what else helps, once for each kind of work."""
    said = set()
    for call in calls:
        resource = call.resource
        kind = f"{resource.service}:{resource.name}" if resource.service else resource.events
        hint = _OTHERWISE.get(kind, _AWS if resource.service else "")
        if hint and hint not in said:
            said.add(hint)
            yield hint.format(name=_name(call))
