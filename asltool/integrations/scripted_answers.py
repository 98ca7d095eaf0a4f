"""The answers of mocks: functions that become a `Responder` when their first arguments are bound."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from asltool.driver.jobs import ScriptedOutcomes, Work, first_word
from asltool.engine.effects import AskAgain, CallTask, Failed, Heartbeat, Outcome, Succeeded
from asltool.errors import MockError
from asltool.integrations.handlers import Handlers
from asltool.integrations.lambda_invoke import invocation
from asltool.syntax.wording import quoted

__all__ = [
    "Responder",
    "delayed",
    "ends",
    "function_returns",
    "handled",
    "is_invoke_response",
    "sent",
    "throttled",
    "times_out",
    "up_to_a_pause",
]

Responder = Callable[[CallTask], Work]
"""Returns the answer to a call."""

_THROTTLED = {"lambda": "Lambda.TooManyRequestsException"}
"""The error names of throttled services, as far as they are documented."""

_INVOKE_RESPONSE = frozenset(
    {
        *("ExecutedVersion", "FunctionError", "LogResult", "Payload", "StatusCode"),
        *("SdkHttpMetadata", "SdkResponseMetadata"),
    }
)
"""The fields of Lambda's response to Invoke."""


def ends(outcome: Outcome | None, response: Any = None) -> Responder:
    """Return the answer with this end, preceded by the events that the service reports first; None: no end.

    ``response`` is the response that a ``.sync`` job or callback task is submitted with.
    """
    last = [] if outcome is None else [outcome]
    return lambda call: ScriptedOutcomes([*_first(call, response), *last])


def _first(call: CallTask, response: Any) -> list[Outcome]:
    first = first_word(call, response) if call.submitted is None else None
    return [] if first is None else [first]


def function_returns(output: Any, call: CallTask) -> Work:
    """Succeed; a function's result is wrapped in Lambda's response unless it already is."""
    invoked = invocation(call)
    if invoked is not None and not call.waits_for_token and not is_invoke_response(output):
        output = invoked.response(call, output)
    return ends(Succeeded(output))(call)


def is_invoke_response(output: Any) -> bool:
    """Return whether this looks like Lambda's response to Invoke, with a ``Payload``."""
    return isinstance(output, dict) and "Payload" in output and output.keys() <= _INVOKE_RESPONSE


def times_out(call: CallTask) -> Work:
    """Never answer; refused if nothing would end the wait."""
    watched = call.waits_for_token or call.resource.events == "Activity"
    if call.timeout_seconds is None and not watched:
        raise MockError(
            f"state {quoted(call.state)} has no TimeoutSeconds, so it cannot time out. "
            'add TimeoutSeconds, or use raises("States.Timeout")'
        )
    return ends(None)(call)


def handled(handlers: Handlers, call: CallTask) -> Work:
    """Call these handlers."""
    work = handlers.find(call)
    assert work is not None
    return work


def throttled(error: str | None, call: CallTask) -> Work:
    """Fail before the work is submitted, by default with the service's error name."""
    resource = call.resource
    service = "lambda" if resource.events == "LambdaFunction" else resource.service or "activity"
    name = error or _THROTTLED.get(service)
    if name is None:
        raise MockError(
            f"the error name with which {quoted(service)} throttles is not known. pass it as the second "
            f"argument of throttles() for state {quoted(call.state)}"
        )
    return ScriptedOutcomes([Failed(name, "Rate exceeded")])


def delayed(answer: Responder, seconds: float, heartbeats: float | None, call: CallTask) -> Work:
    """Give an answer after this many seconds, with a heartbeat every so often until then."""
    work = answer(call)
    if not isinstance(work, ScriptedOutcomes):
        return work
    *first, end = work.outcomes
    return ScriptedOutcomes([*first, *_pauses(seconds, heartbeats), end])


def _pauses(seconds: float, heartbeats: float | None) -> Iterator[Outcome]:
    while heartbeats is not None and seconds > heartbeats:
        yield from (AskAgain(heartbeats), Heartbeat())
        seconds -= heartbeats
    yield AskAgain(seconds)


def up_to_a_pause(outcomes: deque[Outcome]) -> ScriptedOutcomes:
    """Remove and return the next outcomes, up to an end or a pause; a call without an end is never
    answered."""
    taken = list[Outcome]()
    while outcomes and not (taken and isinstance(taken[-1], Succeeded | Failed | AskAgain)):
        taken.append(outcomes.popleft())
    return ScriptedOutcomes(taken)


def sent(answer: Responder, call: CallTask) -> Work:
    """Answer a call with a task token; refuse any other."""
    if not call.waits_for_token:
        raise MockError(
            f"state {quoted(call.state)} waits for no task token: its Resource does not end in "
            '".waitForTaskToken". use returns() or raises()'
        )
    return answer(call)
