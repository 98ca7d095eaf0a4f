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
    from asltool.engine.clock import VirtualClock
    from asltool.engine.execution import Execution
    from asltool.errors import (
        AslToolError,
        DefinitionError,
        DumpError,
        EvaluationError,
        ExecutionFailed,
        ExecutionTimedOut,
        ExpressionError,
        InputError,
        MissingExtra,
        NoAnswer,
        NoHandler,
        RenderError,
        TaskFailed,
        TasksError,
    )
    from asltool.integrations.clock import RealClock
    from asltool.integrations.tasks import TaskContext, Tasks
    from asltool.machine import Machine, Run, load, loads, render
    from asltool.rules.aws import aws_diagnostics
    from asltool.rules.variable_references import variable_references
    from asltool.syntax.diagnostics import Diagnostic

__all__ = [
    "AslToolError",
    "DefinitionError",
    "Diagnostic",
    "DumpError",
    "EvaluationError",
    "Execution",
    "ExecutionFailed",
    "ExecutionTimedOut",
    "ExpressionError",
    "InputError",
    "Machine",
    "MissingExtra",
    "NoAnswer",
    "NoHandler",
    "RealClock",
    "RenderError",
    "Run",
    "TaskContext",
    "TaskFailed",
    "Tasks",
    "TasksError",
    "VirtualClock",
    "__version__",
    "aws_diagnostics",
    "load",
    "loads",
    "render",
    "variable_references",
]

_ROOMS = {
    "asltool.engine.clock": ("VirtualClock",),
    "asltool.engine.execution": ("Execution",),
    "asltool.integrations.clock": ("RealClock",),
    "asltool.integrations.tasks": ("TaskContext", "Tasks"),
    "asltool.machine": ("Machine", "Run", "load", "loads", "render"),
    "asltool.rules.aws": ("aws_diagnostics",),
    "asltool.rules.variable_references": ("variable_references",),
    "asltool.syntax.diagnostics": ("Diagnostic",),
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
