"""What to write where nobody does a task."""

from __future__ import annotations

import re

from asltool.engine.effects import CallTask
from asltool.engine.resources import parse_resource
from asltool.errors import NoHandler
from asltool.integrations.functions import function_name
from asltool.integrations.lambda_invoke import invocation

__all__ = ["no_handler"]

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


def no_handler(call: CallTask) -> NoHandler:
    """Return the error for a call that nobody does."""
    invoked = invocation(call)
    name = function_name(call.resource if invoked is None else invoked.arn)
    action = name.rpartition(":")[2].partition(".")[0]
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", action)
    function = "_".join(words).lower()
    function = function if function.isidentifier() else "task"
    lines = f'    @tasks.handler("{name}")\n    def {function}(event, context): ...'
    return NoHandler(call.resource, call.state, lines + _otherwise(call, name))


def _otherwise(call: CallTask, name: str) -> str:
    resource = parse_resource(call.resource)
    kind = f"{resource.service}:{resource.action.partition('.')[0]}" if resource.service else resource.events
    hint = _OTHERWISE.get(kind, _AWS if resource.service else "")
    return f"\n\n{hint.format(name=name)}" if hint else ""
