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
from asltool.engine.effects import CallTask, Failed, Outcome, Succeeded
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity
from asltool.engine.limits import too_large
from asltool.engine.program import Program
from asltool.errors import TaskFailed
from asltool.expr.values import dumps, loads, shown
from asltool.integrations.calls import request_id
from asltool.integrations.parameters import check_fields, parameters_of, unusable
from asltool.integrations.sdk_response import sdk_response
from asltool.syntax.arn import Arn, parse_arn
from asltool.syntax.json_faults import json_fault

__all__ = ["Executions", "Startable"]

_MACHINE = re.compile(r"stateMachine:([^:/]+)(?:[:/].*)?")

_NO_NAME = re.compile(r"^$|[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
"""What makes a text unfit to be an execution's name."""


class Startable(Protocol):
    """What an execution is started of; `asltool.Machine` is one."""

    @property
    def name(self) -> str: ...
    @property
    def program(self) -> Program: ...


class Executions:
    """The `Integration` that runs state machines inside others: on the same clock, by the same integrations.

    A machine is found by the last part of the StateMachineArn or by the whole of it. An execution has a
    history and an ARN of its own. Within a run a Name can be used once.

    ``limits``: whether the service's limits hold for these executions.
    """

    def __init__(self, machines: Mapping[str, Startable], *, limits: bool = True) -> None:
        self._machines = dict(machines)
        self._limits = limits
        self._names: WeakKeyDictionary[Callbacks, set[str]] = WeakKeyDictionary()

    @property
    def machines(self) -> dict[str, Startable]:
        """The machines by the names that their executions go by; a name that several have is left out."""
        named = [(machine.name, machine) for machine in self._machines.values()]
        for key, machine in self._machines.items():
            place = _place(key)
            named.append((key if place is None else place.resource, machine))
        unlike = {name for name, one in named for other, two in named if name == other and one is not two}
        return {name: machine for name, machine in named if name not in unlike}

    def find(self, call: CallTask) -> Work | None:
        resource = call.resource
        starts = (resource.service, resource.name) == ("states", "startExecution")
        return self._start if starts else None

    def knows(self, call: CallTask) -> bool:
        return self.find(call) is not None

    def _start(self, job: Job) -> Later:
        """Have the execution run beside the one that asks for it.

        Raises:
            TaskFailed: the service would refuse to start it.
        """
        call, pattern = job.call, job.call.resource.pattern
        nested = self._execution(job)

        def began() -> None:
            response = _response(call, nested)
            if pattern:
                job.begin(response)
            else:
                job.tell(Succeeded(response))

        def ended() -> None:
            if pattern.startswith("sync"):
                job.tell(_outcome(call, nested, as_json=pattern == "sync:2"))

        job.tell(StartExecution(nested, began, ended))
        return LATER

    def _execution(self, job: Job) -> Execution:
        call = job.call
        arn = shown(_parameters(call)["StateMachineArn"])
        place = _place(arn)
        machine = self._machines.get(arn) or (place and self._machines.get(place.resource))
        if machine is None and not arn.startswith("arn:"):
            raise _refusal(call, "InvalidArn", f"Invalid Arn: 'Invalid ARN prefix: {arn}'")
        if machine is None:
            raise _refusal(call, "StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        identity, value = _identity(machine.name, place, call), self._value(call)
        names = self._names.setdefault(job.tokens, set())
        if identity.execution_arn in names:
            message = f"Execution Already Exists: '{identity.execution_arn}'"
            raise _refusal(call, "ExecutionAlreadyExists", message)
        names.add(identity.execution_arn)
        seed = random.Random(identity.execution_arn).getrandbits(64)
        return Execution(machine.program, value, identity, seed, limits=self._limits)

    def _value(self, call: CallTask) -> Any:
        """Return the execution's input."""
        text = _input_text(call)
        wrong = json_fault(text)
        if wrong is None:
            value = loads(text)
            if not (self._limits and too_large(value)):
                return value
            wrong = "it is larger than 256 KiB"
        raise _refusal(call, "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{wrong}'")


def _parameters(call: CallTask) -> dict[str, Any]:
    """Return what StartExecution is asked, in fields that it knows."""
    parameters = parameters_of(call)
    try:
        check_fields(parameters, ("Input", "Name", "StateMachineArn", "TraceHeader"), ("StateMachineArn",))
    except ValueError as problem:
        raise unusable(parameters, str(problem)) from None
    return parameters


def _place(text: str) -> Arn | None:
    """Return where a state machine is, its ``resource`` the machine's name; None where a text is no ARN."""
    arn = parse_arn(text)
    named = _MACHINE.fullmatch(arn.resource) if arn is not None and arn.service == "states" else None
    return arn._replace(resource=named[1]) if arn is not None and named is not None else None


def _identity(machine: str, arn: Arn | None, call: CallTask) -> Identity:
    """Return who the execution is; its place is that of its machine, or of the execution that starts it."""
    region, account = call.execution_arn.split(":")[3:5] if arn is None else (arn.region, arn.account)
    named = call.input.get("Name")
    name = request_id(call) if named is None else shown(named)
    if _NO_NAME.search(name):
        raise _refusal(call, "InvalidName", f"Invalid Name: '{name}'")
    return Identity(
        name=name,
        state_machine=machine if arn is None else arn.resource,
        region=region,
        account=account,
    )


def _input_text(call: CallTask) -> str:
    """Return the text that the service sends: a string as it is, anything else as JSON."""
    value = call.input.get("Input")
    if value is None:
        return "{}"
    return value if isinstance(value, str) else dumps(value)


def _refusal(call: CallTask, code: str, message: str) -> TaskFailed:
    details = f"Status Code: 400; Error Code: {code}; Request ID: {request_id(call)}; Proxy: null"
    return TaskFailed(f"StepFunctions.{code}Exception", f"{message} (Service: AWSStepFunctions; {details})")


def _response(call: CallTask, execution: Execution) -> dict[str, Any]:
    """Return what StartExecution answers."""
    arn, started = execution.identity.execution_arn, execution.started_at
    sent = f'{{"executionArn":"{arn}","startDate":{started / 1e9:.15f}E9}}'
    headers = {
        "connection": "keep-alive",
        "Content-Length": str(len(sent)),
        "Content-Type": "application/x-amz-json-1.0",
    }
    answer = {"ExecutionArn": arn, "StartDate": _date(started)}
    return {**answer, **sdk_response(call, headers)}


def _outcome(call: CallTask, execution: Execution, *, as_json: bool) -> Outcome:
    """Return what the end of an execution means to the task that waits for it."""
    if execution.status == "SUCCEEDED":
        return Succeeded(_description(call, execution, as_json=as_json))
    return Failed("States.TaskFailed", dumps(_description(call, execution, as_json=as_json)))


def _description(call: CallTask, execution: Execution, *, as_json: bool) -> dict[str, Any]:
    """Return what DescribeExecution answers; ``as_json``: input and output are no texts."""
    succeeded = execution.status == "SUCCEEDED"
    fields = {
        "Cause": execution.cause,
        "Error": execution.error,
        "ExecutionArn": execution.identity.execution_arn,
        "Input": execution.input if as_json else _input_text(call),
        "InputDetails": {"Included": True},
        "Name": execution.identity.name,
        **(_output(execution.output, as_json=as_json) if succeeded else {}),
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE" if succeeded else "REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven" if succeeded else None,
        "StartDate": _date(execution.started_at),
        "StateMachineArn": execution.identity.state_machine_arn,
        "Status": execution.status,
        "StopDate": _date(execution.now),
    }
    return {name: value for name, value in fields.items() if value is not None or name in ("Input", "Output")}


def _output(value: Any, *, as_json: bool) -> dict[str, Any]:
    return {"Output": value if as_json else dumps(value), "OutputDetails": {"Included": True}}


def _date(seconds: float) -> int:
    """Return a moment as task outputs show it: milliseconds since the epoch."""
    return round(seconds * 1000)
