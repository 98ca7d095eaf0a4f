"""State machines in Airflow 3: an operator that runs them, a sensor and a hook.

- ``operator``: `StateMachineOperator`, on the worker or on a server
- ``saved``: which saved execution a task goes on with
- ``hook``, ``protocol``: the calls to ``asltool serve``
- ``trigger``, ``sensor``: waiting for an execution of a server
- ``link``, ``task_log``: what people see of it in Airflow
- ``naming``: execution names made from runs of DAGs

Start at ``operator``.
"""

from __future__ import annotations

from importlib.util import find_spec

from asltool.errors import MissingExtra

if find_spec("airflow") is None:
    raise MissingExtra("asltool.airflow", "airflow")

from asltool.airflow.hook import StateMachineHook
from asltool.airflow.operator import StateMachineOperator
from asltool.airflow.sensor import StateMachineSensor
from asltool.airflow.trigger import ExecutionTrigger

__all__ = ["ExecutionTrigger", "StateMachineHook", "StateMachineOperator", "StateMachineSensor"]
