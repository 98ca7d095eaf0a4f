"""Check requests against the service's own model, which botocore contains.

The checks of an operation are created on first use.

Source of the messages: recordings; of the checks: https://smithy.io/2.0/spec/constraint-traits.html. Messages
about values of a wrong JSON type are those of the framework that AWS uses for its JSON services; no recording
shows one of Step Functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, TypeAlias

from asltool.history.timestamps import seconds_of
from asltool.integrations.aws.models import model
from asltool.service.errors import ServiceError, validation

__all__ = ["STATES", "check_name", "check_request"]

STATES = "stepfunctions"
"""Botocore's name of Step Functions."""

Shapes: TypeAlias = Mapping[str, dict[str, Any]]

RequestCheck: TypeAlias = Callable[[Any, str, list[str]], Any]
"""Takes a value and where it stands; adds what is wrong with it, and returns it without nulls and unknown
members."""

Constraint: TypeAlias = tuple[Callable[[Any], bool], str]
"""Whether a value breaks a constraint, and what the constraint is."""


def check_request(operation: str, request: Mapping[str, Any], api: str = STATES) -> dict[str, Any]:
    """Return a request as its operation expects it: without nulls and unknown members.

    ``api`` is botocore's name of the service.

    Raises:
        ServiceError: ValidationException with all problems, or SerializationException.
        MissingExtra: botocore is not installed.
    """
    faults: list[str] = []
    taken: dict[str, Any] = _checker(operation, api)(request, "", faults)
    if faults:
        noun = "error" if len(faults) == 1 else "errors"
        raise validation(f"{len(faults)} validation {noun} detected: {'; '.join(faults)}")
    return taken


@cache
def _checker(operation: str, api: str) -> RequestCheck:
    found = model(api)
    return _check_of(found["operations"][operation]["input"]["shape"], found["shapes"])


def _check_of(name: str, shapes: Shapes) -> RequestCheck:
    shape = shapes[name]
    return _KINDS[shape["type"]](name, shape, shapes)


def _structure(name: str, shape: dict[str, Any], shapes: Shapes) -> RequestCheck:
    required = shape.get("required", ())
    members = [
        (member, member in required, _check_of(inside["shape"], shapes))
        for member, inside in shape["members"].items()
    ]

    def check(value: Any, path: str, faults: list[str]) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _unreadable(value, "a structure", path)
        taken = {}
        for member, needed, inside in members:
            found = value.get(member)
            if found is not None:
                taken[member] = inside(found, f"{path}.{member}" if path else member, faults)
            elif needed:
                where = f"{path}.{member}" if path else member
                faults.append(
                    f"Value null at '{where}' failed to satisfy constraint: Member must not be null"
                )
        return taken

    return check


def _list(name: str, shape: dict[str, Any], shapes: Shapes) -> RequestCheck:
    inside, rules = _check_of(shape["member"]["shape"], shapes), _lengths(shape)

    def check(value: Any, path: str, faults: list[str]) -> list[Any]:
        if not isinstance(value, list):
            raise _unreadable(value, "a list", path)
        deeper: list[str] = []
        taken = [
            inside(each, f"{path}.{number}.member", deeper)
            for number, each in enumerate(value, 1)
            if each is not None
        ]
        _hold(rules, taken, name, shapes, path, faults)
        faults += deeper
        return taken

    return check


def _map(name: str, shape: dict[str, Any], shapes: Shapes) -> RequestCheck:
    keys, inside = (_check_of(shape[part]["shape"], shapes) for part in ("key", "value"))
    rules = _lengths(shape)

    def check(value: Any, path: str, faults: list[str]) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _unreadable(value, "a map", path)
        _hold(rules, value, name, shapes, path, faults)
        return {
            keys(key, f"{path}.key", faults): inside(each, f"{path}.{key}.member", faults)
            for key, each in value.items()
            if each is not None
        }

    return check


def _scalar(
    types: tuple[type, ...], noun: str, rules_of: Callable[[dict[str, Any]], list[Constraint]]
) -> Any:
    """Return a function that makes the checks for values of these types."""

    def make(name: str, shape: dict[str, Any], shapes: Shapes) -> RequestCheck:
        rules = rules_of(shape)

        def check(value: Any, path: str, faults: list[str]) -> Any:
            if type(value) not in types:
                raise _unreadable(value, noun, path)
            if type(value) is str and not value.isascii():
                _check_unicode(value)
            _hold(rules, value, name, shapes, path, faults)
            return value

        return check

    return make


def _moment(value: Any, path: str, faults: list[str]) -> float:
    """Return a timestamp in seconds; ISO 8601 is also accepted."""
    if type(value) is str:
        with suppress(ValueError):
            return seconds_of(value)
    elif type(value) in (int, float):
        return float(value)
    raise _unreadable(value, "a Timestamp", path)


