"""The typed model: a definition as values that never change, field for field as the specification names them.

Expressions are values here, read once; the engine compiles them. A field that the definition leaves out has
the specification's default; where leaving out and ``null`` differ and there is no default, it is `ABSENT`.

Source: https://states-language.net/spec.html and
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar, Final, Literal, TypeAlias

from asltool.diagnostic import Pointer
from asltool.expr.environment import Json
from asltool.syntax.condition import Condition
from asltool.syntax.expressions import ROOT, CallText, PathText
from asltool.syntax.frozen import Frozen
from asltool.syntax.resource import Resource

__all__ = [
    "ABSENT",
    "Absent",
    "Catcher",
    "Choice",
    "ChoiceRule",
    "Fail",
    "Map",
    "Parallel",
    "Pass",
    "Pointer",
    "Processor",
    "QueryLanguage",
    "Retrier",
    "State",
    "StateMachine",
    "Succeed",
    "Task",
    "Transition",
    "Wait",
]

QueryLanguage = Literal["JSONPath", "JSONata"]


class Absent(enum.Enum):
    """The type of `ABSENT`."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return self.value


ABSENT: Final = Absent.ABSENT
"""Stands for a field that is not in the definition, since ``null`` is a value."""


Template: TypeAlias = Json
"""A payload template, or JSON with JSONata in it; its expressions are values of `syntax.expressions`."""


class Transition(Frozen):
    """A way from one state to the next.

    ``kind`` is the field that makes it: ``Next``, ``Choice`` (one rule of Choices), ``Default`` or ``Catch``.
    ``index`` counts rules and catchers from 0; it is 0 for the other kinds.
    """

    target: str
    kind: Literal["Next", "Choice", "Default", "Catch"]
    pointer: Pointer
    index: int = 0


class Retrier(Frozen):
    """One entry of Retry. Intervals are seconds."""

    error_equals: tuple[str, ...]
    interval_seconds: int | float = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: int | float | None = None
    jitter_strategy: Literal["NONE", "FULL"] = "NONE"
    pointer: Pointer = ()


class Catcher(Frozen):
    """One entry of Catch."""

    error_equals: tuple[str, ...]
    next: str
    result_path: PathText | None = ROOT
    assign: Template = ABSENT
    output: Template = ABSENT
    pointer: Pointer = ()


class ChoiceRule(Frozen):
    """One entry of Choices."""

    condition: Condition
    next: str
    assign: Template = ABSENT
    output: Template = ABSENT
    comment: str | None = None
    pointer: Pointer = ()


class State(Frozen):
    """What all states have.

    ``pointer`` leads to the state in its document. ``query_language`` is resolved: the state's own, else the
    machine's, else JSONPath.
    """

    type: ClassVar[str] = ""

    name: str
    pointer: Pointer = ()
    query_language: QueryLanguage = "JSONPath"
    comment: str | None = None
    input_path: PathText | None = ROOT
    output_path: PathText | None = ROOT
    assign: Template = ABSENT
    output: Template = ABSENT
    next: str | None = None
    end: bool = False

    def transitions(self) -> Iterator[Transition]:
        """Yield every way out of this state, in the order of the document's usual reading."""
        if self.next is not None:
            yield Transition(target=self.next, kind="Next", pointer=(*self.pointer, "Next"))

    @property
    def machines(self) -> tuple[StateMachine, ...]:
        """The machines inside: a Parallel's branches, a Map's processor; none in other states."""
        return ()


def _catch_transitions(catch: tuple[Catcher, ...]) -> Iterator[Transition]:
    for index, catcher in enumerate(catch):
        yield Transition(target=catcher.next, kind="Catch", pointer=(*catcher.pointer, "Next"), index=index)


class Pass(State):
    type: ClassVar[str] = "Pass"

    parameters: Template = ABSENT
    result: Json = ABSENT
    result_path: PathText | None = ROOT


