"""The table of event types: what an event is about, and the fields of its details.

The table is used for writing and reading. `asltool.history.events` writes a record's payload into the fields,
in order; readers of a history check the types of the fields and use the subject and the phase, never the
spelling of a type.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple, TypeAlias

__all__ = [
    "FIELD_TYPES",
    "TYPES",
    "WHOLE",
    "Encode",
    "EventField",
    "EventType",
    "Phase",
    "Subject",
    "type_of",
]

Subject: TypeAlias = Literal[
    "execution", "state", "evaluation", "work", "map", "map run", "iteration", "parallel", "other"
]
"""What an event is about. ``work``: what a Task asks of a service, an activity or a function. ``evaluation``:
an expression of a state. ``map`` and ``parallel``: what such a state does between being entered and left."""

Phase: TypeAlias = Literal[
    "entered",
    "exited",
    "scheduled",
    "started",
    "submitted",
    "succeeded",
    "failed",
    "timed out",
    "aborted",
    "redriven",
    "other",
]

Encode: TypeAlias = Callable[[Any], str]
Details: TypeAlias = dict[str, Any]

WHOLE: Final = {"truncated": False}
"""What stands beside a field that is not cut short."""


class EventField(NamedTuple):
    """A field of the details: its type in GetExecutionHistory, and how a record's value is converted to it.

    ``make``: converts a value, given a function that encodes JSON; if it is None, the value is written as it
    is. A field whose value is None is left out. ``beside``: the name of the field that says that this one is
    not truncated; "" if there is none. ``optional``: a record may end before the field. ``names_state``: it
    names the state that the event is about, without which the event cannot be read.
    """

    name: str
    type: type
    make: Callable[[Any, Encode], Any] | None = None
    beside: str = ""
    optional: bool = False
    names_state: bool = False


@dataclass(frozen=True)
class EventType:
    """A row of the table. ``details`` is the key of the details, ``fields`` are their fields, in order.

    Derived properties are computed once, because every event of every history needs them.
    """

    name: str
    subject: Subject
    phase: Phase
    fields: tuple[EventField, ...] = ()
    details: str = ""

    @cached_property
    def state_field(self) -> str | None:
        """The field that names the state; None if there is none."""
        return next((field.name for field in self.fields if field.names_state), None)

    @cached_property
    def failed(self) -> bool:
        """Whether the event is a failure."""
        return self.phase in ("failed", "timed out")

    @cached_property
    def begins_attempt(self) -> bool:
        """Whether a state begins its work, for the first time or again."""
        if self.subject == "work":
            return self.phase == "scheduled"
        return self.phase == "started" and self.subject in ("map", "parallel")

    @cached_property
    def ends_attempt(self) -> bool:
        """Whether the work of a state ends. The end of a child or of a map run does not count."""
        ends = self.failed or self.phase == "succeeded"
        return ends and self.subject not in ("iteration", "map run")

    @cached_property
    def container(self) -> str | None:
        """The type of the state whose branches, iterations or children the event is about."""
        return _CONTAINERS.get(self.subject)

    def write(self, payload: Sequence[Any], encode: Encode) -> Details:
        """Return the details for a record's payload.

        Raises:
            TypeError: the payload has too few or too many values.
        """
        if len(payload) != len(self.fields):
            self._check(len(payload))
        details: Details = {}
        for (name, _, make, beside, _, _), value in zip(self.fields, payload, strict=False):
            made = value if make is None else make(value, encode)
            if made is not None:
                details[name] = made
                if beside:
                    details[beside] = WHOLE
        return details

    def _check(self, count: int) -> None:
        needed = sum(not field.optional for field in self.fields)
        if not needed <= count <= len(self.fields):
            raise TypeError(f"{self.name} has from {needed} to {len(self.fields)} values, not {count}")


_CONTAINERS: Final = {"map": "Map", "map run": "Map", "iteration": "Map", "parallel": "Parallel"}


def type_of(kind: str) -> EventType:
    """Return the row of a type; a row with subject and phase ``other`` if the table does not have it."""
    return TYPES.get(kind) or EventType(kind, "other", "other")


# Conversions of the values in a record.


def _json(value: Any, encode: Encode) -> str:
    return encode(value)


def _variables(value: Any, encode: Encode) -> dict[str, str]:
    return {variable: encode(each) for variable, each in value.items()}


def _filled(value: Any, encode: Encode) -> Any:
    return value or None


def _role(value: Any, encode: Encode) -> dict[str, Any] | None:
    return None if value is None else {"roleArn": value.get("RoleArn")}


# Fields that several types share.

_STATE = EventField("name", str, names_state=True)
_INPUT = EventField("input", str, _json, "inputDetails")
_OUTPUT = EventField("output", str, _json, "outputDetails")
_ASSIGNED = EventField("assignedVariables", dict, _variables, "assignedVariablesDetails", optional=True)
_FAILURE = (EventField("error", str), EventField("cause", str))
_RESOURCE = EventField("resource", str)
_SERVICE = (EventField("resourceType", str), _RESOURCE)
_TIMEOUT = EventField("timeoutInSeconds", int, optional=True)
_HEARTBEAT = EventField("heartbeatInSeconds", int, optional=True)
_CREDENTIALS = EventField("taskCredentials", dict, _role, optional=True)
_ITERATION = (EventField("name", str), EventField("index", int))
_MAP_RUN = EventField("mapRunArn", str)
_REDRIVES = EventField("redriveCount", int)


def _row(name: str, subject: Subject, phase: Phase, *fields: EventField) -> EventType:
    details = f"{name[0].lower()}{name[1:]}EventDetails" if fields else ""
    return EventType(name, subject, phase, fields, details)


def _entered(kind: str) -> EventType:
    return EventType(f"{kind}StateEntered", "state", "entered", (_STATE, _INPUT), "stateEnteredEventDetails")


def _exited(kind: str) -> EventType:
    fields = (_STATE, _OUTPUT, _ASSIGNED)
    return EventType(f"{kind}StateExited", "state", "exited", fields, "stateExitedEventDetails")


_ROWS = (
    _row(
        *("ExecutionStarted", "execution", "started", _INPUT, EventField("roleArn", str)),
        *(EventField("stateMachineAliasArn", str, optional=True),),
        *(EventField("stateMachineVersionArn", str, optional=True),),
    ),
    _row("ExecutionSucceeded", "execution", "succeeded", _OUTPUT),
    _row("ExecutionFailed", "execution", "failed", *_FAILURE),
    _row("ExecutionAborted", "execution", "aborted", *_FAILURE),
    _row("ExecutionTimedOut", "execution", "timed out", *_FAILURE),
    _row("ExecutionRedriven", "execution", "redriven", _REDRIVES),
    *map(_entered, ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")),
    *map(_exited, ("Pass", "Task", "Choice", "Wait", "Succeed", "Parallel", "Map")),
    _row("TaskStateAborted", "state", "aborted"),
    _row("WaitStateAborted", "state", "aborted"),
    _row(
        *("EvaluationFailed", "evaluation", "failed", EventField("state", str, names_state=True)),
        *(*_FAILURE, EventField("location", str, _filled)),
    ),
    _row("LambdaFunctionScheduled", "work", "scheduled", _RESOURCE, _INPUT, _TIMEOUT, _CREDENTIALS),
    _row("LambdaFunctionScheduleFailed", "work", "failed", *_FAILURE),
    _row("LambdaFunctionStarted", "work", "started"),
    _row("LambdaFunctionStartFailed", "work", "failed", *_FAILURE),
    _row("LambdaFunctionSucceeded", "work", "succeeded", _OUTPUT),
    _row("LambdaFunctionFailed", "work", "failed", *_FAILURE),
    _row("LambdaFunctionTimedOut", "work", "timed out", *_FAILURE),
    _row("ActivityScheduled", "work", "scheduled", _RESOURCE, _INPUT, _TIMEOUT, _HEARTBEAT),
    _row("ActivityScheduleFailed", "work", "failed", *_FAILURE),
    _row("ActivityStarted", "work", "started", EventField("workerName", str)),
    _row("ActivitySucceeded", "work", "succeeded", _OUTPUT),
    _row("ActivityFailed", "work", "failed", *_FAILURE),
    _row("ActivityTimedOut", "work", "timed out", *_FAILURE),
    _row(
        *("TaskScheduled", "work", "scheduled", *_SERVICE, EventField("region", str)),
        *(EventField("parameters", str, _json), _TIMEOUT, _HEARTBEAT, _CREDENTIALS),
    ),
    _row("TaskStarted", "work", "started", *_SERVICE),
    _row("TaskStartFailed", "work", "failed", *_SERVICE, *_FAILURE),
    _row("TaskSubmitted", "work", "submitted", *_SERVICE, _OUTPUT),
    _row("TaskSubmitFailed", "work", "failed", *_SERVICE, *_FAILURE),
    _row("TaskSucceeded", "work", "succeeded", *_SERVICE, _OUTPUT),
    _row("TaskFailed", "work", "failed", *_SERVICE, *_FAILURE),
    _row("TaskTimedOut", "work", "timed out", *_SERVICE, *_FAILURE),
    _row("MapStateStarted", "map", "started", EventField("length", int)),
    _row("MapStateSucceeded", "map", "succeeded"),
    _row("MapStateFailed", "map", "failed"),
    _row("MapStateAborted", "map", "aborted"),
    _row("MapIterationStarted", "iteration", "started", *_ITERATION),
    _row("MapIterationSucceeded", "iteration", "succeeded", *_ITERATION),
    _row("MapIterationFailed", "iteration", "failed", *_ITERATION),
    _row("MapIterationAborted", "iteration", "aborted", *_ITERATION),
    _row("MapRunStarted", "map run", "started", _MAP_RUN),
    _row("MapRunSucceeded", "map run", "succeeded"),
    _row("MapRunFailed", "map run", "failed", *_FAILURE),
    _row("MapRunAborted", "map run", "aborted"),
    _row("MapRunRedriven", "map run", "redriven", _MAP_RUN, _REDRIVES),
    _row("ParallelStateStarted", "parallel", "started"),
    _row("ParallelStateSucceeded", "parallel", "succeeded"),
    _row("ParallelStateFailed", "parallel", "failed"),
    _row("ParallelStateAborted", "parallel", "aborted"),
)

TYPES: Final[Mapping[str, EventType]] = {row.name: row for row in _ROWS}
"""Every type of event by its name, as in the service's model."""

FIELD_TYPES: Final[Mapping[str, type]] = {
    name: kind
    for row in _ROWS
    for field in row.fields
    for name, kind in ((field.name, field.type), (field.beside, dict))
    if name
}
"""What the fields of all details hold, by name: a name means the same in each."""
