"""How one state changes the shape of the data, field by field in the service's order.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html and
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from asltool.rules.analysis.asking import asked
from asltool.rules.analysis.assignments import assigned_by
from asltool.rules.analysis.fields import ExpressionText
from asltool.rules.analysis.known import Known
from asltool.rules.analysis.reader import DataReader, Report
from asltool.rules.analysis.shapes import (
    NOTHING,
    UNKNOWN,
    Shape,
    any_item,
    array_of,
    join,
    object_of,
    scalar_of,
    shape_of,
    written,
)
from asltool.syntax.expressions import PlainPath, place
from asltool.syntax.model import (
    ABSENT,
    Catcher,
    Choice,
    Map,
    Parallel,
    Pass,
    State,
    StateMachine,
    Task,
    Working,
)
from asltool.syntax.stages import Part, Stage, inward, items, outward, selector

__all__ = ["EntryData", "NextEntry", "Passage", "is_beside"]


class EntryData(NamedTuple):
    """The data that a state is entered with: its input, and the variables that may be assigned."""

    document: Shape
    variables: Known

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known about the data, so that nothing is certainly missing."""
        return self.document.anything and self.variables.is_unknown


NextEntry = tuple[str | None, EntryData]
"""The state that follows, None at an end, and what it is entered with."""

_FOLLOWED = frozenset(
    (
        *("Arguments", "Assign", "Catch", "InputPath", "ItemSelector", "Items", "ItemsPath"),
        *("Output", "OutputPath", "Parameters", "ResultPath", "ResultSelector"),
    )
)
"""The fields that the data goes through; others only look at the data."""


def is_beside(text: ExpressionText) -> bool:
    """Return whether `Passage.look` reads a text or, in Choices, `Passage.ask`."""
    if text.kind == "plain" or not isinstance(text.value, str):
        return False
    field = text.field.place[0]
    return field not in _FOLLOWED and (
        field != "Choices" or text.kind == "path" or text.field.name == "Condition"
    )


