"""What becomes of the shape of the data in one state, field by field in the service's order.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html and
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from asltool.rules.asking import asked
from asltool.rules.assignments import assigned_by
from asltool.rules.fields import Text
from asltool.rules.places import Place, place
from asltool.rules.reader import Reader, Report
from asltool.rules.shapes import (
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
from asltool.syntax.model import (
    ABSENT,
    Catcher,
    Choice,
    ChoiceRule,
    Map,
    Parallel,
    Pass,
    Pointer,
    State,
    StateMachine,
    Task,
    Working,
)

__all__ = ["Data", "Passage", "Way", "is_beside"]


class Data(NamedTuple):
    """What a state is entered with: its input, and the variables.

    ``variables`` are those that may be assigned by then, ``assigned`` the names of those that certainly are.
    """

    document: Shape
    variables: Mapping[str, Shape]
    assigned: frozenset[str] = frozenset()

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of what there is to read, so that nothing can be missing."""
        return self.document.anything and all(shape.anything for shape in self.variables.values())


Way = tuple[str | None, Data]
"""The state that follows, None at an end, and what it is entered with."""

_FOLLOWED = frozenset(
    (
        *("Arguments", "Assign", "Catch", "InputPath", "ItemSelector", "Items", "ItemsPath"),
        *("Output", "OutputPath", "Parameters", "ResultPath", "ResultSelector"),
    )
)
"""The fields that the data goes through; others only look at the data."""


def is_beside(text: Text) -> bool:
    """Return whether a text is for `Passage.look`, or in Choices for `Passage.ask`."""
    if text.kind == "plain" or not isinstance(text.value, str):
        return False
    field = text.field.place[0]
    return field not in _FOLLOWED and (
        field != "Choices" or text.kind == "path" or text.field.name == "Condition"
    )


