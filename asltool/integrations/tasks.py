"""Task handlers, activity workers, and the task tokens that they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakSet

from asltool.driver.callbacks import Callbacks
from asltool.errors import TasksError
from asltool.expr.values import dumps
from asltool.integrations.activities import POLL, Activity
from asltool.integrations.handler import Handler, Registry, Where
from asltool.integrations.lambda_names import function_name

__all__ = ["Handler", "Tasks", "as_tasks", "function_name"]

_F = TypeVar("_F", bound=Callable[..., Any])


class Tasks:
    """Task handlers and activities.

    ::

        tasks = Tasks()

        @tasks.handler("validate-data")                      # the name of a Lambda function
        def validate_data(event, context): ...

        @tasks.handler("arn:aws:states:::glue:*")            # a glob on the whole Resource
        async def glue(event, context): ...

    It also answers the task tokens of its runs, with the method names and arguments of boto3's Step Functions
    client, which it can replace in a test.
    """

    def __init__(self) -> None:
        self.registry = Registry()
        self._activities: dict[str, Activity] = {}
        self._tokens: WeakSet[Callbacks] = WeakSet()
        self._lock = Lock()

    def handler(self, *patterns: str, where: Where = "here") -> Callable[[_F], _F]:
        """Register the decorated function, sync or async, for every task that matches one of the patterns.

        Exact names are tried first: a Resource, the short name of a Lambda function or activity, the name of
        a state, in this order. Then come globs (``*``, ``?``, ``[...]``) on the Resource and on the short
        name, in the order in which they were registered. For ``lambda:invoke``, the invoked function is
        looked up before the Resource.

        With ``where="cluster"``, it runs on a worker if the run uses a Dask cluster.

        Raises:
            TasksError: there is no pattern, one is not a string, or one already has a handler.
        """
        if not patterns or not all(isinstance(pattern, str) for pattern in patterns):
            raise TasksError('a handler needs a Resource: @tasks.handler("function-name")')

        def register(function: _F) -> _F:
            for pattern in patterns:
                self.register(pattern, function, where)
            return function

        return register

    def register(self, pattern: str, handler: Handler, where: Where = "here") -> None:
        """Register a handler without the decorator; see `handler`."""
        self.registry.add(pattern, handler, where)

    def find(self, resource: str, state: str) -> Handler | None:
        """Return the handler for this Resource or for the state's name; None if none matches."""
        found = self.registry.find(resource, state)
        return None if found is None else found.handler

    @property
    def names(self) -> list[str]:
        """The patterns of handlers, in the order of registration."""
        return list(self.registry.handlers)

    def activity(self, name: str) -> Activity:
        """Return the activity with this ARN or short name, whose tasks your own workers take.

        Call this before the run starts: from then on, runs wait for workers to take the activity's tasks.
        """
        return self._activities.setdefault(function_name(name), Activity())

    def find_activity(self, resource: str) -> Activity | None:
        """Return a Resource's activity, if workers are expected for it."""
        return self._activities.get(function_name(resource))

    def get_activity_task(self, activityArn: str, workerName: str | None = None) -> dict[str, Any]:  # noqa: N803
        """Take an activity's task, as GetActivityTask does: ``taskToken`` and ``input``, JSON text.

        Waits up to 60 real seconds; ``taskToken`` is None if there was no task.
        """
        task = self.activity(activityArn).get_task(workerName, POLL)
        return {"taskToken": None} if task is None else {"taskToken": task.token, "input": dumps(task.input)}

    def send_task_success(self, taskToken: str, output: Any) -> None:  # noqa: N803
        """Complete the task that waits for this token. Any thread may call this.

        Args:
            taskToken: ``$$.Task.Token`` of the task, or that of an activity's task.
            output: JSON text, as for boto3's client, or a JSON value that is not a string.

        Raises:
            InvalidOutput: the output is not JSON.
            InvalidToken: this is not a task token.
            TaskTimedOut: the task has already ended, or belongs to a run without these handlers.
        """
        self._having(taskToken).send_task_success(taskToken, output)

    def send_task_failure(self, taskToken: str, error: str | None = None, cause: str | None = None) -> None:  # noqa: N803
        """Fail the task that waits for this token; raises as `send_task_success` does."""
        self._having(taskToken).send_task_failure(taskToken, error, cause)

    def send_task_heartbeat(self, taskToken: str) -> None:  # noqa: N803
        """Restart the HeartbeatSeconds of this token's task; raises as `send_task_success` does."""
        self._having(taskToken).send_task_heartbeat(taskToken)

    def connect(self, tokens: Callbacks) -> None:
        """Connect these handlers to the task tokens of a run."""
        with self._lock:
            self._tokens.add(tokens)

    def _having(self, token: Any) -> Callbacks:
        """Return the run's task tokens that include this one."""
        with self._lock:
            return next((each for each in self._tokens if token in each), Callbacks())

    def __len__(self) -> int:
        return len(self.registry.handlers) + len(self._activities)


def as_tasks(tasks: Tasks | Mapping[str, Handler]) -> Tasks:
    """Return task handlers as `Tasks`; a mapping has functions by patterns, as for `Tasks.handler`.

    Raises:
        TasksError: it is not a mapping of strings to functions.
    """
    if isinstance(tasks, Tasks):
        return tasks
    given: object = tasks
    if not (isinstance(given, Mapping) and all(isinstance(pattern, str) for pattern in given)):
        raise TasksError("tasks must be an asltool.Tasks, or a dictionary of functions by name")
    made = Tasks()
    for pattern, handler in tasks.items():
        made.register(pattern, handler)
    return made
