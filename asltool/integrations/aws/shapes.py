"""Convert JSON to boto3's parameters, and boto3's responses to JSON, by the shapes of a service's model.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from asltool.expr.environment import Json
from asltool.expr.values import loads, shown
from asltool.integrations.aws.words import ServiceWords
from asltool.integrations.parameters import check_fields

__all__ = ["from_json", "to_json"]


def from_json(value: Json, shape: Any, words: ServiceWords, field: str = "Parameters") -> Any:
    """Return a task's parameters for boto3, converted by a botocore shape; None if there are none.

    Fields that are null are left out. JSON for a string or bytes is sent as its text.

    Raises:
        ValueError: a field is missing, is unknown or has the wrong type; the message is the service's.
    """
    return {} if shape is None else _FROM[_kind(shape)](value, shape, words, field)


def to_json(value: Any, shape: Any, words: ServiceWords) -> Json:
    """Return boto3's response as JSON. Bytes that are not UTF-8 become base64."""
    return {} if shape is None else _TO.get(_kind(shape), _as_it_is)(value, shape, words)


def _kind(shape: Any) -> str:
    return "document" if getattr(shape, "is_document_type", False) else shape.type_name


def _misfit(field: str) -> ValueError:
    return ValueError(f"The value of the field '{field}' has an invalid format")


def _structure_from(value: Json, shape: Any, words: ServiceWords, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _misfit(field)
    members = {words.field(name): (name, member) for name, member in shape.members.items()}
    required = shape.required_members
    needed = [spelt for spelt, (name, member) in members.items() if name in required and not _made_up(member)]
    check_fields(value, members, needed)
    return {
        name: from_json(value[spelt], member, words, spelt)
        for spelt, (name, member) in members.items()
        if value.get(spelt) is not None
    }


def _made_up(shape: Any) -> bool:
    """Return whether boto3 fills this in by itself: an idempotency token."""
    return bool(shape.metadata.get("idempotencyToken"))


def _list_from(value: Json, shape: Any, words: ServiceWords, field: str) -> list[Any]:
    if not isinstance(value, list):
        raise _misfit(field)
    return [from_json(each, shape.member, words, field) for each in value]


def _map_from(value: Json, shape: Any, words: ServiceWords, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _misfit(field)
    return {key: from_json(each, shape.value, words, key) for key, each in value.items()}


def _text_from(value: Json, shape: Any, words: ServiceWords, field: str) -> str:
    return shown(value)


def _bytes_from(value: Json, shape: Any, words: ServiceWords, field: str) -> bytes:
    return shown(value).encode()


def _flag_from(value: Json, shape: Any, words: ServiceWords, field: str) -> bool:
    if not isinstance(value, bool):
        raise _misfit(field)
    return value


def _number_from(value: Json, shape: Any, words: ServiceWords, field: str) -> float:
    """A string with the number is accepted too."""
    number = _read_number(value) if isinstance(value, str) else value
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise _misfit(field)
    if shape.type_name in ("float", "double"):
        return float(number)
    if number != int(number):
        raise _misfit(field)
    return int(number)


def _read_number(text: str) -> Json:
    try:
        return loads(text)
    except ValueError:
        return None


def _moment_from(value: Json, shape: Any, words: ServiceWords, field: str) -> Any:
    """Strings are ISO 8601, numbers seconds since the epoch; boto3 accepts both."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _misfit(field)
    return value


def _document_from(value: Json, shape: Any, words: ServiceWords, field: str) -> Json:
    return value


_FROM: dict[str, Callable[[Json, Any, ServiceWords, str], Any]] = {
    "structure": _structure_from,
    "list": _list_from,
    "map": _map_from,
    "string": _text_from,
    "character": _text_from,
    "blob": _bytes_from,
    "boolean": _flag_from,
    "integer": _number_from,
    "long": _number_from,
    "float": _number_from,
    "double": _number_from,
    "timestamp": _moment_from,
    "document": _document_from,
}


def _structure_to(value: dict[str, Any], shape: Any, words: ServiceWords) -> dict[str, Json]:
    """Fields are sorted by name."""
    result: dict[str, Json] = {}
    for name, member in shape.members.items():
        if value.get(name) is not None:
            result[words.field(name)] = to_json(value[name], member, words)
        elif words.field(name) in words.lists:
            result[words.field(name)] = []
    return dict(sorted(result.items()))


def _list_to(value: list[Any], shape: Any, words: ServiceWords) -> list[Json]:
    return [to_json(each, shape.member, words) for each in value]


def _map_to(value: dict[str, Any], shape: Any, words: ServiceWords) -> dict[str, Json]:
    return {key: to_json(each, shape.value, words) for key, each in value.items()}


def _moment_to(value: Any, shape: Any, words: ServiceWords) -> Json:
    return words.moment(value)


def _bytes_to(value: Any, shape: Any, words: ServiceWords) -> str:
    """A streamed body is read completely."""
    data = value if isinstance(value, bytes) else value.read()
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()


def _as_it_is(value: Any, shape: Any, words: ServiceWords) -> Json:
    return value


_TO: dict[str, Callable[[Any, Any, ServiceWords], Json]] = {
    "structure": _structure_to,
    "list": _list_to,
    "map": _map_to,
    "timestamp": _moment_to,
    "blob": _bytes_to,
}
