"""From a document to the model.

Building is tolerant, because the structure check reports what is wrong: a value of the wrong type counts as
absent.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeAlias, TypeVar

from asltool.expr.jsonata import is_expression
from asltool.syntax.condition import expression_of, rule_of
from asltool.syntax.document import Document
from asltool.syntax.expressions import CallText, Expressions, Once, PathText
from asltool.syntax.frozen import ABSENT, Frozen
from asltool.syntax.model import (
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    ItemBatcher,
    ItemReader,
    Map,
    Parallel,
    Pass,
    Pointer,
    Processor,
    QueryLanguage,
    ReaderConfig,
    ResultWriter,
    Retrier,
    State,
    StateMachine,
    Succeed,
    Task,
    Wait,
)
from asltool.syntax.resource import Resource
from asltool.syntax.schema import declared_language

__all__ = ["build"]

_TYPES: dict[str, type[State]] = {
    kind.type: kind for kind in (Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait)
}
_PARTS: dict[str, type[Frozen]] = {
    kind.__name__: kind for kind in (Catcher, ItemBatcher, ItemReader, ResultWriter, Retrier)
}
"""What is made of one field, or of the objects in its array."""

_PLAIN: dict[str, type] = {
    "bool": bool,
    "float": float,
    "int": int,
    "None": type(None),
    "str": str,
    "CallText": str,
    "JsonataText": str,
    "PathText": str,
    "ReaderConfig": dict,
    "Resource": str,
}
_MANY = re.compile(r"tuple\[(\w+), \.\.\.\]")
_WORDS = re.compile(r"'(\w+)'")

_Kind = TypeVar("_Kind", bound=Frozen)


def build(document: Document) -> StateMachine | None:
    """Return the state machine of a document, or None if the document has no States at all.

    Every state of the document is in the model. If its Type is not usable, the state gets the kind whose
    fields it has, so that its transitions are kept; a state that is not an object becomes a plain `State`.
    """
    value = document.value
    if not isinstance(value, dict) or not isinstance(value.get("States"), dict):
        return None
    language = declared_language(value, "JSONPath") or "JSONPath"
    return _ModelBuilder(document.expressions).machine(value, (), language)


class _ModelBuilder:
    """Builds the model of one definition."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.resources = Once(Resource)

    def machine(self, value: Any, pointer: Pointer, language: QueryLanguage) -> StateMachine:
        """``language`` is that of the whole definition; nested machines cannot change it."""
        states = {
            name: self.state(name, state, (*pointer, "States", name), language)
            for name, state in _object(_object(value).get("States")).items()
        }
        parts = {"states": states, "query_language": language}
        return self.part(StateMachine, value, pointer, language, parts)

    def state(self, name: str, value: Any, pointer: Pointer, inherited: QueryLanguage) -> State:
        language = declared_language(value, inherited) or inherited
        kind = _kind(value) if isinstance(value, dict) else State
        parts: dict[str, Any] = {"name": name, "query_language": language}
        if kind is Parallel:
            branches = enumerate(_array(value.get("Branches")))
            parts["branches"] = tuple(
                self.machine(branch, (*pointer, "Branches", index), inherited) for index, branch in branches
            )
        elif kind is Map:
            field = "ItemProcessor" if "ItemProcessor" in value else "Iterator"
            place, machine = (*pointer, field), _object(value.get(field))
            config = machine.get("ProcessorConfig")
            parts["item_processor"] = self.machine(machine, place, inherited)
            parts["processor"] = self.part(Processor, config, (*place, "ProcessorConfig"), language)
        elif kind is Choice:
            parts["choices"] = self.choices(value.get("Choices"), (*pointer, "Choices"), language)
        return self.part(kind, value, pointer, language, parts)

    def choices(self, value: Any, pointer: Pointer, language: QueryLanguage) -> tuple[ChoiceRule, ...]:
        rules = []
        for index, rule in enumerate(map(_object, _array(value))):
            if language == "JSONPath":
                condition = rule_of(rule, self.expressions)
            else:
                condition = expression_of(rule.get("Condition"), self.expressions)
            rules.append(self.part(ChoiceRule, rule, (*pointer, index), language, {"condition": condition}))
        return tuple(rules)

    def part(
        self,
        kind: type[_Kind],
        value: Any,
        pointer: Pointer,
        language: QueryLanguage,
        given: Mapping[str, Any] = {},
    ) -> _Kind:
        """Return what an object describes; ``given`` are the attributes that do not come from one field."""
        taken: dict[str, Any] = {}
        attributes = _ATTRIBUTES[kind]
        for name, found in _object(value).items():
            if name in attributes:
                attribute, accepted, make = attributes[name]
                held = found if not accepted or type(found) in accepted else _fitted(found, accepted)
                if held is ABSENT:
                    continue
                if make is None or held is None:
                    taken[attribute] = held
                else:
                    taken[attribute] = make(self, held, (*pointer, name), language)
        return kind(**taken, **given, pointer=pointer)

    def template(self, held: Any, pointer: Pointer, language: QueryLanguage) -> Any:
        try:
            return self.expressions.template(held, language)
        except RecursionError:  # reported when it is compiled
            return held

    def path(self, held: str, pointer: Pointer, language: QueryLanguage) -> PathText:
        return self.expressions.path(held)

    def path_or_call(self, held: str, pointer: Pointer, language: QueryLanguage) -> PathText | CallText:
        return self.expressions.path_or_call(held)

    def jsonata(self, held: Any, pointer: Pointer, language: QueryLanguage) -> Any:
        is_jsonata = language == "JSONata" and isinstance(held, str) and is_expression(held)
        return self.expressions.jsonata(held) if is_jsonata else held

    def resource(self, held: str, pointer: Pointer, language: QueryLanguage) -> Resource:
        return self.resources[held]

    def reader_config(self, held: Any, pointer: Pointer, language: QueryLanguage) -> ReaderConfig:
        options = {name: value for name, value in held.items() if not name.startswith("MaxItems")}
        return self.part(ReaderConfig, held, pointer, language, {"options": options})


