"""Run one state on its own, and collect its result."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from asltool.driver.jobs import Integration
from asltool.driver.ports import Answer, Broken
from asltool.driver.workers import Workers
from asltool.engine.decisions import Decision, HoldingState, Retry, ScheduleTask, Stop, WaitUntil
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.engine.frame import Frame, Shared
from asltool.engine.identity import Identity
from asltool.engine.program import Program
from asltool.engine.retry import Failure, first_match
from asltool.errors import EvaluationError, TaskFailed
from asltool.expr.values import dumps
from asltool.integrations.missing import complete
from asltool.service.single_state.map_phases import map_phases, too_many_failures
from asltool.service.single_state.phases import InspectionStep, phases_after, phases_before
from asltool.service.single_state.request import Mock, Request
from asltool.syntax.model import ABSENT, Map, State, Task, Working

__all__ = ["IDENTITY", "StateTest", "Status", "run_state"]

Status = Literal["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"]

IDENTITY = Identity(name="TestState", state_machine="TestState", express=True)
"""What the execution is called that the state seems to run in."""

_PLAIN = ("errorDetails", "maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage")
"""The fields of inspectionData that are no JSON text."""


_WITH_OUTPUT = ("SUCCEEDED", "CAUGHT_ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTest:
    """The result of testing a state.

    ``output`` is JSON; None unless ``status`` is ``SUCCEEDED`` or ``CAUGHT_ERROR``. ``error`` and ``cause``
    are set after a failure, ``next_state`` if the execution would continue. ``inspection`` has the data of
    ``inspectionData`` as values instead of JSON texts; it is empty at level INFO.
    """

    status: Status
    output: Any = None
    error: str | None = None
    cause: str | None = None
    next_state: str | None = None
    inspection: dict[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """The response of the service, with values instead of JSON texts."""
        named = (("error", self.error), ("cause", self.cause), ("nextState", self.next_state))
        found: dict[str, Any] = {"status": self.status}
        found |= {"output": self.output} if self.status in _WITH_OUTPUT else {}
        found |= {name: text for name, text in named if text is not None}
        return found | ({"inspectionData": self.inspection} if self.inspection else {})

    @property
    def response(self) -> dict[str, Any]:
        """The response as boto3's ``test_state`` returns it, with JSON texts."""
        found = self.values
        if "output" in found:
            found["output"] = dumps(self.output)
        if "inspectionData" in found:
            found["inspectionData"] = {
                name: value if name in _PLAIN else dumps(value) for name, value in self.inspection.items()
            }
        return found


def run_state(
    state: State,
    program: Program,
    request: Request,
    integrations: Sequence[Integration],
    identity: Identity,
    seed: int,
) -> StateTest:
    """Run the first state of the program."""
    shared = Shared(request.input, identity, seed, limits=True, activities=None)
    shared.begin(time.time())
    return _TestRun(state, _Tested(shared, program, request), request, integrations).run()


class _Tested(Frame):
    """A frame in the state under test, with the data from the request."""

    __slots__ = ("_context", "_role_arn")

    def __init__(self, shared: Shared, program: Program, request: Request) -> None:
        super().__init__(shared, 0, program.machine.start, request.input)
        self.entered_at = shared.now
        self.variables = dict(request.variables)
        self._context = request.context
        self._role_arn = request.role_arn

    @property
    def context(self) -> dict[str, Any]:
        if self._context is not None:
            return dict(self._context)
        context = super().context
        # As recorded: without a redrive count, and without the service's id after the name.
        execution = {**context["Execution"], "RoleArn": self._role_arn}
        del execution["RedriveCount"]
        execution["Id"] = execution["Id"].rpartition(":")[0]
        return {**context, "Execution": execution}


