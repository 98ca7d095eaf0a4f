"""Nested executions: ``states:startExecution``, which runs another state machine.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from asltool.driver.callbacks import Callbacks
from asltool.driver.jobs import LATER, Job, Later, Work
from asltool.driver.ports import StartExecution
from asltool.engine.effects import CallTask, Succeeded
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity
from asltool.engine.limits import too_large
from asltool.engine.program import Program
from asltool.expr.values import dumps, loads, shown
from asltool.integrations.calls import request_id
from asltool.integrations.execution_answers import (
    NestedExecution,
    input_text,
    outcome,
    parameters,
    refusal,
    response,
    starts_execution,
)
from asltool.syntax.arn import Arn, parse_arn
from asltool.syntax.json_faults import json_fault

__all__ = ["Executions", "Startable"]

_MACHINE = re.compile(r"stateMachine:([^:/]+)(?:[:/].*)?")

_NO_NAME = re.compile(r"^$|[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
"""Matches names that are invalid for an execution."""


class Startable(Protocol):
    """What an execution can be started from; `asltool.Machine` is one."""

    @property
    def name(self) -> str: ...
    @property
    def program(self) -> Program: ...


class Executions:
    """The `Integration` that runs nested state machines on the same clock with the same integrations.

    A machine is found by the StateMachineArn or its last part. Each execution has its own history and ARN.
    Within a run, a Name can be used only once.

    ``limits``: whether the service's limits apply to these executions.
    """

    def __init__(self, machines: Mapping[str, Startable], *, limits: bool = True) -> None:
        self._machines = dict(machines)
        self._limits = limits
        self._names: WeakKeyDictionary[Callbacks, set[str]] = WeakKeyDictionary()

    def find(self, call: CallTask) -> Work | None:
        return self._start if starts_execution(call) else None

    def knows(self, call: CallTask) -> bool:
        return self.find(call) is not None

    def _start(self, job: Job) -> Later:
        """Run the execution alongside its parent.

        Raises:
            TaskFailed: the service would refuse to start it.
        """
        call, pattern = job.call, job.call.resource.pattern
        nested = self._execution(job)

        def began() -> None:
            answer = response(call, nested.identity.execution_arn, nested.started_at)
            if pattern:
                job.begin(answer)
            else:
                job.report(Succeeded(answer))

        def ended() -> None:
            if pattern.startswith("sync"):
                job.report(outcome(_nested(call, nested), as_json=pattern == "sync:2"))

        job.report(StartExecution(nested, began, ended))
        return LATER

    def _execution(self, job: Job) -> Execution:
        call = job.call
        arn = shown(parameters(call)["StateMachineArn"])
        place = _place(arn)
        machine = self._machines.get(arn) or (place and self._machines.get(place.resource))
        if machine is None and not arn.startswith("arn:"):
            raise refusal(call, "InvalidArn", f"Invalid Arn: 'Invalid ARN prefix: {arn}'")
        if machine is None:
            raise refusal(call, "StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        identity, value = _identity(machine.name, place, call), self._value(call)
        names = self._names.setdefault(job.tokens, set())
        if identity.execution_arn in names:
            message = f"Execution Already Exists: '{identity.execution_arn}'"
            raise refusal(call, "ExecutionAlreadyExists", message)
        names.add(identity.execution_arn)
        seed = random.Random(identity.execution_arn).getrandbits(64)
        return Execution(machine.program, value, identity, seed, limits=self._limits)

    def _value(self, call: CallTask) -> Any:
        """Return the execution's input."""
        text = input_text(call)
        wrong = json_fault(text)
        if wrong is None:
            value = loads(text)
            if not (self._limits and too_large(value)):
                return value
            wrong = "it is larger than 256 KiB"
        raise refusal(call, "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{wrong}'")


def _place(text: str) -> Arn | None:
    """Return a state machine's ARN, its ``resource`` being the machine's name; None for an invalid ARN."""
    arn = parse_arn(text)
    named = _MACHINE.fullmatch(arn.resource) if arn is not None and arn.service == "states" else None
    return arn._replace(resource=named[1]) if arn is not None and named is not None else None


def _identity(machine: str, arn: Arn | None, call: CallTask) -> Identity:
    """Return the execution's identity, in the account and region of its machine or of its parent."""
    region, account = call.execution_arn.split(":")[3:5] if arn is None else (arn.region, arn.account)
    named = call.input.get("Name")
    name = request_id(call) if named is None else shown(named)
    if _NO_NAME.search(name):
        raise refusal(call, "InvalidName", f"Invalid Name: '{name}'")
    return Identity(
        name=name,
        state_machine=machine if arn is None else arn.resource,
        region=region,
        account=account,
    )


def _nested(call: CallTask, execution: Execution) -> NestedExecution:
    identity = execution.identity
    return NestedExecution(
        arn=identity.execution_arn,
        machine=identity.state_machine_arn,
        name=identity.name,
        input=input_text(call),
        started=execution.started_at,
        status=execution.status,
        stopped=execution.now,
        output=dumps(execution.output) if execution.status == "SUCCEEDED" else None,
        error=execution.error,
        cause=execution.cause,
    )
