"""asltool: check, run and draw AWS Step Functions state machines on your own machine.

::

    import asltool

    machine = asltool.load("samples/etl/etl.asl.json")
    tasks = asltool.Tasks()

    @tasks.handler("validate-data")
    def validate_data(event, context): ...

    run = machine.run({"file": "orders.csv"}, tasks=tasks)
    asltool.render(machine, "etl.svg", run=run)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import asltool.render  # noqa: F401
from asltool._version import __version__

if TYPE_CHECKING:
    from asltool.driver.clock import RealClock, VirtualClock
    from asltool.engine.execution import Execution
    from asltool.errors import (
        AslToolError,
        CallbackError,
        CaseError,
        CoverageError,
        DefinitionError,
        DumpError,
        EvaluationError,
        ExecutionFailed,
        ExecutionTimedOut,
        ExpressionError,
        InputError,
        InvalidOutput,
        InvalidToken,
        MissingExtra,
        MockError,
        NoAnswer,
        NoHandler,
        RenderError,
        RequestError,
        TaskFailed,
        TasksError,
        TaskTimedOut,
        WriteError,
    )
    from asltool.integrations.aws import Aws
    from asltool.integrations.connections import Connections
    from asltool.integrations.context import TaskContext
    from asltool.integrations.executions import Executions
    from asltool.integrations.http_invoke import HttpInvoke
    from asltool.integrations.jobs import Job, integration
    from asltool.integrations.lambda_project import LambdaFunction, LambdaFunctions
    from asltool.integrations.mock_config import MockConfig
    from asltool.integrations.recording import Recorder
    from asltool.integrations.replay import Replay
    from asltool.integrations.scripted import Mocks, MockTask
    from asltool.integrations.tasks import Tasks
    from asltool.machine import Machine, load, loads, render
    from asltool.rules.analysis.variable_references import variable_references
    from asltool.rules.aws import aws_diagnostics
    from asltool.run import Run
    from asltool.syntax.diagnostics import Diagnostic
    from asltool.testing.single_state import StateTest, test_state

__all__ = [
    "AslToolError",
    "Aws",
    "CallbackError",
    "CaseError",
    "Connections",
    "CoverageError",
    "DefinitionError",
    "Diagnostic",
    "DumpError",
    "EvaluationError",
    "Execution",
    "ExecutionFailed",
    "ExecutionTimedOut",
    "Executions",
    "ExpressionError",
    "HttpInvoke",
    "InputError",
    "InvalidOutput",
    "InvalidToken",
    "Job",
    "LambdaFunction",
    "LambdaFunctions",
    "Machine",
    "MissingExtra",
    "MockConfig",
    "MockError",
    "MockTask",
    "Mocks",
    "NoAnswer",
    "NoHandler",
    "RealClock",
    "Recorder",
    "RenderError",
    "Replay",
    "RequestError",
    "Run",
    "StateTest",
    "TaskContext",
    "TaskFailed",
    "TaskTimedOut",
    "Tasks",
    "TasksError",
    "VirtualClock",
    "WriteError",
    "__version__",
    "aws_diagnostics",
    "integration",
    "load",
    "loads",
    "render",
    "test_state",
    "variable_references",
]

_ROOMS = {
    "asltool.driver.clock": ("RealClock", "VirtualClock"),
    "asltool.engine.execution": ("Execution",),
    "asltool.integrations.aws": ("Aws",),
    "asltool.integrations.connections": ("Connections",),
    "asltool.integrations.context": ("TaskContext",),
    "asltool.integrations.executions": ("Executions",),
    "asltool.integrations.http_invoke": ("HttpInvoke",),
    "asltool.integrations.jobs": ("Job", "integration"),
    "asltool.integrations.lambda_project": ("LambdaFunction", "LambdaFunctions"),
    "asltool.integrations.mock_config": ("MockConfig",),
    "asltool.integrations.recording": ("Recorder",),
    "asltool.integrations.replay": ("Replay",),
    "asltool.integrations.scripted": ("MockTask", "Mocks"),
    "asltool.integrations.tasks": ("Tasks",),
    "asltool.machine": ("Machine", "load", "loads", "render"),
    "asltool.run": ("Run",),
    "asltool.rules.aws": ("aws_diagnostics",),
    "asltool.rules.analysis.variable_references": ("variable_references",),
    "asltool.syntax.diagnostics": ("Diagnostic",),
    "asltool.testing.single_state": ("StateTest", "test_state"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}

# The room "render" and the function share a name. A room takes its name when it is first imported, which has
# happened above; from here on the name is the function's.
del globals()["render"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import asltool`` itself costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "asltool.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
