"""Tasks without a handler: all are reported before a run, with the code to add."""

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
    "Activity": 'or take it in your own worker: tasks.activity("{name}").get_task()',
    "LambdaFunction": "or use the function of a Lambda project: --lambda '{name}=app.py:lambda_handler', "
    "--sam template.yaml (integrations=[asltool.LambdaFunctions(...)])",
    "http:invoke": "or allow the request to be sent: --http (integrations=[asltool.HttpInvoke()])",
    "aws-sdk:s3": "or use a folder in place of S3: --s3 FOLDER (s3=FOLDER)",
    "states:startExecution": "or run the state machine that it starts: --machine NAME=FILE "
    "(integrations=[asltool.Executions({{NAME: machine}})])",
}
"""Alternatives by kind of work, or by service."""

_AWS = "or run it on AWS: --aws (integrations=[asltool.Aws()])"
"""The alternative for every other service integration."""


def check_handlers(machine: StateMachine, integrations: Sequence[Integration]) -> None:
    """Check that every task of a machine has an integration.

    A task whose function is computed during the run is checked then.

    Raises:
        NoHandler: some tasks do not; the error lists all of them.
    """
    missing = list(unknown_tasks(machine, integrations))
    if missing:
        raise no_handler(*missing, integrations=integrations)


def unknown_tasks(machine: StateMachine, integrations: Sequence[Integration]) -> Iterator[CallTask]:
    """Yield the tasks that no integration knows, as calls."""
    for task in machine.tasks:
        resource = task.resource
        invokes = resource.service == "lambda" and resource.name == "invoke"
        known = _known_input(task) if invokes else {}
        if invokes and not known:
            continue  # the function is known only during the run
        call = CallTask(task_id=0, state=task.name, resource=resource, input=known)
        if not is_known(integrations, call):
            yield call


def _known_input(task: Task) -> dict[str, Any]:
    """Return the part of a task's input that is known before the run: its function."""
    written = task.parameters if task.arguments is ABSENT else task.arguments
    function = written.get("FunctionName") if isinstance(written, dict) else None
    return {"FunctionName": function} if isinstance(function, str) and not is_expression(function) else {}


class _RefusingIntegration:
    """The last integration: it rejects every call, and says what to add."""

    def __init__(self, integrations: Sequence[Integration]) -> None:
        self._integrations = integrations

    def find(self, call: CallTask) -> Work | None:
        raise no_handler(call, integrations=self._integrations)


def complete(integrations: Sequence[Integration]) -> list[Integration]:
    """Return these integrations, followed by one that reports calls that none of them knows."""
    return [*integrations, _RefusingIntegration(integrations)]


def no_handler(*calls: CallTask, integrations: Sequence[Integration] = ()) -> NoHandler:
    """Return the error for these calls, with what to add; similar names are taken from the integrations."""
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
    """Return the short name of a call's target."""
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
    """Return a hint: why a template's function cannot be called, or a similar name."""
    name = _name(call)
    for each in integrations:
        others = getattr(each, "others", {})
        for known in (name, call.resource):
            if known in others:
                return f"function {quoted(known.strip('${}').removesuffix('.Arn'))} {others[known]}"
    names = [known for each in integrations for known in getattr(each, "names", ())]
    meant = near(name, names) or near(call.state, names)
    return "" if meant is None else f"did you mean the handler {quoted(meant)}?"


def _otherwise(calls: Sequence[CallTask]) -> Iterator[str]:
    """Yield the alternatives, once for each kind of work."""
    said = set()
    for call in calls:
        resource = call.resource
        kind = f"{resource.service}:{resource.name}" if resource.service else resource.events
        for hint in _hints(resource.service, kind):
            if hint not in said:
                said.add(hint)
                yield hint.format(name=_name(call))


def _hints(service: str, kind: str) -> Iterator[str]:
    if kind in _OTHERWISE:
        yield _OTHERWISE[kind]
    elif service:
        yield from (_OTHERWISE[service], _AWS) if service in _OTHERWISE else (_AWS,)
