"""Document to model.

Building is tolerant, for the structure check says what is wrong: a value of a wrong type counts as left out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from asltool.syntax.condition import expression_of, rule_of
from asltool.syntax.document import Document
from asltool.syntax.expressions import Expressions
from asltool.syntax.model import (
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    Map,
    Parallel,
    Pass,
    Pointer,
    Processor,
    QueryLanguage,
    Retrier,
    State,
    StateMachine,
    Succeed,
    Task,
    Wait,
    Working,
)
from asltool.syntax.resource import Resource
from asltool.syntax.schema import declared_language

__all__ = ["build"]

_TYPES: dict[str, type[State]] = {
    kind.type: kind for kind in (Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait)
}
_PLAIN: dict[str, type] = {
    "bool": bool,
    "float": float,
    "int": int,
    "None": type(None),
    "str": str,
    "CallText": str,
    "PathText": str,
}


def build(document: Document) -> StateMachine | None:
    """Return the state machine of a document, or None where the document holds no States at all.

    Every state of the document is in the model. One without a usable Type is taken for the kind whose fields
    it has, so that its ways to other states stay known; one that is no object is a bare `State`.
    """
    value = document.value
    if not isinstance(value, dict) or not isinstance(value.get("States"), dict):
        return None
    language = declared_language(value, "JSONPath") or "JSONPath"
    return _Builder(document.expressions).machine(value, (), language)


class _Builder:
    """Builds the model of one definition."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.resources: dict[str, Resource] = {}

    def machine(self, value: Any, pointer: Pointer, language: QueryLanguage) -> StateMachine:
        """``language`` is the whole definition's; machines inside cannot change it."""
        value = _object(value)
        states = {
            name: self.state(name, state, (*pointer, "States", name), language)
            for name, state in _object(value.get("States")).items()
        }
        plain = {"start_at": "", **self.plain_fields(StateMachine, value, language)}
        return StateMachine(states=states, pointer=pointer, query_language=language, **plain)

    def state(self, name: str, value: Any, pointer: Pointer, inherited: QueryLanguage) -> State:
        language = declared_language(value, inherited) or inherited
        if not isinstance(value, dict):
            return State(name=name, pointer=pointer, query_language=language)
        kind = _kind(value)
        parts: dict[str, Any] = self.plain_fields(kind, value, language)
        if kind is Task:
            parts["resource"] = self.resource(value.get("Resource"))
        if issubclass(kind, Working):
            if "Retry" in value:
                parts["retry"] = self.retry(value["Retry"], (*pointer, "Retry"))
            if "Catch" in value:
                parts["catch"] = self.catch(value["Catch"], (*pointer, "Catch"), language)
        if kind is Parallel:
            branches = enumerate(_array(value.get("Branches")))
            parts["branches"] = tuple(
                self.machine(branch, (*pointer, "Branches", index), inherited) for index, branch in branches
            )
        elif kind is Map:
            parts |= self.processor(value, pointer, inherited)
        elif kind is Choice:
            parts["choices"] = self.choices(value.get("Choices"), (*pointer, "Choices"), language)
        return kind(name=name, pointer=pointer, query_language=language, **parts)

    def resource(self, value: Any) -> Resource:
        text = value if isinstance(value, str) else ""
        found = self.resources.get(text)
        if found is None:
            found = self.resources[text] = Resource(text)
        return found

    def processor(self, value: dict[str, Any], pointer: Pointer, language: QueryLanguage) -> dict[str, Any]:
        field = "ItemProcessor" if "ItemProcessor" in value else "Iterator"
        machine = _object(value.get(field))
        config = _object(machine.get("ProcessorConfig"))
        execution_type = config.get("ExecutionType")
        return {
            "item_processor": self.machine(machine, (*pointer, field), language),
            "processor": Processor(
                mode="DISTRIBUTED" if config.get("Mode") == "DISTRIBUTED" else "INLINE",
                execution_type=execution_type if execution_type in ("STANDARD", "EXPRESS") else None,
            ),
        }

    def choices(self, value: Any, pointer: Pointer, language: QueryLanguage) -> tuple[ChoiceRule, ...]:
        rules = []
        for index, rule in enumerate(_array(value)):
            held = _object(rule)
            if language == "JSONPath":
                condition = rule_of(held, self.expressions)
            else:
                condition = expression_of(held.get("Condition"), self.expressions)
            parts = {"next": "", **self.plain_fields(ChoiceRule, held, language)}
            rules.append(ChoiceRule(**{**parts, "condition": condition, "pointer": (*pointer, index)}))
        return tuple(rules)

    def retry(self, value: Any, pointer: Pointer) -> tuple[Retrier, ...]:
        return tuple(
            Retrier(
                **self.plain_fields(Retrier, _object(entry), "JSONPath"),
                error_equals=_error_equals(entry),
                jitter_strategy="FULL" if _object(entry).get("JitterStrategy") == "FULL" else "NONE",
                pointer=(*pointer, index),
            )
            for index, entry in enumerate(_array(value))
        )

    def catch(self, value: Any, pointer: Pointer, language: QueryLanguage) -> tuple[Catcher, ...]:
        return tuple(
            Catcher(
                **{"next": "", **self.plain_fields(Catcher, _object(entry), language)},
                error_equals=_error_equals(entry),
                pointer=(*pointer, index),
            )
            for index, entry in enumerate(_array(value))
        )

    def plain_fields(self, kind: type, value: Mapping[str, Any], language: QueryLanguage) -> dict[str, Any]:
        """Return what the document says about the attributes that are made of one field alone."""
        taken = {}
        attributes = _attributes(kind)
        for name, given in value.items():
            if name in attributes:
                attribute, accepted, kinds = attributes[name]
                held = given if isinstance(given, str) else _held(given, accepted)
                if not accepted or type(held) in accepted:
                    taken[attribute] = self.value(held, kinds, language) if kinds else held
        return taken

    def value(self, held: Any, kinds: str, language: QueryLanguage) -> Any:
        """Return what an attribute with this annotation holds."""
        if kinds == "Template":
            try:
                return self.expressions.template(held, language)
            except RecursionError:  # reported when it is compiled
                return held
        if held is None:
            return None
        make = self.expressions.path if kinds == "PathText | None" else self.expressions.path_or_call
        return make(held)


