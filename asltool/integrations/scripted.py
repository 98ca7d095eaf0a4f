"""Mocks: tasks that answer by a script, and remember what they were asked.

A script is an `Integration` like any other, asked before those that do real work; nothing is patched.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from asltool.driver.jobs import Work
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.errors import MockError, TaskFailed
from asltool.expr.values import dumps, loads
from asltool.integrations.handlers import Handlers
from asltool.integrations.lambda_invoke import invocation
from asltool.integrations.lambda_names import function_name
from asltool.integrations.scripted_answers import (
    Responder,
    ends,
    function_returns,
    handled,
    sent,
    throttled,
    times_out,
)
from asltool.integrations.tasks import Handler, Tasks
from asltool.syntax.wording import quoted

__all__ = ["MockTask", "Mocks"]


class MockTask:
    """What a task answers, call by call, and what it was asked.

    Each method adds to the script and returns the mock, so that a script reads from left to right. With
    ``times`` an answer stands for so many calls, without it for every call from there on: nothing can follow
    it. A call for which the script has no answer left ends the run with a `MockError`.

    ``inputs`` are the events of the calls so far, in order, each what a task handler would be given: for
    ``lambda:invoke`` the function's Payload. ``tokens`` are their task tokens, None where a state waits for
    none.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs: list[Any] = []
        self.tokens: list[str | None] = []
        self._script: list[Responder] = []
        self._rest: Responder | None = None

    def __repr__(self) -> str:
        return f"<MockTask {self.name}: {self.call_count} calls>"

    @property
    def call_count(self) -> int:
        """How often the task was called, retries included."""
        return len(self.inputs)

    def returns(self, output: Any, *, times: int | None = None) -> MockTask:
        """Succeed with this output, JSON.

        For ``lambda:invoke`` it may be what the function returns, or the response with that as ``Payload``.
        """
        return self.add(partial(function_returns, self._json(output)), times)

    def raises(self, error: str, cause: str = "", *, times: int | None = None) -> MockTask:
        """Fail with this ASL error name."""
        return self.add(ends(Failed(error, cause)), times)

    def sequence(self, *answers: Any) -> MockTask:
        """Answer so many calls in this order: with an output, or, for a `TaskFailed`, with that failure."""
        for answer in answers:
            if isinstance(answer, TaskFailed):
                self.raises(answer.error, answer.cause, times=1)
            else:
                self.returns(answer, times=1)
        return self

    def calls(self, function: Handler, *, times: int | None = None) -> MockTask:
        """Do what ``function(event, context)`` does, sync or async, as a task handler is called."""
        tasks = Tasks()
        tasks.register("*", function)
        return self.add(partial(handled, Handlers(tasks)), times)

    def times_out(self, *, times: int | None = None) -> MockTask:
        """Never answer, so that the state's time runs out; with the clock that jumps, at once.

        A state that has no TimeoutSeconds, and no token or activity that HeartbeatSeconds could watch, ends
        the run with a `MockError`: it would wait for ever.
        """
        return self.add(times_out, times)

    def throttles(self, times: int, error: str | None = None) -> MockTask:
        """Refuse so many calls as a service that is asked too often.

        Args:
            error: the service's error name; left out, it is ``Lambda.TooManyRequestsException``, and a mock
                of another service has to give it.
        """
        return self.add(partial(throttled, error), times)

    def sends(self, output: Any, *, response: Any = None, times: int | None = None) -> MockTask:
        """Take the task token and send it back with this output, as SendTaskSuccess does.

        Args:
            response: what the service answers when the work is handed over, which the history shows in
                ``TaskSubmitted``; ``{}`` if it is left out.
        """
        return self._sends(Succeeded(self._json(output)), response, times)

    def sends_failure(
        self, error: str, cause: str = "", *, response: Any = None, times: int | None = None
    ) -> MockTask:
        """Take the task token and send it back with this failure, as SendTaskFailure does; see `sends`."""
        return self._sends(Failed(error, cause), response, times)

    def add(self, answer: Responder, times: int | None) -> MockTask:
        """Add an answer of any kind to the script: what all other methods are made of.

        Raises:
            MockError: an answer before it stands for every call, or ``times`` is no number of times.
        """
        if self._rest is not None:
            raise MockError(
                f"the mock of {quoted(self.name)} answers every call already: say times=1 where one is meant"
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
        """Note this call, and return what the script has for it.

        Raises:
            MockError: it has nothing, or nothing more.
        """
        number = self.call_count
        invoked = invocation(call)
        self.inputs.append(call.input if invoked is None else invoked.payload)
        self.tokens.append(call.token)
        answer = self._script[number] if number < len(self._script) else self._rest
        if answer is None:
            raise MockError(self._ran_out(call))
        return answer(call)

    def _sends(self, outcome: Succeeded | Failed, response: Any, times: int | None) -> MockTask:
        return self.add(partial(sent, ends(outcome, self._json({} if response is None else response))), times)

    def _ran_out(self, call: CallTask) -> str:
        state, count = quoted(call.state), len(self._script)
        if not count:
            return f"the mock of {quoted(self.name)} has no answer for state {state}. add one with returns()"
        answers = "1 answer" if count == 1 else f"{count} answers"
        return (
            f"the mock of {quoted(self.name)} has {answers}, and state {state} asks for one more. "
            "an answer without times stands for all calls that follow"
        )

    def _json(self, value: Any) -> Any:
        try:
            return loads(dumps(value))
        except ValueError as problem:
            raise MockError(
                f"the mock of {quoted(self.name)} answers with what is not JSON: {problem}"
            ) from None


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
        """Let the mock of this call answer it. Calls are answered in the order in which they are made."""
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
