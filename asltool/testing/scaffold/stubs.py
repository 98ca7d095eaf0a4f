"""The source of task handlers that return the task results of one explored run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.expr.values import loads
from asltool.history.calls import calls
from asltool.history.shape import details_of
from asltool.integrations.lambda_names import function_name
from asltool.machine import Machine
from asltool.syntax.model import Task
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.wording import listed
from asltool.testing.explore.scripts import Returns, Trial, first_answer, tasks_of
from asltool.testing.scaffold.input_types import InputTypes
from asltool.testing.scaffold.python_text import PythonNames, line_of, literal

__all__ = ["handlers_source"]


@dataclass
class _Stub:
    """A handler: the name it is registered by, the states that call it, their inputs, and what it returns."""

    name: str
    task: Task
    output: Any
    states: list[str] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)


def handlers_source(machine: Machine, file: str, trials: Sequence[Trial]) -> str:
    """Return a tasks file with a handler for every task of a machine.

    Args:
        file: the name of the machine's file, for the docstring.
        trials: the runs; the handlers return the outcomes of the first one.
    """
    names = PythonNames("Any", "NotRequired", "TypedDict", "annotations", "asltool", "tasks")
    types = InputTypes(names)
    stubs = _stubs(machine, trials)
    functions = ["\n".join(_function(stub, types, names)) for stub in stubs]
    typing = ["Any", *(["NotRequired"] if any("NotRequired[" in each for each in types.definitions) else [])]
    typing += ["TypedDict"] if types.definitions else []
    head = (
        f'"""Task handlers of {file}. Replace what they do, and what they return."""\n\n'
        "from __future__ import annotations\n\n"
        f"from typing import {', '.join(typing)}\n\nimport asltool\n\ntasks = asltool.Tasks()"
    )
    return "\n\n\n".join([head, *types.definitions, *functions]) + "\n"


def _stubs(machine: Machine, trials: Sequence[Trial]) -> list[_Stub]:
    inputs = _inputs(trials)
    found: dict[str, _Stub] = {}
    for task in tasks_of(machine.model):
        name = _registered(task)
        stub = found.setdefault(name, _Stub(name, task, _output(task, trials)))
        stub.states.append(task.name)
        stub.inputs += [_seen_by_handler(task, given) for given in inputs.get(task.name, ())]
    return list(found.values())


def _registered(task: Task) -> str:
    """Return the name to register a handler by: that of the function, or else of the state."""
    called = _function_of(task)
    return task.name if called is None else called


def _function_of(task: Task) -> str | None:
    """Return the name of the Lambda function that a task calls; None if it is known only at run time."""
    resource = task.resource
    if resource.events == "LambdaFunction" and not has_placeholder(resource):
        return function_name(resource)
    if not _invokes(task):
        return None
    for arguments in (task.parameters, task.arguments):
        name = arguments.get("FunctionName") if isinstance(arguments, dict) else None
        if isinstance(name, str) and not has_placeholder(name) and not name.startswith("{%"):
            return function_name(name)
    return None


def _invokes(task: Task) -> bool:
    """Return whether a task is ``lambda:invoke``, whose handler gets and returns the Payload."""
    return task.resource.service == "lambda"


def _inputs(trials: Sequence[Trial]) -> dict[str, list[Any]]:
    """Return the inputs with which tasks were called, by the names of their states."""
    found: dict[str, list[Any]] = {}
    for trial in trials:
        for call in calls(trial.run.history, "history"):
            details = details_of(call.scheduled)
            found.setdefault(call.state, []).append(loads(details.get("parameters", details.get("input"))))
    return found


def _seen_by_handler(task: Task, given: Any) -> Any:
    """Return the part of a task's input that the handler gets: of ``lambda:invoke`` the Payload."""
    return given.get("Payload", {}) if _invokes(task) and isinstance(given, dict) else given


def _output(task: Task, trials: Sequence[Trial]) -> Any:
    """Return the last result of a task, which ends a loop, from the first of these runs that has one."""
    scripts = (reversed(trial.script.answers.get(task.name, ())) for trial in trials)
    answers = (answer for script in scripts for answer in script)
    answer = next((each for each in answers if isinstance(each, Returns)), first_answer(task))
    if not _invokes(task) or task.resource.pattern == "waitForTaskToken":
        return answer.output
    return answer.output.get("Payload", {}) if isinstance(answer.output, dict) else {}


def _function(stub: _Stub, types: InputTypes, names: PythonNames) -> Iterator[str]:
    known = types.of(stub.name, stub.inputs)
    words = "State" if len(stub.states) == 1 else "States"
    yield f"@tasks.handler({literal(stub.name)})"
    yield f"def {names.function(stub.name)}(event: {known}, context: asltool.TaskContext) -> Any:"
    yield "    " + _docstring(f"{words} {listed(stub.states, 'and')}")
    if stub.task.resource.pattern == "waitForTaskToken":
        yield line_of("    context.send_task_success(", stub.output, ")")
        yield "    return {}"
    else:
        yield line_of("    return ", stub.output)


def _docstring(text: str) -> str:
    plain = text.isprintable() and not set(text) & {"\\"} and '"""' not in text
    return f'"""{text}."""' if plain else literal(text)