def _kind(value: dict[str, Any]) -> type[State]:
    """Return the class of a state; by its fields where its Type says nothing."""
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


def _error_equals(entry: Any) -> tuple[str, ...]:
    return tuple(name for name in _array(_object(entry).get("ErrorEquals")) if isinstance(name, str))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _array(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _held(value: Any, accepted: frozenset[type]) -> Any:
    """Return a number as the type the model has for it, for in JSON ``1`` equals ``1.0``."""
    if type(value) is float and value.is_integer() and float not in accepted and int in accepted:
        return int(value)
    if type(value) is int and float in accepted and int not in accepted:
        return float(max(-_LARGEST, min(value, _LARGEST)))
    return value


_LARGEST = int(sys.float_info.max)


@cache
def _attributes(kind: type) -> dict[str, tuple[str, frozenset[type], str]]:
    """Return attributes by field name, with the types of JSON they are made of, none for all.

    The annotation is there where a value is to be made of the JSON.
    """
    annotated = {
        name: kinds for base in kind.__mro__ for name, kinds in vars(base).get("__annotations__", {}).items()
    }
    found = {}
    for attribute, kinds in annotated.items():
        types = kinds.split(" | ")
        if kinds in ("Json", "Template") or all(name in _PLAIN for name in types):
            name = "".join(word.capitalize() for word in attribute.split("_"))
            accepted = frozenset(_PLAIN[name] for name in types if name in _PLAIN)
            found[name] = (attribute, accepted, kinds if "Text" in kinds or kinds == "Template" else "")
    found.pop("Name", None)
    return found
