"""Task handlers: which Python function does the work of which Resource."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from asltool.engine.effects import CallTask
from asltool.errors import NoHandler, TasksError

__all__ = ["Handler", "TaskContext", "Tasks", "function_name", "no_handler"]

Handler = Callable[[Any, "TaskContext"], Any]
"""``handler(event, context)``: takes the task's input and returns its result, both JSON; may be async."""

_F = TypeVar("_F", bound=Callable[..., Any])

_FUNCTION = re.compile(r"arn:[\w-]+:lambda:[^:]*:[^:]*:function:(?P<name>[^:]+)(:.*)?")


@dataclass(frozen=True, slots=True)
class TaskContext:
    """What a handler may know about its call; the names are those of Lambda's context object.

    ``attempt`` is 0 for the first try and counts the retries of this visit to the state. ``timeout_seconds``
    is None where the state sets no limit.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    aws_request_id: str
    function_name: str
    invoked_function_arn: str
    state: str
    attempt: int
    execution_arn: str
    timeout_seconds: float | None
    _remaining: Callable[[], float | None]

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left of the task's TimeoutSeconds; Lambda's 15 minutes if it sets none."""
        remaining = self._remaining()
        return 900_000 if remaining is None else max(0, round(remaining * 1000))


class Tasks:
    """A list of handlers. The first one whose name or pattern fits a Resource does its work.

    ::

        tasks = Tasks()

        @tasks.handler("validate-data")                      # the name of a Lambda function
        def validate_data(event, context): ...

        @tasks.handler("arn:aws:states:::glue:*")            # a glob on the whole Resource
        async def glue(event, context): ...
    """

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def handler(self, *patterns: str) -> Callable[[_F], _F]:
        """Register the decorated function, sync or async, for every Resource that fits one of the patterns.

        A pattern fits a Resource as a glob (``*``, ``?``, ``[...]``) on the whole of it, or on the short name
        of its Lambda function.

        Raises:
            TasksError: no pattern, no text, or one that has a handler already.
        """
        if not patterns or not all(isinstance(pattern, str) for pattern in patterns):
            raise TasksError('a handler needs the Resource it is for: @tasks.handler("function-name")')

        def register(function: _F) -> _F:
            for pattern in patterns:
                self.register(pattern, function)
            return function

        return register

    def register(self, pattern: str, handler: Handler) -> None:
        """Register a handler without the decorator; see `handler`."""
        if not callable(handler):
            raise TasksError(f'the handler for "{pattern}" is a {type(handler).__name__}, not a function')
        if pattern in self._handlers:
            raise TasksError(f'"{pattern}" has a handler already: {_name(self._handlers[pattern])}')
        self._handlers[pattern] = handler

    def find(self, resource: str, state: str) -> Handler | None:
        """Return the handler for this Resource, which is that of the state named; None if nothing fits."""
        names = {resource, function_name(resource)}
        for pattern, handler in self._handlers.items():
            if pattern in names or any(fnmatchcase(name, pattern) for name in names):
                return handler
        return None

    def __len__(self) -> int:
        return len(self._handlers)


def function_name(resource: str) -> str:
    """Return the short name of the Lambda function that a Resource names; the Resource itself if none."""
    match = _FUNCTION.fullmatch(resource)
    return match["name"] if match else resource


def no_handler(call: CallTask) -> NoHandler:
    """Return the error for a call that nobody does."""
    return NoHandler(call.resource, call.state, _suggestion(call.resource))


def _name(handler: Handler) -> str:
    return getattr(handler, "__qualname__", repr(handler))


def _suggestion(resource: str) -> str:
    pattern = function_name(resource)
    action = pattern.rpartition(":")[2].partition(".")[0]
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", action)
    name = "_".join(words).lower()
    name = name if name.isidentifier() else "task"
    return f'    @tasks.handler("{pattern}")\n    def {name}(event, context): ...'
