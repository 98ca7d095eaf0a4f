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

from asltool import errors
from asltool._version import __version__ as __version__
from asltool.errors import *  # noqa: F403

if TYPE_CHECKING:
    from asltool.driver.clock import RealClock as RealClock
    from asltool.driver.clock import VirtualClock as VirtualClock
    from asltool.driver.jobs import Job as Job
    from asltool.engine.execution import Execution as Execution
    from asltool.integrations.aws import Aws as Aws
    from asltool.integrations.connections import Connections as Connections
    from asltool.integrations.executions import Executions as Executions
    from asltool.integrations.handler import TaskContext as TaskContext
    from asltool.integrations.http_invoke import HttpInvoke as HttpInvoke
    from asltool.integrations.integration import integration as integration
    from asltool.integrations.lambda_endpoint import LambdaEndpoint as LambdaEndpoint
    from asltool.integrations.lambda_project import LambdaFunction as LambdaFunction
    from asltool.integrations.lambda_project import LambdaFunctions as LambdaFunctions
    from asltool.integrations.map_runs import MapRuns as MapRuns
    from asltool.integrations.mock_config import MockConfig as MockConfig
    from asltool.integrations.node_function import NodeFunction as NodeFunction
    from asltool.integrations.recording import Recorder as Recorder
    from asltool.integrations.replay import Replay as Replay
    from asltool.integrations.scripted import Mocks as Mocks
    from asltool.integrations.scripted import MockTask as MockTask
    from asltool.integrations.tasks import Tasks as Tasks
    from asltool.machine import Machine as Machine
    from asltool.machine import load as load
    from asltool.machine import loads as loads
    from asltool.machine import render as render
    from asltool.rules.analysis.variable_references import variable_references as variable_references
    from asltool.rules.aws import aws_diagnostics as aws_diagnostics
    from asltool.rules.sources import validate as validate
    from asltool.run import Run as Run
    from asltool.service.single_state import StateTest as StateTest
    from asltool.service.single_state import test_state as test_state
    from asltool.store.checkpoint import Checkpoints as Checkpoints
    from asltool.syntax.diagnostics import Diagnostic as Diagnostic
else:  # A type checker reads the imports above; nothing is imported before it is used.
    _LAZY = {
        "Aws": "asltool.integrations.aws",
        "Checkpoints": "asltool.store.checkpoint",
        "Connections": "asltool.integrations.connections",
        "Diagnostic": "asltool.syntax.diagnostics",
        "Execution": "asltool.engine.execution",
        "Executions": "asltool.integrations.executions",
        "HttpInvoke": "asltool.integrations.http_invoke",
        "Job": "asltool.driver.jobs",
        "LambdaFunction": "asltool.integrations.lambda_project",
        "LambdaEndpoint": "asltool.integrations.lambda_endpoint",
        "LambdaFunctions": "asltool.integrations.lambda_project",
        "Machine": "asltool.machine",
        "MapRuns": "asltool.integrations.map_runs",
        "MockConfig": "asltool.integrations.mock_config",
        "MockTask": "asltool.integrations.scripted",
        "Mocks": "asltool.integrations.scripted",
        "NodeFunction": "asltool.integrations.node_function",
        "RealClock": "asltool.driver.clock",
        "Recorder": "asltool.integrations.recording",
        "Replay": "asltool.integrations.replay",
        "Run": "asltool.run",
        "StateTest": "asltool.service.single_state",
        "TaskContext": "asltool.integrations.handler",
        "Tasks": "asltool.integrations.tasks",
        "VirtualClock": "asltool.driver.clock",
        "aws_diagnostics": "asltool.rules.aws",
        "integration": "asltool.integrations.integration",
        "load": "asltool.machine",
        "loads": "asltool.machine",
        "render": "asltool.machine",
        "test_state": "asltool.service.single_state",
        "validate": "asltool.rules.sources",
        "variable_references": "asltool.rules.analysis.variable_references",
    }

    __all__ = ["__version__"]
    __all__ += errors.__all__
    __all__.extend(_LAZY)
    __all__.sort()

    def __getattr__(name: str) -> Any:
        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_LAZY[name]), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LAZY})
