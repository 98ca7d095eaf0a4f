"""Who does tasks: handlers and workers of activities, and the task tokens that they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakSet

from asltool.driver.callbacks import Callbacks
from asltool.errors import TasksError
from asltool.expr.values import dumps
from asltool.integrations.activities import POLL, Activity
from asltool.integrations.handler import Handler, Registry
from asltool.integrations.lambda_names import function_name

__all__ = ["Handler", "Tasks", "as_tasks", "function_name"]

_F = TypeVar("_F", bound=Callable[..., Any])


class Tasks:
    """Who does tasks: handlers, and workers of activities.

    ::

        tasks = Tasks()

        @tasks.handler("validate-data")                      # the name of a Lambda function
        def validate_data(event, context): ...

        @tasks.handler("arn:aws:states:::glue:*")            # a glob on the whole Resource
        async def glue(event, context): ...

    It also answers the task tokens of the runs it is given to, under the names and with the arguments of
    boto3's Step Functions client: it can take that client's place in a test.
    """

    def __init__(self) -> None:
        self.registry = Registry()
        self._activities: dict[str, Activity] = {}
        self._tokens: WeakSet[Callbacks] = WeakSet()
        self._lock = Lock()

    def handler(self, *patterns: str) -> Callable[[_F], _F]:
        """Register the decorated function, sync or async, for every task that fits one of the patterns.

        What is written in full comes first: a Resource, the short name of a Lambda function or an activity,
        the name of a state, in this order. Then come globs (``*``, ``?``, ``[...]``) on the Resource and on
        the short name, in the order in which they were registered. For ``lambda:invoke`` the function that is
        invoked is looked for before the Resource.

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
        self.registry.add(pattern, handler)

    def find(self, resource: str, state: str) -> Handler | None:
        """Return the handler for this Resource, or for the state named that has it; None if nothing fits."""
        found = self.registry.find(resource, state)
        return None if found is None else found.handler

    @property
    def names(self) -> list[str]:
        """What handlers are registered for, in that order."""
        return list(self.registry.handlers)

    def activity(self, name: str) -> Activity:
        """Return the activity with this ARN or short name, whose tasks are done by workers of your own.

        Call it before the run starts: from then on a run waits for workers to take the activity's tasks.
        """
        return self._activities.setdefault(function_name(name), Activity())

    def find_activity(self, resource: str) -> Activity | None:
        """Return the activity that a Resource names, if workers of it are to be expected."""
        return self._activities.get(function_name(resource))

    def get_activity_task(self, activityArn: str, workerName: str | None = None) -> dict[str, Any]:  # noqa: N803
        """Take an activity's task as GetActivityTask does: ``taskToken`` and ``input``, JSON text.

        Waits up to 60 real seconds; ``taskToken`` is None if there was no task.
        """
        task = self.activity(activityArn).get_task(workerName, POLL)
        return {"taskToken": None} if task is None else {"taskToken": task.token, "input": dumps(task.input)}

    def send_task_success(self, taskToken: str, output: Any) -> None:  # noqa: N803
        """End the task that waits for this token. Any thread may do so.

        Args:
            taskToken: ``$$.Task.Token`` of the task, or that of an activity's task.
            output: JSON text, as boto3's client takes it, or JSON that is no text.

        Raises:
            InvalidOutput: the output is not JSON.
            InvalidToken: this is not a task token.
            TaskTimedOut: the task has ended already, or belongs to a run without these handlers.
        """
        self._having(taskToken).send_task_success(taskToken, output)

    def send_task_failure(self, taskToken: str, error: str | None = None, cause: str | None = None) -> None:  # noqa: N803
        """Fail the task that waits for this token; raises as `send_task_success` does."""
        self._having(taskToken).send_task_failure(taskToken, error, cause)

    def send_task_heartbeat(self, taskToken: str) -> None:  # noqa: N803
        """Let the HeartbeatSeconds of this token's task begin anew; raises as `send_task_success` does."""
        self._having(taskToken).send_task_heartbeat(taskToken)

    def connect(self, tokens: Callbacks) -> None:
        """Let these handlers answer the task tokens of a run."""
        with self._lock:
            self._tokens.add(tokens)

    def _having(self, token: Any) -> Callbacks:
        """Return the task tokens that this is one of, of all runs that these handlers work for."""
        with self._lock:
            return next((each for each in self._tokens if token in each), Callbacks())

    def __len__(self) -> int:
        return len(self.registry.handlers) + len(self._activities)


def as_tasks(tasks: Tasks | Mapping[str, Handler]) -> Tasks:
    """Return task handlers as `Tasks`; a mapping holds functions by what `Tasks.handler` would be given.

    Raises:
        TasksError: it is not a mapping of strings to functions.
    """
    if isinstance(tasks, Tasks):
        return tasks
    given: object = tasks
    if not (isinstance(given, Mapping) and all(isinstance(pattern, str) for pattern in given)):
        raise TasksError("tasks must be asltool.Tasks, or a dictionary of names and functions")
    made = Tasks()
    for pattern, handler in tasks.items():
        made.register(pattern, handler)
    return made
