"""Every exception that asltool raises on purpose, as one tree. Each class describes itself.

::

    AslToolError
    ├── AwsError, CaseError, CheckpointError, CoverageError, DefinitionError, DumpError, HistoryError,
    │   InputError, MissingExtra, NotRedrivable, OptionError, PatternError, RenderError, RequestError,
    │   ServerError, StoreError, TaskFailed, WorkerError, WriteError
    ├── CallbackError ── InvalidOutput, InvalidToken, TaskTimedOut
    ├── ExecutionFailed ── ExecutionTimedOut
    ├── ExpressionError ── EvaluationError
    └── TasksError ── MockError, NoAnswer, NoHandler

Inside a run, ``States.Timeout`` and its like are data for Retry and Catch, see `Run.result`.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from asltool.errors.language import (
    AslToolError,
    DefinitionError,
    EvaluationError,
    ExpressionError,
    PatternError,
)

__all__ = [
    "AslToolError",
    "AwsError",
    "CallbackError",
    "CaseError",
    "CheckpointError",
    "CoverageError",
    "DefinitionError",
    "DumpError",
    "EvaluationError",
    "ExecutionFailed",
    "ExecutionTimedOut",
    "ExpressionError",
    "HistoryError",
    "InputError",
    "InvalidOutput",
    "InvalidToken",
    "MissingExtra",
    "MockError",
    "NoAnswer",
    "NoHandler",
    "NotRedrivable",
    "OptionError",
    "PatternError",
    "RenderError",
    "RequestError",
    "ServerError",
    "StoreError",
    "TaskFailed",
    "TaskTimedOut",
    "TasksError",
    "WorkerError",
    "WriteError",
]


class TaskFailed(AslToolError):
    """Raised by a task handler to fail its task with an ASL error name of its choice.

    Any other exception of a handler fails the task too, with its class name as the error name, as on Lambda.
    """

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}" if cause else error)
        self.error = error
        self.cause = cause


class TasksError(AslToolError):
    """A tasks file, a handler, a template or a connection cannot be used."""


class AwsError(AslToolError):
    """AWS cannot be called: no region, credentials or profile, or an unknown service or action."""


class WorkerError(AslToolError):
    """A worker process was killed, or could not start, or a cluster cannot be used."""


class NoHandler(TasksError):
    """Tasks have no handler; the message ends with the lines to add.

    ``resource`` and ``state`` are those of the first task, ``missing`` has (resource, state) of all.
    """

    def __init__(
        self,
        resource: str,
        state: str,
        suggestion: str,
        *,
        others: Sequence[tuple[str, str]] = (),
        hints: Sequence[str] = (),
    ) -> None:
        self.resource = resource
        self.state = state
        self.missing = ((resource, state), *others)
        shown = [f". {hint}" if hint else "" for hint in hints] or [""] * len(self.missing)
        if others:
            rows = zip(self.missing, shown, strict=True)
            listed = "".join(f'\n  state "{name}": "{each}"{hint}' for (each, name), hint in rows)
            what = f"{len(self.missing)} tasks:{listed}\nadd"
        else:
            what = f'"{resource}", the Resource of state "{state}"{shown[0]}. add'
        super().__init__(f"no handler for {what}\n\n{suggestion}")


class NoAnswer(TasksError):
    """The execution waits for task tokens of these ``states`` that can no longer be sent."""

    def __init__(self, states: Sequence[str]) -> None:
        names = ", ".join(f'"{state}"' for state in states)
        super().__init__(
            f"nothing can send the task token of state {names}. send it in a handler\n\n"
            "    context.send_task_success({})                   # the token of the handler's own task\n"
            '    tasks.send_task_success(event["token"], {})     # any other\n\n'
            "or from another program: pass --real-time (clock=asltool.RealClock()) to wait for it"
        )
        self.states = tuple(states)


class CallbackError(AslToolError):
    """The base class for refused answers to task tokens, which have the names of the service."""


class InvalidOutput(CallbackError):
    """The output is not JSON."""


class InvalidToken(CallbackError):
    """No task ever had this token."""


class TaskTimedOut(CallbackError):
    """The task of this token has ended: it was answered, it timed out, or its execution is over."""


class MockError(TasksError):
    """A mock or recording has no answer, or cannot be used; the message says why."""


class CaseError(AslToolError):
    """A case file is invalid; the message says where."""


class InputError(AslToolError):
    """An execution's input is not JSON, or exceeds the service's limit."""


class OptionError(AslToolError):
    """An option cannot be used, lacks the one it needs, or excludes another."""


class NotRedrivable(AslToolError):
    """An execution cannot be redriven; the message says why."""


class CheckpointError(AslToolError):
    """An execution is already saved under this name, or there is none to resume or redrive."""


class RequestError(AslToolError):
    """The service would refuse a request. ``code`` is its error code, such as ``ValidationException``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CoverageError(AslToolError):
    """Coverage cannot be read, or cannot be added to other coverage."""


class DumpError(AslToolError):
    """A dump or saved execution is damaged or from another version, or a journal is for other items."""


class ServerError(AslToolError):
    """A server cannot be started; the message says what to change."""


class StoreError(AslToolError):
    """The store at ``path`` cannot be used; what was not committed before is lost."""

    def __init__(self, path: str | PathLike[str], reason: str) -> None:
        super().__init__(f"{path} {reason}")
        self.path = str(path)


class WriteError(AslToolError):
    """The file ``path`` cannot be written during a run, for example because the disk is full.

    The execution was interrupted rather than failed. If it is saved, it can be resumed.
    """

    def __init__(self, path: str | PathLike[str], problem: OSError) -> None:
        super().__init__(str(path), problem)
        self.path = str(path)

    def __str__(self) -> str:
        path, problem = self.args
        reason = (problem.strerror or str(problem)).lower()
        return f"{path} cannot be written: {reason}. fix this, then resume the execution if it has a name"


class ExecutionFailed(AslToolError):
    """The run ended in an ASL error. ``error`` and ``cause`` are the service's; either may be None."""

    _wordless = "the execution failed"

    def __init__(self, error: str | None, cause: str | None) -> None:
        super().__init__(": ".join(part for part in (error, cause) if part) or self._wordless)
        self.error = error
        self.cause = cause


class ExecutionTimedOut(ExecutionFailed):
    """The machine's own ``TimeoutSeconds`` ran out; such an execution has no error and no cause."""

    _wordless = "the execution timed out"


class HistoryError(AslToolError):
    """A history is damaged, incomplete, or of another state machine."""


class RenderError(AslToolError):
    """A diagram cannot be drawn; the message says what to install or change."""


class MissingExtra(AslToolError):
    """A feature needs a library that is not installed; the message names the pip command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f'{feature} needs  pip install "asltool[{extra}]"')
        self.extra = extra