def _kind(value: dict[str, Any]) -> type[State]:
    """Return the class of a state, guessed from its fields if its Type is not usable."""
    given = value.get("Type")
    if isinstance(given, str) and given in _TYPES:
        return _TYPES[given]
    signs: dict[str, type[State]] = {
        "Branches": Parallel,
        "Choices": Choice,
        "ItemProcessor": Map,
        "Iterator": Map,
    }
    return next((kind for sign, kind in signs.items() if sign in value), Task)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _array(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _fitted(value: Any, accepted: frozenset[type | str]) -> Any:
    """Convert a value to the model's type (in JSON, ``1`` is ``1.0``); `ABSENT` if it does not fit."""
    if type(value) is float and value.is_integer() and int in accepted:
        return int(value)
    if type(value) is int and float in accepted:
        return float(max(-_LARGEST, min(value, _LARGEST)))
    return value if isinstance(value, str) and value in accepted else ABSENT


_LARGEST = int(sys.float_info.max)


Make: TypeAlias = Callable[[_ModelBuilder, Any, Pointer, QueryLanguage], Any]
"""(builder, JSON, where it stands, query language) -> what the attribute holds"""

_MAKERS: dict[str, Make] = {
    "CallText": _ModelBuilder.path_or_call,
    "PathText": _ModelBuilder.path,
    "Template": _ModelBuilder.template,
    "JsonataText": _ModelBuilder.jsonata,
    "ReaderConfig": _ModelBuilder.reader_config,
    "Resource": _ModelBuilder.resource,
}


def _attributes(kind: type[Frozen]) -> dict[str, tuple[str, frozenset[type | str], Make | None]]:
    """Return attributes by field name, with the types or strings they accept; none for any JSON.

    The last element is the function that converts the JSON; None if the JSON is kept as it is.
    """
    found = {}
    for attribute, annotation in kind.FIELDS.items():
        if (made_of := _made_of(annotation)) is not None:
            name = "".join(word.capitalize() for word in attribute.split("_"))
            found[name] = (attribute, *made_of)
    found.pop("Name", None)
    return found


_ATTRIBUTES = Once(_attributes)


def _made_of(annotation: str) -> tuple[frozenset[type | str], Make | None] | None:
    """Return what an attribute accepts, and its converter; None if it does not come from a single field."""
    kinds = annotation.split(" | ")
    many = _MANY.fullmatch(annotation)
    accepted: Iterable[type | str] = ()
    make = next((make for kind, make in _MAKERS.items() if kind in kinds), None)
    if annotation.startswith("Literal"):
        accepted = _WORDS.findall(annotation)
    elif many and many[1] in ("str", *_PARTS):
        accepted, make = (list,), partial(_several, _PARTS.get(many[1]))
    elif kinds[0] in _PARTS:
        accepted, make = (dict,), partial(_part, _PARTS[kinds[0]])
    elif annotation == "Mapping[str, str]":
        accepted = (dict,)
    elif all(kind in _PLAIN for kind in kinds):
        accepted = [_PLAIN[kind] for kind in kinds]
    elif annotation not in ("Json", "Template"):
        return None
    return frozenset(accepted), make


def _part(
    kind: type[Frozen], builder: _ModelBuilder, held: Any, pointer: Pointer, language: QueryLanguage
) -> Frozen:
    return builder.part(kind, held, pointer, language)


def _several(
    kind: type[Frozen] | None, builder: _ModelBuilder, held: Any, pointer: Pointer, language: QueryLanguage
) -> tuple[Any, ...]:
    if kind is None:
        return tuple(each for each in held if isinstance(each, str))
    return tuple(builder.part(kind, each, (*pointer, index), language) for index, each in enumerate(held))
