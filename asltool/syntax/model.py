"""The typed model: a definition as immutable values, with the fields that the specification names.

Expressions are values here, parsed once; the engine compiles them. A field that the definition leaves out has
the specification's default. If there is no default and ``null`` means something else, the field is `ABSENT`.

Source: https://states-language.net/spec.html and
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar, Literal

from asltool.diagnostic import Pointer
from asltool.expr.environment import Json
from asltool.syntax.condition import Condition
from asltool.syntax.expressions import CallText, JsonataText, PathText
from asltool.syntax.frozen import ABSENT, Absent, Frozen
from asltool.syntax.resource import Resource
from asltool.syntax.stages import Caught, FlowFields, Iterated, Part, QueryLanguage, Shaped, Template, Worked

__all__ = [
    "ABSENT",
    "Absent",
    "Catcher",
    "Choice",
    "ChoiceRule",
    "Fail",
    "ItemBatcher",
    "ItemReader",
    "Map",
    "Parallel",
    "Pass",
    "Pointer",
    "Processor",
    "QueryLanguage",
    "ReaderConfig",
    "ResultWriter",
    "Retrier",
    "State",
    "StateMachine",
    "Succeed",
    "Task",
    "Transition",
    "Wait",
]


class Transition(Frozen):
    """A transition from one state to the next.

    ``kind`` is the field that makes it: ``Next``, ``Choice`` (one rule of Choices), ``Default`` or ``Catch``.
    ``index`` counts rules and catchers from 0; it is 0 for the other kinds.
    """

    target: str
    kind: Literal["Next", "Choice", "Default", "Catch"]
    pointer: Pointer
    index: int = 0


class Retrier(Frozen):
    """One entry of Retry. Intervals are seconds."""

    error_equals: tuple[str, ...] = ()
    interval_seconds: int | float = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: int | float | None = None
    jitter_strategy: Literal["NONE", "FULL"] = "NONE"
    pointer: Pointer = ()


class Catcher(Caught):
    """One entry of Catch."""

    error_equals: tuple[str, ...] = ()
    next: str = ""


class ChoiceRule(Part):
    """One entry of Choices."""

    condition: Condition
    next: str = ""
    comment: str | None = None


class State(FlowFields):
    """What all states have; the fields that data passes through are in `syntax.stages`."""

    type: ClassVar[str] = ""

    name: str
    comment: str | None = None
    next: str | None = None
    end: bool = False

    def transitions(self) -> Iterator[Transition]:
        """Yield the transitions of this state, in the usual order of a document."""
        if self.next is not None:
            yield Transition(target=self.next, kind="Next", pointer=(*self.pointer, "Next"))

    @property
    def machines(self) -> tuple[StateMachine, ...]:
        """The nested machines: a Parallel's branches or a Map's processor; other states have none."""
        return ()


class Pass(State, Shaped):
    type: ClassVar[str] = "Pass"

    result: Json = ABSENT


class Working(State, Worked):
    """What Task, Parallel and Map share: arguments in, a result out, and errors handled."""

    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()

    def transitions(self) -> Iterator[Transition]:
        yield from super().transitions()
        for index, catcher in enumerate(self.catch):
            yield Transition(
                target=catcher.next, kind="Catch", pointer=(*catcher.pointer, "Next"), index=index
            )


class Task(Working):
    """Timeouts are seconds, or JSONata that gives them; other strings contain placeholders."""

    type: ClassVar[str] = "Task"

    resource: Resource = Resource("")
    timeout_seconds: int | JsonataText | str | None = None
    timeout_seconds_path: PathText | None = None
    heartbeat_seconds: int | JsonataText | str | None = None
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
    pointer: Pointer = ()


class _Stored(Frozen):
    """What a distributed Map reads or writes in S3: an action, and its Parameters or Arguments."""

    resource: Resource | None = None
    parameters: Template = ABSENT
    arguments: Template = ABSENT
    pointer: Pointer = ()


class ReaderConfig(Frozen):
    """``options`` are the other fields, which describe the format of the data."""

    max_items: int | JsonataText | str | None = None
    max_items_path: PathText | None = None
    options: Mapping[str, str | list[str]] = {}
    pointer: Pointer = ()


class ItemReader(_Stored):
    """Where a distributed Map reads its items."""

    reader_config: ReaderConfig = ReaderConfig()


class ItemBatcher(Frozen):
    """How a distributed Map groups items into batches."""

    max_items_per_batch: int | JsonataText | str | None = None
    max_items_per_batch_path: PathText | None = None
    max_input_bytes_per_batch: int | JsonataText | str | None = None
    max_input_bytes_per_batch_path: PathText | None = None
    batch_input: Template = ABSENT
    pointer: Pointer = ()


class ResultWriter(_Stored):
    """Where a distributed Map writes its results; ``writer_config`` gives the format."""

    writer_config: Mapping[str, str] = {}


class Map(Working, Iterated):
    """``item_processor`` also has the value of the older field ``Iterator``.

    In the older form, ``parameters`` takes the role of ``item_selector``.
    """

    type: ClassVar[str] = "Map"

    item_processor: StateMachine
    processor: Processor = Processor()
    max_concurrency: int | JsonataText | str = 0
    max_concurrency_path: PathText | None = None
    item_reader: ItemReader | None = None
    item_batcher: ItemBatcher | None = None
    result_writer: ResultWriter | None = None
    tolerated_failure_count: int | JsonataText | str | None = None
    tolerated_failure_count_path: PathText | None = None
    tolerated_failure_percentage: int | float | JsonataText | str | None = None
    tolerated_failure_percentage_path: PathText | None = None
    label: str | None = None

    @property
    def machines(self) -> tuple[StateMachine, ...]:
        return (self.item_processor,)


class Wait(State):
    """``seconds`` and ``timestamp`` may be JSONata strings."""

    type: ClassVar[str] = "Wait"

    seconds: int | JsonataText | str | None = None
    seconds_path: PathText | None = None
    timestamp: JsonataText | str | None = None
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
    """A Fail state; paths and JSONata are evaluated when the state is entered."""

    type: ClassVar[str] = "Fail"

    error: JsonataText | str | None = None
    error_path: PathText | CallText | None = None
    cause: JsonataText | str | None = None
    cause_path: PathText | CallText | None = None


class StateMachine(Frozen):
    """A machine, a Parallel's branch or a Map's processor: named states and the name of the first."""

    start_at: str = ""
    states: Mapping[str, State]
    pointer: Pointer = ()
    query_language: QueryLanguage = "JSONPath"
    comment: str | None = None
    version: str | None = None
    timeout_seconds: int | None = None

    def walk(self) -> Iterator[StateMachine]:
        """Yield this machine and every nested machine, outer before inner."""
        yield self
        for state in self.states.values():
            for machine in state.machines:
                yield from machine.walk()

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The Task states of this machine and of every nested machine, in the order of `walk`."""
        return tuple(state for state in self.walk_states() if isinstance(state, Task))

    def walk_states(self) -> Iterator[State]:
        """Yield the states of this machine and of every nested machine, in the order of `walk`."""
        for machine in self.walk():
            yield from machine.states.values()
