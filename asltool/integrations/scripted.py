"""Mocks: tasks with scripted answers that record their inputs.

Mocks are an `Integration` like any other, tried before the real ones; nothing is patched.
"""

from __future__ import annotations

from collections import deque
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from asltool.driver.jobs import ScriptedOutcomes, Work
from asltool.engine.effects import AskAgain, CallTask, Failed, Outcome, Succeeded
from asltool.errors import MockError, TaskFailed
from asltool.expr.values import dumps, loads
from asltool.integrations.handlers import Handlers
from asltool.integrations.lambda_invoke import invocation
from asltool.integrations.lambda_names import function_name
from asltool.integrations.scripted_answers import (
    Responder,
    delayed,
    ends,
    function_returns,
    handled,
    sent,
    throttled,
    times_out,
    up_to_a_pause,
)
from asltool.integrations.tasks import Handler, Tasks
from asltool.syntax.wording import quoted

__all__ = ["MockTask", "Mocks"]


_LEAST = 0.001
"""The shortest time between heartbeats, so that there are not endlessly many."""


class MockTask:
    """The scripted answers of a task, call by call, and its inputs.

    Each method adds to the script and returns the mock, so calls can be chained. With ``times``, an answer is
    for that many calls; without it, for all further calls, so nothing can follow it. A call without an answer
    ends the run with a `MockError`.

    ``inputs`` are the inputs of the calls so far, as a task handler would get them: for ``lambda:invoke``,
    the function's Payload. ``tokens`` are their task tokens; None if the state does not wait for one.

    ``after`` is how many seconds the task takes by the run's clock, and ``heartbeats`` how many seconds lie
    between the heartbeats that it sends meanwhile. None by default.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs: list[Any] = []
        self.tokens: list[str | None] = []
        self._script: list[Responder] = []
        self._rest: Responder | None = None
        self._under_way: dict[tuple[str, int], deque[Outcome]] = {}

    def __repr__(self) -> str:
        return f"<MockTask {self.name}: {self.call_count} calls>"

    @property
    def call_count(self) -> int:
        """How often the task was called, retries included."""
        return len(self.inputs)

    def reset(self) -> MockTask:
        """Forget the script and the calls so far, so that a test can give other answers than its fixture."""
        self.inputs.clear()
        self.tokens.clear()
        self._script.clear()
        self._rest = None
        return self

    def returns(
        self, output: Any, *, after: float = 0.0, heartbeats: float | None = None, times: int | None = None
    ) -> MockTask:
        """Succeed with this output, JSON.

        For ``lambda:invoke`` it may be the function's return value, or a response with that as ``Payload``.
        """
        return self._later(partial(function_returns, self._json(output)), after, heartbeats, times)

    def raises(
        self,
        error: str,
        cause: str = "",
        *,
        after: float = 0.0,
        heartbeats: float | None = None,
        times: int | None = None,
    ) -> MockTask:
        """Fail with this ASL error name."""
        return self._later(ends(Failed(error, cause)), after, heartbeats, times)

    def sequence(self, *answers: Any) -> MockTask:
        """Answer calls in this order: each with an output or, for a `TaskFailed`, with that failure."""
        for answer in answers:
            if isinstance(answer, TaskFailed):
                self.raises(answer.error, answer.cause, times=1)
            else:
                self.returns(answer, times=1)
        return self

    def calls(self, function: Handler, *, times: int | None = None) -> MockTask:
        """Call ``function(event, context)``, sync or async, like a task handler."""
        tasks = Tasks()
        tasks.register("*", function)
        return self.add(partial(handled, Handlers(tasks)), times)

    def times_out(self, *, times: int | None = None) -> MockTask:
        """Never answer, so the state times out; with a clock that jumps, at once.

        A state without TimeoutSeconds, and without a token or activity for HeartbeatSeconds, ends the run
        with a `MockError`, since it would wait forever.
        """
        return self.add(times_out, times)

    def throttles(self, times: int, error: str | None = None) -> MockTask:
        """Throttle this many calls.

        Args:
            error: the service's error name. The default for Lambda is ``Lambda.TooManyRequestsException``;
            for most other services it is required.
        """
        return self.add(partial(throttled, error), times)

    def sends(
        self,
        output: Any,
        *,
        response: Any = None,
        after: float = 0.0,
        heartbeats: float | None = None,
        times: int | None = None,
    ) -> MockTask:
        """Take the task token and send it back with this output, as SendTaskSuccess does.

        Args:
            response: the service's response when the work is submitted, shown in the history as
            ``TaskSubmitted``; the default is ``{}``.
        """
        answer = self._sent(Succeeded(self._json(output)), response)
        return self._later(answer, after, heartbeats, times)

    def sends_failure(
        self,
        error: str,
        cause: str = "",
        *,
        response: Any = None,
        after: float = 0.0,
        heartbeats: float | None = None,
        times: int | None = None,
    ) -> MockTask:
        """Take the task token and send it back with this failure, as SendTaskFailure does; see `sends`."""
        return self._later(self._sent(Failed(error, cause), response), after, heartbeats, times)

    def add(self, answer: Responder, times: int | None) -> MockTask:
        """Add an answer of any kind to the script; all other methods use it.

        Raises:
            MockError: an earlier answer is for all calls, or ``times`` is invalid.
        """
        if self._rest is not None:
            raise MockError(
                f"the mock of {quoted(self.name)} already answers every call; "
                "pass times=1 to limit the earlier answer"
            )
        if times is None:
            self._rest = answer
        elif type(times) is not int or times < 0:
            raise MockError(
                f'"times" of the mock of {quoted(self.name)} must be a whole number, not {times!r}'
            )
        else:
            self._script += [answer] * times
        return self

    def answer(self, call: CallTask) -> Work:
        """Record this call, and return its scripted answer.

        Raises:
            MockError: there is no answer, or none left.
        """
        key = (call.execution_arn, call.task_id)
        if self._under_way.get(key):
            return up_to_a_pause(self._under_way[key])
        number = self.call_count
        invoked = invocation(call)
        self.inputs.append(call.input if invoked is None else invoked.payload)
        self.tokens.append(call.token)
        answer = self._script[number] if number < len(self._script) else self._rest
        if answer is None:
            raise MockError(self._ran_out(call))
        work = answer(call)
        if isinstance(work, ScriptedOutcomes) and any(isinstance(each, AskAgain) for each in work.outcomes):
            self._under_way[key] = deque(work.outcomes)
            return up_to_a_pause(self._under_way[key])
        return work

    def _sent(self, outcome: Succeeded | Failed, response: Any) -> Responder:
        return partial(sent, ends(outcome, self._json({} if response is None else response)))

    def _later(
        self, answer: Responder, after: float, heartbeats: float | None, times: int | None
    ) -> MockTask:
        for name, seconds in (("after", after), ("heartbeats", heartbeats)):
            if seconds is not None and not _is_duration(seconds, least=0 if name == "after" else _LEAST):
                mock = f"{quoted(name)} of the mock of {quoted(self.name)}"
                raise MockError(f"{mock} must be seconds up to 1,000,000,000, not {seconds!r}")
        return self.add(partial(delayed, answer, after, heartbeats) if after else answer, times)

    def _ran_out(self, call: CallTask) -> str:
        state, count = quoted(call.state), len(self._script)
        if not count:
            return f"the mock of {quoted(self.name)} has no answer for state {state}. add one with returns()"
        answers = "1 answer" if count == 1 else f"{count} answers"
        return (
            f"the mock of {quoted(self.name)} has {answers}, and state {state} makes one more call. "
            "an answer without times is for all further calls"
        )

    def _json(self, value: Any) -> Any:
        try:
            return loads(dumps(value))
        except ValueError as problem:
            raise MockError(f"the answer of the mock of {quoted(self.name)} is not JSON: {problem}") from None


def _is_duration(seconds: Any, least: float) -> bool:
    return type(seconds) in (int, float) and least <= seconds < 1e9


class Mocks:
    """Scripts for tasks, as an `Integration`.

    ::

        mocks = Mocks()
        mocks.task("Charge").raises("Payment.Busy", times=2).returns({"paid": True})
        run = machine.run({"order": 7}, integrations=[mocks])
        assert mocks.task("Charge").call_count == 3
    """

    def __init__(self) -> None:
        self._tasks: dict[str, MockTask] = {}

    def task(self, name: str) -> MockTask:
        """Return the mock of this name, a new one the first time.

        The name is that of a state, or a Resource, or the short name of a Lambda function, called by its ARN
        or by ``lambda:invoke``; they are looked for in this order. Then come globs (``*``, ``?``, ``[...]``)
        on the Resource and on the short name, in the order in which they were made.
        """
        return self._tasks.setdefault(name, MockTask(name))

    def find(self, call: CallTask) -> Work | None:
        """Return the answer of this call's mock. Calls are answered in the order in which they are made."""
        mock = self._mock(call)
        return None if mock is None else mock.answer(call)

    def _mock(self, call: CallTask) -> MockTask | None:
        invoked = invocation(call)
        resources = [call.resource] if invoked is None else [invoked.arn, call.resource]
        names = [name for resource in resources for name in (resource, function_name(resource))]
        for name in (call.state, *names):
            if name in self._tasks:
                return self._tasks[name]
        for pattern, mock in self._tasks.items():
            if any(fnmatchcase(name, pattern) for name in names):
                return mock
        return None