class Passage:
    """One state with the data that it is entered with."""

    def __init__(self, state: State, data: EntryData, report: Report) -> None:
        self.state = state
        self.is_jsonata = state.query_language == "JSONata"
        self.entered = data
        if isinstance(state, Choice):
            data = _opened(state, data)
        self.raw = data.document
        self.data = data
        self.reader = DataReader(state, data.variables, report)
        self.arguments = self._arguments()

    def _arguments(self) -> Shape:
        """Return the effective input; for a Map, the one that ItemsPath reads.

        For a Task, it serves only to find missing values.
        """
        only_read = isinstance(self.state, Task) and self.data.is_unknown
        document = self.raw
        for stage in inward(self.state):
            if only_read and stage.action == "make" and (self.is_jsonata or document.anything):
                return UNKNOWN
            if not stage.is_default:
                document = self._through(stage, document, {"input": self.raw})
        return document

    def _through(self, stage: Stage, document: Shape, states: Mapping[str, Shape]) -> Shape:
        """Return the result of a stage other than Assign for a document; JSONata reads ``states`` instead."""
        if self.is_jsonata:
            return self.reader.jsonata(stage.value, states, stage.pointer)
        if stage.action == "make":
            made = self.reader.payload(stage.value, document, stage.pointer)
            return NOTHING if document == NOTHING else made
        if stage.action == "combine":
            return self._combined(document, stage.value)
        if stage.value is None:
            return object_of({}, self.reader.makers)
        return self.reader.path(stage.value, document, stage.pointer)

    # Into the machines inside

    def inward(self) -> Iterator[tuple[StateMachine, EntryData]]:
        """Yield the nested machines, each with the data that its first state is entered with."""
        if isinstance(self.state, Parallel):
            for machine in self.state.branches:
                yield machine, self.data._replace(document=self.arguments)
        elif isinstance(self.state, Map):
            child = EntryData(self._child(self.state), self.data.variables.nothing())
            if self.state.processor.mode == "INLINE":
                child = self.data._replace(document=child.document)
            yield self.state.item_processor, child

    def _child(self, state: Map) -> Shape:
        item = self._item(state)
        stage = selector(state)
        made = item if stage.is_default else self._through(stage, self.arguments, {"input": UNKNOWN})
        if item == NOTHING:
            return NOTHING
        return made if state.item_batcher is None else UNKNOWN

    def _item(self, state: Map) -> Shape:
        """Return the shape of each item; `NOTHING` if there are certainly no items."""
        document = self.raw if self.is_jsonata else self.arguments
        stage = items(state)
        found = document if stage.is_default else self._through(stage, document, {"input": self.raw})
        if state.item_reader is not None:
            return UNKNOWN
        return NOTHING if found == NOTHING else any_item(found)

    # Out of the state

    def outward(self, outputs: Iterable[Shape]) -> Iterator[NextEntry]:
        """Yield the exits of the state; ``outputs`` are those of the nested machines."""
        state = self.state
        if isinstance(state, Working):
            for catcher in state.catch:
                yield from self._caught(catcher, state.output_path)
        if isinstance(state, Choice):
            for rule in state.choices:
                yield from self._leave(rule.next, self.arguments, rule)
        target = state.default if isinstance(state, Choice) else state.next
        if target is not None or not isinstance(state, Choice):
            yield from self._leave(target, self._result(outputs), state)

    def _result(self, outputs: Iterable[Shape]) -> Shape:
        """Return the state's result, before ResultSelector."""
        state = self.state
        if self.arguments == NOTHING:
            return NOTHING
        if isinstance(state, Pass):
            static = not self.is_jsonata and state.result is not ABSENT
            return shape_of(state.result, self.reader.makers) if static else self.arguments
        if isinstance(state, Parallel):
            return array_of(outputs, self.reader.makers)
        if isinstance(state, Map) and state.processor.mode == "INLINE":
            return array_of(outputs, self.reader.makers, repeated=True)
        return UNKNOWN if isinstance(state, Working) else self.arguments

    def _caught(self, catcher: Catcher, output_path: str | None) -> Iterator[NextEntry]:
        for target, data in self._leave(catcher.next, _error_of(self.reader.makers), catcher):
            # It is not documented whether OutputPath applies to an error.
            filtered = output_path != "$" and not self.is_jsonata
            yield target, data._replace(document=UNKNOWN) if filtered else data

    def _leave(self, target: str | None, result: Shape, part: Part) -> Iterator[NextEntry]:
        """Yield the exit by a state, a rule or a Catcher, unless one of its stages certainly fails."""
        states = {"input": self.raw, "errorOutput" if isinstance(part, Catcher) else "result": result}
        assigned: dict[str, Shape] = {}
        document = result
        for stage in outward(self.state, part):
            if document == NOTHING:
                return
            if stage.is_default:
                continue
            if stage.action == "assign":
                assigned = self._assigned(stage, part, document, states)
            else:
                document = self._through(stage, document, states)
        if document != NOTHING and NOTHING not in assigned.values():
            yield target, self._left(document, assigned)

    def _left(self, output: Shape, assigned: dict[str, Shape]) -> EntryData:
        if not assigned:
            return self.data._replace(document=output)
        return EntryData(output, self.data.variables.assigned(assigned))

    def _assigned(
        self, stage: Stage, part: Part, result: Shape, states: Mapping[str, Shape]
    ) -> dict[str, Shape]:
        read = self.reader.jsonata_field if self.is_jsonata else self.reader.field
        seen: Any = states if self.is_jsonata else result
        return {
            name: read(key, stage.value[key], seen, (*stage.pointer, key))
            for name, key in assigned_by(part, self.is_jsonata).items()
        }

    def _combined(self, result: Shape, path: str | None) -> Shape:
        """Return the raw input with the result at ResultPath."""
        if path is None:
            return self.raw
        where = place(path)
        if where is None or where.goes_on or where.root != "$" or where.names is None:
            return UNKNOWN
        return written(self.raw, where.names, result, self.reader.makers)

    # Outside the data flow

    def look(self, texts: Iterable[ExpressionText]) -> None:
        """Read fields that do not change the data, such as timeouts and credentials."""
        if self.data.is_unknown:
            return
        seen = join(self.raw, self.arguments)
        for text in texts:
            if text.field.place[0] != "Choices":
                if text.kind == "jsonata":
                    self.reader.jsonata(text.value, {"input": self.raw}, text.pointer)
                else:
                    self.reader.path_or_call(text.value, seen, text.pointer)

    def ask(self, state: Choice, texts: Iterable[ExpressionText]) -> None:
        """Read the conditions, on the data before the Choice. IsPresent may check for anything."""
        reader = DataReader(state, self.entered.variables, self.reader.report)
        states = {"input": self.entered.document}
        document = self.entered.document
        for stage in inward(state):
            if not stage.is_default:
                document = self._through(stage, document, states)
        if self.entered.is_unknown and document.anything:
            return
        wanted = [where for where in asked(state) if where is not None]
        for text in texts:
            if text.field.name == "Condition":
                reader.jsonata(text.value, states, text.pointer)
            elif text.kind == "path" and text.field.place[0] == "Choices":
                found = place(text.value)
                if found and not any(_leads_to(where, found) for where in wanted):
                    reader.path(text.value, document, text.pointer)


@lru_cache(maxsize=1024)
def _error_of(makers: tuple[str, ...]) -> Shape:
    """Return the shape of what a Catcher catches."""
    text = scalar_of(makers)
    return object_of({"Error": text, "Cause": text}, makers)


def _leads_to(where: PlainPath, further: PlainPath) -> bool:
    return where == further.upto(len(where.steps))


def _opened(state: Choice, data: EntryData) -> EntryData:
    """Return the data with everything that a Choice checks for as unknown: after the Choice, it may exist."""
    document, variables = data
    for where in asked(state):
        if where is not None and where.root != "$":
            variables = variables.assigned({where.root[1:]: UNKNOWN})
        elif where is None or where.names is None or state.input_path != "$":
            document = UNKNOWN
        else:
            document = join(document, written(document, where.names, UNKNOWN, ()))
    return EntryData(document, variables)
