"""State machines in Airflow 3: an operator that runs them, a sensor and a hook.

- ``operator``: `StateMachineOperator`, on the worker or on a server
- ``saved``, ``naming``: which saved execution a task continues, and its name
- ``hook``, ``protocol``: the calls to ``asltool serve``
- ``trigger``, ``sensor``: waiting for an execution of a server
- ``task_log``, ``drawing``, ``link``, ``plugin``: the log lines, diagrams and links in Airflow

Start at ``operator``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from asltool.errors import MissingExtra

if TYPE_CHECKING:
    from asltool.airflow.hook import StateMachineHook
    from asltool.airflow.operator import StateMachineOperator
    from asltool.airflow.sensor import StateMachineSensor
    from asltool.airflow.trigger import ExecutionTrigger

__all__ = ["ExecutionTrigger", "StateMachineHook", "StateMachineOperator", "StateMachineSensor"]

_HOMES = {
    "ExecutionTrigger": "trigger",
    "StateMachineHook": "hook",
    "StateMachineOperator": "operator",
    "StateMachineSensor": "sensor",
}

try:
    import_module("airflow.sdk")
except ImportError as problem:
    raise MissingExtra("asltool.airflow", "airflow") from problem


def __getattr__(name: str) -> Any:
    # Every process of Airflow imports this package, to load the plugin.
    if name in _HOMES:
        return getattr(import_module(f"asltool.airflow.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
