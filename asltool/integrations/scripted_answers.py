"""How a mocked task answers: functions that are an `Responder` once their first arguments are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.driver.jobs import Script, Work, first_word
from asltool.engine.effects import CallTask, Failed, Outcome, Succeeded
from asltool.errors import MockError
from asltool.integrations.handlers import Handlers
from asltool.integrations.lambda_invoke import invocation
from asltool.syntax.wording import quoted

__all__ = [
    "Responder",
    "ends",
    "function_returns",
    "handled",
    "is_invoke_response",
    "sent",
    "throttled",
    "times_out",
]

Responder = Callable[[CallTask], Work]
"""Returns how a call is answered."""

_THROTTLED = {"lambda": "Lambda.TooManyRequestsException"}
"""By which error name a service says that it is asked too often, where the service's manual gives one."""

_INVOKE_RESPONSE = frozenset(
    {
        *("ExecutedVersion", "FunctionError", "LogResult", "Payload", "StatusCode"),
        *("SdkHttpMetadata", "SdkResponseMetadata"),
    }
)
"""The fields of Lambda's answer to Invoke."""


def ends(outcome: Outcome | None, response: Any = None) -> Responder:
    """Return the answer that ends a task so, after what the service says first; None: it never ends.

    ``response`` is what a ``.sync`` job or a callback task is accepted with.
    """
    last = [] if outcome is None else [outcome]
    return lambda call: Script([*_first(call, response), *last])


def _first(call: CallTask, response: Any) -> list[Outcome]:
    first = first_word(call, response) if call.submitted is None else None
    return [] if first is None else [first]


def function_returns(output: Any, call: CallTask) -> Work:
    """Succeed; Lambda's response is put around a function's result where it is not there yet."""
    invoked = invocation(call)
    if invoked is not None and not call.waits_for_token and not is_invoke_response(output):
        output = invoked.response(call, output)
    return ends(Succeeded(output))(call)


def is_invoke_response(output: Any) -> bool:
    """Return whether this looks like what Lambda answers to Invoke, with a ``Payload``."""
    return isinstance(output, dict) and "Payload" in output and output.keys() <= _INVOKE_RESPONSE


def times_out(call: CallTask) -> Work:
    """Never answer; refused where nothing would end the wait."""
    watched = call.waits_for_token or call.resource.events == "Activity"
    if call.timeout_seconds is None and not watched:
        raise MockError(
            f"state {quoted(call.state)} has no TimeoutSeconds, so its mock cannot let it time out. "
            'give it some, or use raises("States.Timeout")'
        )
    return ends(None)(call)


def handled(handlers: Handlers, call: CallTask) -> Work:
    """Do what these handlers do, which take any call."""
    work = handlers.find(call)
    assert work is not None
    return work


def throttled(error: str | None, call: CallTask) -> Work:
    """Fail before the work is taken, with the service's own error name unless one is given."""
    resource = call.resource
    service = "lambda" if resource.events == "LambdaFunction" else resource.service or "activity"
    name = error or _THROTTLED.get(service)
    if name is None:
        raise MockError(
            f"how does {quoted(service)} say that it is asked too often? give throttles() the error name, "
            f"the second argument, for state {quoted(call.state)}"
        )
    return Script([Failed(name, "Rate exceeded")])


def sent(answer: Responder, call: CallTask) -> Work:
    """Answer a call that has a task token; refuse any other."""
    if not call.waits_for_token:
        raise MockError(
            f"state {quoted(call.state)} waits for no task token: its Resource does not end in "
            '".waitForTaskToken". use returns() or raises()'
        )
    return answer(call)