def _check_unicode(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ServiceError("SerializationException", "a string has half a surrogate pair") from None


def _hold(
    rules: list[Constraint], value: Any, name: str, shapes: Shapes, path: str, faults: list[str]
) -> None:
    for broken, constraint in rules:
        if broken(value):
            sensitive = shapes[name].get("sensitive")
            shown = "Value" if sensitive else f"Value '{_in_java(value, name, shapes)}'"
            faults.append(f"{shown} at '{path}' failed to satisfy constraint: Member must {constraint}")


def _in_java(value: Any, name: str, shapes: Shapes) -> str:
    """Return a value as Java's ``toString`` writes it, following its shape."""
    shape = shapes[name]
    if shape["type"] == "list" and isinstance(value, list):
        return f"[{', '.join(_in_java(each, shape['member']['shape'], shapes) for each in value)}]"
    if shape["type"] == "structure" and isinstance(value, Mapping):
        members = shape["members"].items()
        parts = (f"{key}={_in_java(value.get(key), inside['shape'], shapes)}" for key, inside in members)
        return f"{name}({', '.join(parts)})"
    if shape["type"] == "map" and isinstance(value, Mapping):
        inside = shape["value"]["shape"]
        return f"{{{', '.join(f'{key}={_in_java(each, inside, shapes)}' for key, each in value.items())}}}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _lengths(shape: dict[str, Any]) -> list[Constraint]:
    low, high = shape.get("min", 0), shape.get("max")
    rules: list[Constraint] = []
    if low:
        rules.append((lambda value: len(value) < low, f"have length greater than or equal to {low}"))
    if high is not None:
        rules.append((lambda value: len(value) > high, f"have length less than or equal to {high}"))
    return rules


_JAVA_CLASS = re.compile(r"\\p\{(\w+)\}")

_CLASSES = {"ASCII": r"[\x00-\x7f]", "L": r"\w", "N": r"\w", "Z": r"\s"}
"""The closest Python equivalents of Java's character classes."""


def _string_rules(shape: dict[str, Any]) -> list[Constraint]:
    rules = _lengths(shape)
    if "pattern" in shape:
        pattern = re.compile(_JAVA_CLASS.sub(lambda found: _CLASSES[found[1]], shape["pattern"]))
        constraint = f"satisfy regular expression pattern: {shape['pattern']}"
        rules.append((lambda value: pattern.fullmatch(value) is None, constraint))
    if "enum" in shape:
        allowed = shape["enum"]
        constraint = f"satisfy enum value set: [{', '.join(allowed)}]"
        rules.append((lambda value: value not in allowed, constraint))
    return rules


def _number_rules(low: float, high: float) -> Callable[[dict[str, Any]], list[Constraint]]:
    """Return a function that makes the rules for numbers; others do not fit their type."""

    def rules_of(shape: dict[str, Any]) -> list[Constraint]:
        least, most = shape.get("min", low), shape.get("max", high)
        return [
            (lambda value: value < least, f"have value greater than or equal to {least}"),
            (lambda value: not value <= most, f"have value less than or equal to {most}"),
        ]

    return rules_of


_KINDS: dict[str, Callable[[str, dict[str, Any], Shapes], RequestCheck]] = {
    "boolean": _scalar((bool,), "a Boolean", lambda shape: []),
    "float": _scalar((int, float), "a Float", _number_rules(-3.4e38, 3.4e38)),
    "integer": _scalar((int,), "an Integer", _number_rules(-(2**31), 2**31 - 1)),
    "list": _list,
    "long": _scalar((int,), "a Long", _number_rules(-(2**63), 2**63 - 1)),
    "map": _map,
    "string": _scalar((str,), "a String", _string_rules),
    "structure": _structure,
    "timestamp": lambda name, shape, shapes: _moment,
}

_FOUND = {
    bool: "BOOLEAN_VALUE",
    dict: "START_OBJECT",
    float: "DECIMAL_VALUE",
    int: "NUMBER_VALUE",
    list: "START_ARRAY",
    str: "STRING_VALUE",
}


def _unreadable(value: Any, noun: str, path: str) -> ServiceError:
    found = _FOUND.get(type(value), "NULL_VALUE")
    refused = ServiceError("SerializationException", f"{found} can not be converted to {noun}")
    refused.path = path
    return refused


_NOT_IN_NAMES = re.compile(r'[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe-\U0010ffff]')
"""Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html, which
rules out what UTF-16 needs two units for, too."""


def check_name(name: str) -> None:
    """Check the name of a machine, an execution or an activity, for which the model does not have a pattern.

    Raises:
        ServiceError: InvalidName.
    """
    if _NOT_IN_NAMES.search(name):
        raise ServiceError("InvalidName", f"Invalid Name: '{name}'")