class Passage:
    """One state, entered with some data."""

    def __init__(self, state: State, data: Data, report: Report) -> None:
        self.state = state
        self.is_jsonata = state.query_language == "JSONata"
        self.entered = data
        if isinstance(state, Choice):
            data = _opened(state, data)
        self.raw = data.document
        self.data = data
        self.reader = Reader(state, data.variables, report)
        self.arguments = self._arguments()

    def _pointer(self, field: str) -> Pointer:
        return (*self.state.pointer, field)

    def _arguments(self) -> Shape:
        """Return the effective input; in a Map the one that ItemsPath is read on.

        That of a Task only matters where something in it may be missing.
        """
        state = self.state
        only_read = isinstance(state, Task) and self.data.is_unknown
        if self.is_jsonata:
            if only_read:
                return UNKNOWN
            if not isinstance(state, Working) or state.arguments is ABSENT:
                return self.raw
            return self.reader.jsonata(state.arguments, {"input": self.raw}, self._pointer("Arguments"))
        selected = self._filter(self.raw, state.input_path, "InputPath")
        if only_read and selected.anything:
            return UNKNOWN
        if isinstance(state, Pass | Task | Parallel) and state.parameters is not ABSENT:
            return self._payload(state.parameters, selected, "Parameters")
        return selected

    def _filter(self, document: Shape, path: str | None, field: str) -> Shape:
        if path is None:
            return object_of({}, self.reader.makers)
        return document if path == "$" else self.reader.path(path, document, self._pointer(field))

    def _payload(self, value: Any, document: Shape, field: str) -> Shape:
        made = self.reader.payload(value, document, self._pointer(field))
        return NOTHING if document == NOTHING else made

    # Into the machines inside

    def inward(self) -> Iterator[tuple[StateMachine, Data]]:
        """Yield the machines inside, each with what its first state is entered with."""
        if isinstance(self.state, Parallel):
            for machine in self.state.branches:
                yield machine, self.data._replace(document=self.arguments)
        elif isinstance(self.state, Map):
            child = Data(self._child(self.state), {})
            if self.state.processor.mode == "INLINE":
                child = self.data._replace(document=child.document)
            yield self.state.item_processor, child

    def _child(self, state: Map) -> Shape:
        item = self._item(state)
        selector = state.item_selector
        if self.is_jsonata:
            made = item if selector is ABSENT else self._selected(selector)
        else:
            field = "Parameters" if selector is ABSENT else "ItemSelector"
            selector = state.parameters if selector is ABSENT else selector
            made = item if selector is ABSENT else self._payload(selector, self.arguments, field)
        if item == NOTHING:
            return NOTHING
        return made if state.item_batcher is ABSENT else UNKNOWN

    def _selected(self, selector: Any) -> Shape:
        return self.reader.jsonata(selector, {"input": UNKNOWN}, self._pointer("ItemSelector"))

    def _item(self, state: Map) -> Shape:
        """Return what each item may be; `NOTHING` if there certainly is none."""
        if self.is_jsonata:
            items = self.raw
            if state.items is not ABSENT:
                items = self.reader.jsonata(state.items, {"input": self.raw}, self._pointer("Items"))
        else:
            items = self._filter(self.arguments, state.items_path or "$", "ItemsPath")
        if state.item_reader is not ABSENT:
            return UNKNOWN
        return NOTHING if items == NOTHING else any_item(items)

    # Out of the state

    def outward(self, outputs: Iterable[Shape]) -> Iterator[Way]:
        """Yield the ways out of the state; ``outputs`` are those of the machines inside."""
        state = self.state
        if isinstance(state, Working):
            for catcher in state.catch:
                yield from self._caught(catcher, state.output_path)
        if isinstance(state, Choice):
            for rule in state.choices:
                yield from self._leave(rule.next, self.arguments, rule, "$", state.output_path)
        target = state.default if isinstance(state, Choice) else state.next
        if target is not None or not isinstance(state, Choice):
            path = state.result_path if isinstance(state, Pass | Working) else "$"
            yield from self._leave(target, self._result(outputs), state, path, state.output_path)

    def _result(self, outputs: Iterable[Shape]) -> Shape:
        """Return the state's result, after ResultSelector."""
        state = self.state
        if self.arguments == NOTHING:
            return NOTHING
        if isinstance(state, Pass):
            static = not self.is_jsonata and state.result is not ABSENT
            return shape_of(state.result, self.reader.makers) if static else self.arguments
        if not isinstance(state, Working):
            return self.arguments
        result = UNKNOWN
        if isinstance(state, Parallel):
            result = array_of(outputs, self.reader.makers)
        elif isinstance(state, Map) and state.processor.mode == "INLINE":
            result = array_of(outputs, self.reader.makers, repeated=True)
        if self.is_jsonata or state.result_selector is ABSENT:
            return result
        return self._payload(state.result_selector, result, "ResultSelector")

    def _caught(self, catcher: Catcher, output_path: str | None) -> Iterator[Way]:
        error = _error_of(self.reader.makers)
        for target, data in self._leave(catcher.next, error, catcher, catcher.result_path, "$"):
            # Whether OutputPath has a say in an error is not documented.
            filtered = output_path != "$" and not self.is_jsonata
            yield target, data._replace(document=UNKNOWN) if filtered else data

    def _leave(
        self,
        target: str | None,
        result: Shape,
        part: State | ChoiceRule | Catcher,
        result_path: str | None,
        output_path: str | None,
    ) -> Iterator[Way]:
        """Yield the way that a state, a rule or a catcher leads, unless something on it certainly fails."""
        if result == NOTHING:
            return
        states: dict[str, Shape] = {}
        if self.is_jsonata:
            states = {"input": self.raw, "errorOutput" if isinstance(part, Catcher) else "result": result}
        assigned = {} if part.assign is ABSENT else self._assigned(part, result, states)
        if self.is_jsonata:
            output = result
            if part.output is not ABSENT:
                output = self.reader.jsonata(part.output, states, (*part.pointer, "Output"))
        else:
            combined = self._combined(result, result_path)
            output = NOTHING if combined == NOTHING else self._filter(combined, output_path, "OutputPath")
        if output != NOTHING and NOTHING not in assigned.values():
            yield target, self._left(output, assigned)

    def _left(self, output: Shape, assigned: dict[str, Shape]) -> Data:
        if not assigned:
            return self.data._replace(document=output)
        return Data(output, {**self.data.variables, **assigned}, self.data.assigned.union(assigned))

    def _assigned(
        self, part: State | ChoiceRule | Catcher, result: Shape, states: Mapping[str, Shape]
    ) -> dict[str, Shape]:
        read = self.reader.jsonata_field if self.is_jsonata else self.reader.field
        seen: Any = states if self.is_jsonata else result
        return {
            name: read(key, part.assign[key], seen, (*part.pointer, "Assign", key))
            for name, key in assigned_by(part, self.is_jsonata).items()
        }

    def _combined(self, result: Shape, path: str | None) -> Shape:
        """Return raw input and result together, as ResultPath says."""
        if path is None or path == "$":
            return self.raw if path is None else result
        where = place(path)
        if where is None or where.goes_on or where.root != "$" or where.names is None:
            return UNKNOWN
        return written(self.raw, where.names, result, self.reader.makers)

    # Beside the way of the data

    def look(self, texts: Iterable[Text]) -> None:
        """Read what the state only looks at: timeouts, credentials and their like."""
        if self.data.is_unknown:
            return
        seen = join(self.raw, self.arguments)
        for text in texts:
            if text.field.place[0] != "Choices":
                if text.kind == "jsonata":
                    self.reader.jsonata(text.value, {"input": self.raw}, text.pointer)
                else:
                    self.reader.path_or_call(text.value, seen, text.pointer)

    def ask(self, state: Choice, texts: Iterable[Text]) -> None:
        """Read the conditions on the data as it was before them. IsPresent may ask for anything."""
        reader = Reader(state, self.entered.variables, self.reader.report)
        states = {"input": self.entered.document}
        document = self._filter(self.entered.document, state.input_path, "InputPath")
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


def _leads_to(where: Place, further: Place) -> bool:
    return where == further.upto(len(where.steps))


def _opened(state: Choice, data: Data) -> Data:
    """Return the data with all that a Choice asks for being unknown: beyond it, it may well be there."""
    document, variables, assigned = data.document, dict(data.variables), data.assigned
    for where in asked(state):
        if where is not None and where.root != "$":
            variables[where.root[1:]] = UNKNOWN
            assigned |= {where.root[1:]}
        elif where is None or where.names is None or state.input_path != "$":
            document = UNKNOWN
        else:
            document = join(document, written(document, where.names, UNKNOWN, ()))
    return Data(document, variables, assigned)
