"""Every exception that asltool lets out, as one tree.

::

    AslToolError
    ├── DefinitionError         a definition that cannot be used; see .diagnostics
    ├── ExpressionError         an expression or schedule that cannot be read; see .text, .offset
    │   └── EvaluationError     a good text that fails on this data; see .error, .cause
    ├── PatternError            an event pattern that is not valid; see .reason, .span, .pointer
    ├── InputError              an execution's input that is not JSON, or too large
    ├── OptionError             an option that cannot be used, alone or with others
    ├── TasksError              a tasks file, a handler or a connection that cannot be used
    │   ├── NoHandler           no handler for a Resource; see .resource, .state
    │   ├── NoAnswer            a task token that nothing can send any more; see .states
    │   └── MockError           a mock or a recording that has no answer, or cannot be used
    ├── AwsError                AWS cannot be called: no region, no credentials, no such service or action
    ├── WorkerError             a worker process of a map run that ended too early
    ├── TaskFailed              raised by a task handler: the task's failure; see .error, .cause
    ├── CallbackError           an answer to a task token that is refused
    │   ├── InvalidOutput       the output is not JSON
    │   ├── InvalidToken        no task ever had this token
    │   └── TaskTimedOut        the task of this token has ended
    ├── ExecutionFailed         the run ended in an ASL error; see .error, .cause
    │   └── ExecutionTimedOut
    ├── CheckpointError         a saved execution stands in the way, or there is none
    ├── NotRedrivable           an execution that RedriveExecution would refuse
    ├── DumpError               a dump or a journal from which nothing can be continued
    ├── ServerError             a server that cannot be started
    ├── StoreError              a store that cannot be used, or a folder that another server uses; see .path
    ├── WriteError              a file that cannot be written during a run; see .path
    ├── RequestError            a request that the service would refuse; see .code
    ├── HistoryError            a history that is damaged, incomplete, or of another machine
    ├── CaseError               a case file that cannot be used
    ├── CoverageError           coverage that cannot be read or added up
    ├── RenderError             a diagram that cannot be drawn
    └── MissingExtra            a feature needs  pip install "asltool[…]"

Inside a run ``States.Timeout`` and its like are data that Retry and Catch match; they become an exception
only at the edge, in `Run.result`.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asltool.diagnostic import Diagnostic, Pointer, Span

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


class AslToolError(Exception):
    """The root of the tree: ``except AslToolError`` catches whatever asltool raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what an error has, not what it was made from: worker processes send their errors back."""
        return _restored, (type(self), self.args), self.__dict__


def _restored(kind: type[AslToolError], args: tuple[Any, ...]) -> AslToolError:
    return kind.__new__(kind, *args)


class DefinitionError(AslToolError):
    """A definition that cannot be used: it has errors, or there is none.

    ``diagnostics`` holds everything that was found, warnings too, in the order of the document. ``draft`` is
    the `asltool.Machine` as far as it can be read, to be drawn; None where there is nothing to draw.
    """

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = (), draft: Any = None) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)
        self.draft = draft


class ExpressionError(AslToolError):
    """A JSONPath, JSONata or intrinsic text, or a schedule expression, that cannot be read.

    ``offset`` counts characters from the start of ``text`` (0 to ``len(text)``) to where it went wrong.
    """

    def __init__(self, message: str, text: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.offset = offset


class EvaluationError(ExpressionError):
    """A well-formed text that has no value on this data.

    ``error`` is the ASL error name (``States.Runtime``, ``States.ParameterPathFailure``,
    ``States.IntrinsicFailure``, ``States.QueryEvaluationError``, …) and ``cause`` the service's sentence,
    without the part that names the state: the engine knows that, an expression does not. ``location`` is the
    field of a JSONata expression (``Output/total``), empty where the service names none.
    """

    def __init__(self, error: str, cause: str, text: str = "", offset: int = 0, location: str = "") -> None:
        super().__init__(cause, text, offset)
        self.error = error
        self.cause = cause
        self.location = location


class PatternError(AslToolError):
    """An event pattern that is not valid.

    ``reason`` is the service's own sentence where it has one. ``pointer`` leads to what is wrong: a value of
    the pattern, or with ``on_key`` the key before it. If the pattern was text, ``place`` are the offsets in
    ``text`` where that starts and ends, and ``span`` is its line and column. ``read`` is how far the service
    reads until it refuses the text.
    """

    def __init__(
        self,
        reason: str,
        text: str | None = None,
        place: tuple[int, int] = (0, 0),
        pointer: Pointer = (),
        *,
        on_key: bool = False,
        read: int = 0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text
        self.place = place
        self.pointer = pointer
        self.on_key = on_key
        self.read = read

    @property
    def span(self) -> Span:
        """Where it is wrong, by line and column of the text; the first character if there is no text."""
        from asltool.diagnostic import Span

        text, (start, end) = self.text or "", self.place
        line_end = text.find("\n", start)
        length = (end if line_end < 0 else min(end, line_end)) - start
        return Span(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), max(1, length))


class TaskFailed(AslToolError):
    """Raised by a task handler to fail its task with an ASL error name of its choice.

    Any other exception of a handler fails the task too, its class name being the error name, as Lambda
    reports it.
    """

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}" if cause else error)
        self.error = error
        self.cause = cause


class TasksError(AslToolError):
    """What is to do tasks cannot be loaded or used: a tasks file, a handler, a template, a connection."""


class AwsError(AslToolError):
    """AWS cannot be called: a region, credentials or a profile is missing, or a service or action unknown."""


class WorkerError(AslToolError):
    """A worker process of a map run was killed, or could not begin."""


class NoHandler(TasksError):
    """No handler for these tasks; the message ends with the lines to add.

    ``resource`` and ``state`` are those of the first one, ``missing`` has (resource, state) of all.
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
        said = [f". {hint}" if hint else "" for hint in hints] or [""] * len(self.missing)
        if others:
            rows = zip(self.missing, said, strict=True)
            listed = "".join(f'\n  state "{name}": "{each}"{hint}' for (each, name), hint in rows)
            what = f"{len(self.missing)} tasks:{listed}\nadd"
        else:
            what = f'"{resource}", the Resource of state "{state}"{said[0]}. add'
        super().__init__(f"no handler for {what}\n\n{suggestion}")


