"""Placeholders such as ``${Name}`` in positions where a run needs a value.

A definition with placeholders is valid: CloudFormation or Terraform fill them in. A run keeps placeholders in
strings that are only passed on, such as a bucket's name. It cannot use them as a state's name, a path, a
number or an expression.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from asltool.errors import ExpressionError
from asltool.expr import jsonata
from asltool.rules.analysis.fields import TEXTUAL, ExpressionText, Field, fields, strings, texts
from asltool.syntax.expressions import Expressions
from asltool.syntax.model import Map, Pointer, State, StateMachine
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.text import at
from asltool.syntax.wording import quoted, spelled

__all__ = ["unfilled"]

_OF_MACHINE = ("QueryLanguage", "StartAt", "TimeoutSeconds")

_NEEDED = frozenset(
    (
        *("bytes", "condition", "count", "flag", "json-pointer", "number", "option", "percentage", "rate"),
        *("query-language", "seconds", "state-name", "state-type", "timestamp"),
    )
)
"""The kinds of fields of which the value itself decides what the machine does."""

_IN_QUOTES = re.compile(r"'(?:[^'\\]|\\.)*'")
"""A string among the arguments of an intrinsic function."""

_TEMPLATE = re.compile(r"States\.Format\(\s*('(?:[^'\\]|\\.)*')")
"""The string whose braces `States.Format` reads."""


def unfilled(machine: StateMachine, definition: Any) -> list[str]:
    """Return a message for each placeholder that must be filled in before the machine can run."""
    if not any(has_placeholder(text) for _, text in strings(definition, ())):
        return []
    found = [*_of_machine(machine, definition, "")]
    for inner in machine.walk():
        for state in inner.states.values():
            found += _of_state(state, at(definition, state.pointer), inner.states)
            owner = f" of state {quoted(state.name)}"
            for below in state.machines:
                found += _of_machine(below, definition, owner, len(state.pointer))
    return found


def _of_machine(machine: StateMachine, definition: Any, owner: str, depth: int = 0) -> Iterator[str]:
    value = at(definition, machine.pointer)
    for name in _OF_MACHINE:
        if isinstance(value, dict) and has_placeholder(value.get(name)) and value[name] not in machine.states:
            yield _message((*machine.pointer[depth:], name), owner, value[name])


def _of_state(state: State, value: Any, names: Container[str]) -> Iterator[str]:
    """Yield the messages of a state; ``names`` are the names of states, which may have placeholders."""
    owner = f" of state {quoted(state.name)}"
    for pointer, text in (*_values(state, value, names), *_processor_config(state, value)):
        yield _message(pointer[len(state.pointer) :], owner, text)


def _values(state: State, value: Any, names: Container[str]) -> Iterator[tuple[Pointer, str]]:
    for field in fields(state, value):
        if field.kind in _NEEDED and has_placeholder(field.value) and not _is_expression(field):
            if field.kind != "state-name" or field.value not in names:
                yield field.pointer, field.value
        elif field.kind in TEXTUAL:
            yield from (
                (text.pointer, text.value) for text in texts(field, Expressions()) if _must_be_filled_in(text)
            )


def _is_expression(field: Field) -> bool:
    return field.state.query_language == "JSONata" and jsonata.is_expression(field.value)


def _must_be_filled_in(text: ExpressionText) -> bool:
    if text.kind == "plain" or not has_placeholder(text.value):
        return False
    if text.kind == "jsonata":
        return not _is_jsonata(text.value)
    is_path = text.value.startswith("$")
    is_read = any(has_placeholder(template) for template in _TEMPLATE.findall(text.value))
    return is_path or is_read or has_placeholder(_IN_QUOTES.sub("''", text.value))


def _is_jsonata(text: str) -> bool:
    """Return whether an expression can be parsed as it is, because its placeholder is inside a string."""
    try:
        jsonata.compile_jsonata(text)
    except ExpressionError:
        return False
    return True


def _processor_config(state: State, value: Any) -> Iterator[tuple[Pointer, str]]:
    """Yield the options of a Map's processor, which is a machine and therefore not a field of the state."""
    if isinstance(state, Map):
        pointer = (*state.item_processor.pointer, "ProcessorConfig")
        config = at(value, pointer[len(state.pointer) :])
        yield from ((place, text) for place, text in strings(config, pointer) if has_placeholder(text))


def _message(place: Pointer, owner: str, text: str) -> str:
    return f'"{spelled(place)}"{owner} is {quoted(text)}: fill it in before you run the machine'
