"""Perform a call: request and response, or request and then wait for a task token or a job.

No state is kept between two calls, so an interrupted run can be resumed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from asltool.driver.jobs import LATER, Job
from asltool.engine.effects import AskAgain, CallTask
from asltool.errors import TaskFailed
from asltool.expr.environment import Json
from asltool.expr.values import dumps
from asltool.integrations.aws.action import AwsAction
from asltool.integrations.aws.contracts import POLL_SECONDS, Contract
from asltool.integrations.aws.sdk import Sdk, ServiceReply
from asltool.integrations.aws.words import ServiceWords
from asltool.integrations.parameters import parameters_of

__all__ = ["ServiceCaller", "request", "run_job"]

Begin = Callable[[CallTask], Json]


@dataclass(frozen=True, slots=True)
class ServiceCaller:
    """Calls one service with its integration's wording and, if the state has one, with the state's role."""

    sdk: Sdk
    client: str
    words: ServiceWords

    @property
    def model(self) -> Any:
        """Botocore's model of the service."""
        return self.sdk.client(self.client).meta.service_model

    def ask(self, operation: str, parameters: Json, call: CallTask) -> ServiceReply:
        role = call.credentials.get("RoleArn") if isinstance(call.credentials, dict) else None
        return self.sdk.call(self.client, operation, parameters, self.words, role)

    def begin(self, operation: str, action: AwsAction, call: CallTask) -> Json:
        parameters_of(call)
        return action.receive(self.ask(operation, action.send(call), call), call)


def request(begin: Begin, job: Job) -> Json:
    """Call once: the response is the task's result, or what a callback task is submitted with."""
    return begin(job.call)


def run_job(begin: Begin, caller: ServiceCaller, contract: Contract, polls: str, job: Job) -> Json:
    """Start a job or, once it has started, poll it; stop it if it is no longer needed."""
    call = job.call
    started = call.submitted
    found: Json = AskAgain(POLL_SECONDS)
    if started is None:
        started = begin(call)
        job.begin(started)
    elif not job.cancelled.is_set():
        found = _look(caller, contract, polls, call)
    if job.cancelled.is_set():
        _stop(caller, contract, call, started)
        return LATER
    return found


def _look(caller: ServiceCaller, contract: Contract, polls: str, call: CallTask) -> Json:
    parameters = contract.request(call.input, call.submitted)
    try:
        found = contract.job(caller.ask(polls, parameters, call).answer)
    except TaskFailed as problem:
        if contract.gone and "NotFound" in problem.error:
            return call.submitted
        raise
    except IndexError:  # services that list jobs may need some time before a new one is listed
        return AskAgain(POLL_SECONDS)
    ended = contract.ended(found)
    if ended is None:
        return AskAgain(POLL_SECONDS)
    if not ended:
        raise TaskFailed("States.TaskFailed", dumps(found))
    return found


def _stop(caller: ServiceCaller, contract: Contract, call: CallTask, started: Any) -> None:
    """Stop the job if the service supports it; errors of a job that has just ended are ignored."""
    if contract.stop is None:
        return
    parameters = (contract.stop_request or contract.request)(call.input, started)
    with suppress(TaskFailed):
        caller.ask(contract.stop, parameters, call)