class NoAnswer(TasksError):
    """The execution waits for tasks of these ``states``, and nobody is left who could end them."""

    def __init__(self, states: Sequence[str]) -> None:
        names = ", ".join(f'"{state}"' for state in states)
        super().__init__(
            f"nobody is left to send the task token of state {names}. send it in a handler\n\n"
            "    context.send_task_success({})                   # the token of the handler's own task\n"
            '    tasks.send_task_success(event["token"], {})     # any other\n\n'
            "or from elsewhere, which a run waits for with --real-time (clock=asltool.RealClock())"
        )
        self.states = tuple(states)


class CallbackError(AslToolError):
    """An answer to a task token that is not taken, under the service's own name."""


class InvalidOutput(CallbackError):
    """The output that was sent is not JSON."""


class InvalidToken(CallbackError):
    """The token is none that a task ever had."""


class TaskTimedOut(CallbackError):
    """The task of this token has ended: it was answered before, has timed out, or its execution is over."""


class MockError(TasksError):
    """A mock or a recording that has no answer to give, or that cannot be used; the message says why."""


class CaseError(AslToolError):
    """A case file that cannot be used; the message says where it is wrong."""


class InputError(AslToolError):
    """An execution's input that is not JSON, or larger than the service takes."""


class OptionError(AslToolError):
    """An option that cannot be used, that lacks the one it needs, or that excludes another."""


class NotRedrivable(AslToolError):
    """An execution that cannot be redriven, with the reason."""


class CheckpointError(AslToolError):
    """A saved execution of this name stands in the way, or there is none to be resumed or redriven."""


class RequestError(AslToolError):
    """A request that the service refuses. ``code`` is its word: ``ValidationException`` and its like."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CoverageError(AslToolError):
    """Coverage that cannot be read, or cannot be added to other coverage."""


class DumpError(AslToolError):
    """A dump that `Execution.load` cannot continue, or a journal that is damaged or of other items."""


class ServerError(AslToolError):
    """A server that cannot be started, with the reason and what to change."""


class StoreError(AslToolError):
    """The store at ``path`` cannot be used; what was not committed before is not kept."""

    def __init__(self, path: str | PathLike[str], reason: str) -> None:
        super().__init__(f"{path} {reason}")
        self.path = str(path)


class WriteError(AslToolError):
    """What a run has to write into the file ``path`` cannot be written: mostly, the disk is full.

    It is no failure of the execution, which was broken off. If it is kept, it can be resumed.
    """

    def __init__(self, path: str | PathLike[str], problem: OSError) -> None:
        super().__init__(str(path), problem)
        self.path = str(path)

    def __str__(self) -> str:
        path, problem = self.args
        reason = (problem.strerror or str(problem)).lower()
        return (
            f"{path} cannot be written: {reason}. make it possible, and resume the execution if it has a name"
        )


class ExecutionFailed(AslToolError):
    """The run ended in an ASL error. ``error`` and ``cause`` are the service's; either may be None."""

    _wordless = "the execution failed"

    def __init__(self, error: str | None, cause: str | None) -> None:
        super().__init__(": ".join(part for part in (error, cause) if part) or self._wordless)
        self.error = error
        self.cause = cause


class ExecutionTimedOut(ExecutionFailed):
    """The machine's own ``TimeoutSeconds`` ran out; the service gives no error and no cause then."""

    _wordless = "the execution timed out"


class HistoryError(AslToolError):
    """A history that is damaged, incomplete, or of another state machine."""


class RenderError(AslToolError):
    """A diagram that cannot be drawn, with the reason and what to install or change."""


class MissingExtra(AslToolError):
    """A feature needs a library that is not installed; the message names the pip command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f'{feature} needs  pip install "asltool[{extra}]"')
        self.extra = extra