class _TestRun:
    """One test: the phases are recorded until one fails, then the compiled state decides."""

    def __init__(
        self, state: State, frame: Frame, request: Request, integrations: Sequence[Integration]
    ) -> None:
        self._state = state
        self._frame = frame
        self._request = request
        self._integrations = integrations
        self._inspection: dict[str, Any] = {"input": request.input}
        self._failure: Failure | None = None

    def run(self) -> StateTest:
        try:
            step = self._step()
        except (EvaluationError, TaskFailed) as error:
            step = self._recover(Failure(error.error, error.cause))
        return self._answer(step)

    def _step(self) -> Decision:
        self._note(phases_before(self._state, self._frame))
        if isinstance(self._state, Map):
            self._note(map_phases(self._state, self._frame, self._request.configuration.map_item_reader_data))
        if self._request.mock is not None:
            return self._mocked(self._request.mock)
        # The same random numbers as in the recorded phases, so that both agree.
        self._frame.shared.rewind()
        step = self._frame.state.enter(self._frame)
        if isinstance(step, ScheduleTask):
            return self._worked(self._do(step))
        if isinstance(step, WaitUntil):
            return self._resumed(None)
        if isinstance(step, tuple):
            result = getattr(self._state, "result", ABSENT)
            made = (
                self._inspection.get("afterParameters", self._request.input) if result is ABSENT else result
            )
            self._note(phases_after(self._state, self._frame, made))
        return step

    def _mocked(self, mock: Mock) -> Decision:
        if mock.result is ABSENT:
            return self._recover(Failure(mock.error, mock.cause))
        failures = self._request.configuration.map_iteration_failure_count
        if isinstance(self._state, Map) and failures is not None:
            iterations = len(mock.result) if isinstance(mock.result, list) else failures
            failure = too_many_failures(self._inspection, failures, iterations)
            if failure is not None:
                return self._recover(failure)
        return self._resume(mock.result)

    def _worked(self, outcome: Answer) -> Decision:
        if isinstance(outcome, Succeeded):
            return self._resume(outcome.output)
        if isinstance(outcome, Broken):
            raise outcome.problem
        assert isinstance(outcome, Failed)
        return self._recover(Failure(outcome.error, outcome.cause))

    def _do(self, work: ScheduleTask) -> Answer:
        """Do the real work of a Task."""
        assert isinstance(self._state, Task)
        call = CallTask(
            task_id=1,
            state=self._state.name,
            resource=self._state.resource,
            input=work.input,
            timeout_seconds=work.timeout_seconds,
            execution_arn=self._frame.identity.execution_arn,
            credentials=work.credentials,
            asked_at=self._frame.now,
        )
        with Workers(*complete(self._integrations)) as workers:
            workers.start(1, call, alone=True)
            outcomes = workers.wait(work.timeout_seconds)
        return outcomes[-1][1] if outcomes else Failed("States.Timeout")

    def _resume(self, result: Any) -> Decision:
        draws = self._frame.shared.draws
        self._note(phases_after(self._state, self._frame, result))
        self._frame.shared.rewind(draws)
        return self._resumed(result)

    def _resumed(self, result: Any) -> Decision:
        state = self._frame.state
        assert isinstance(state, HoldingState)
        return state.leave(self._frame, result, state.next)

    def _recover(self, failure: Failure) -> Decision:
        """Apply Retry and Catch, after the number of retries in the request."""
        self._failure = failure
        if isinstance(self._state, Working):
            retrier = first_match(self._state.retry, failure)
            if retrier is not None:
                self._frame.retries = {retrier[0]: self._request.configuration.retrier_retry_count}
        try:
            return self._frame.state.recover(self._frame, failure)
        except EvaluationError as error:
            return Stop(Failure(error.error, error.cause))

    def _answer(self, step: Decision) -> StateTest:
        failure, next_state, output = self._failure, None, None
        status: Status = "FAILED"
        if isinstance(step, tuple):
            output, following, assigned = step
            next_state = None if following is None else following.name
            status = "SUCCEEDED" if failure is None else "CAUGHT_ERROR"
            self._frame.variables |= assigned or {}
        elif isinstance(step, Retry):
            status = "RETRIABLE"
        elif isinstance(step, Stop):
            failure = step.failure
        if self._frame.variables:
            self._inspection["variables"] = self._frame.variables
        if details := self._error_details(step):
            self._inspection["errorDetails"] = details
        return StateTest(
            status=status,
            output=output,
            error=None if failure is None else failure.error,
            cause=None if failure is None else failure.cause,
            next_state=next_state,
            inspection={} if self._request.inspection_level == "INFO" else self._inspection,
        )

    def _error_details(self, step: Decision) -> dict[str, Any]:
        """Return the Retrier or Catcher that matched the failure, and how long the retry would wait."""
        if self._failure is None or not isinstance(self._state, Working):
            return {}
        if isinstance(step, tuple):
            caught = first_match(self._state.catch, self._failure)
            return {} if caught is None else {"catchIndex": caught[0]}
        retrier = first_match(self._state.retry, self._failure)
        if retrier is None:
            return {}
        waits = {"retryBackoffIntervalSeconds": round(step.delay)} if isinstance(step, Retry) else {}
        return {"retryIndex": retrier[0], **waits}

    def _note(self, phases: Iterable[InspectionStep]) -> None:
        for name, value in phases:
            self._inspection[name] = value