class Working(State):
    """What Task, Parallel and Map share: arguments in, a result out, and errors handled."""

    parameters: Template = ABSENT
    arguments: Template = ABSENT
    result_selector: Template = ABSENT
    result_path: PathText | None = ROOT
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()

    def transitions(self) -> Iterator[Transition]:
        yield from super().transitions()
        yield from _catch_transitions(self.catch)


class Task(Working):
    """Timeouts are seconds, or JSONata texts that give them."""

    type: ClassVar[str] = "Task"

    resource: Resource
    timeout_seconds: int | str | None = None
    timeout_seconds_path: PathText | None = None
    heartbeat_seconds: int | str | None = None
    heartbeat_seconds_path: PathText | None = None
    credentials: Template = ABSENT


class Parallel(Working):
    type: ClassVar[str] = "Parallel"

    branches: tuple[StateMachine, ...] = ()

    @property
    def machines(self) -> tuple[StateMachine, ...]:
        return self.branches


class Processor(Frozen):
    """How a Map runs its iterations: ``ProcessorConfig``."""

    mode: Literal["INLINE", "DISTRIBUTED"] = "INLINE"
    execution_type: Literal["STANDARD", "EXPRESS"] | None = None


class Map(Working):
    """``item_processor`` is also what the older field ``Iterator`` says.

    ``parameters`` under the older form plays the part of ``item_selector``. ItemReader, ItemBatcher and
    ResultWriter stay as they stand in the document.
    """

    type: ClassVar[str] = "Map"

    item_processor: StateMachine
    processor: Processor = Processor()
    items_path: PathText | None = None
    items: Template = ABSENT
    item_selector: Template = ABSENT
    max_concurrency: int | str = 0
    max_concurrency_path: PathText | None = None
    item_reader: Json = ABSENT
    item_batcher: Json = ABSENT
    result_writer: Json = ABSENT
    tolerated_failure_count: int | str | None = None
    tolerated_failure_count_path: PathText | None = None
    tolerated_failure_percentage: int | float | str | None = None
    tolerated_failure_percentage_path: PathText | None = None
    label: str | None = None

    @property
    def machines(self) -> tuple[StateMachine, ...]:
        return (self.item_processor,)


class Wait(State):
    """``seconds`` and ``timestamp`` may be JSONata texts."""

    type: ClassVar[str] = "Wait"

    seconds: int | str | None = None
    seconds_path: PathText | None = None
    timestamp: str | None = None
    timestamp_path: PathText | None = None


class Choice(State):
    type: ClassVar[str] = "Choice"

    choices: tuple[ChoiceRule, ...] = ()
    default: str | None = None

    def transitions(self) -> Iterator[Transition]:
        for index, rule in enumerate(self.choices):
            yield Transition(target=rule.next, kind="Choice", pointer=(*rule.pointer, "Next"), index=index)
        if self.default is not None:
            yield Transition(target=self.default, kind="Default", pointer=(*self.pointer, "Default"))


class Succeed(State):
    type: ClassVar[str] = "Succeed"


class Fail(State):
    """A Fail state; a path stands for a text that is read when the state is entered."""

    type: ClassVar[str] = "Fail"

    error: str | None = None
    error_path: PathText | CallText | None = None
    cause: str | None = None
    cause_path: PathText | CallText | None = None


class StateMachine(Frozen):
    """A machine, a Parallel's branch or a Map's processor: named states, one of them the first."""

    start_at: str
    states: Mapping[str, State]
    pointer: Pointer = ()
    query_language: QueryLanguage = "JSONPath"
    comment: str | None = None
    version: str | None = None
    timeout_seconds: int | None = None

    def walk(self) -> Iterator[StateMachine]:
        """Yield this machine and every machine inside it, outer before inner."""
        yield self
        for state in self.states.values():
            for machine in state.machines:
                yield from machine.walk()

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The Tasks of this machine and of every machine inside it, in the order of `walk`."""
        return tuple(state for state in self.walk_states() if isinstance(state, Task))

    def walk_states(self) -> Iterator[State]:
        """Yield the states of this machine and of every machine inside it, in the order of `walk`."""
        for machine in self.walk():
            yield from machine.states.values()
