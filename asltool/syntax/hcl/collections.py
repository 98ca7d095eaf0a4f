"""Terraform functions for lists and objects."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from asltool.syntax.hcl.access import member
from asltool.syntax.hcl.calls import HclCall, HclFunction
from asltool.syntax.hcl.value import Unknown, Value, is_partly_unknown, plain

__all__ = ["COLLECTIONS"]


def _same(call: HclCall, values: list[Value]) -> Value | None:
    return values[0]


def _merge(call: HclCall, values: list[Value]) -> Value | None:
    """The result keeps the known members and, if an object is unknown, a note that there are more."""
    members: dict[str, Any] = {}
    rest = ""
    for value in values:
        if isinstance(value.data, dict):
            members.update(value.data)
            rest = value.rest or rest
        elif isinstance(value.data, Unknown):
            rest = value.data.name or rest
    if not members and rest:
        return None
    return Value(members, *call.place, rest=rest)


def _concat(call: HclCall, values: list[Value]) -> Value | None:
    items: list[Value] = []
    rest = ""
    for value in values:
        if isinstance(value.data, list):
            items += value.data
            rest = value.rest or rest
        elif isinstance(value.data, Unknown):
            rest = value.data.name
    if not items and rest:
        return None
    return Value(items, *call.place, rest=rest)


def _flatten(call: HclCall, values: list[Value]) -> Value | None:
    [value] = values
    if not isinstance(value.data, list):
        return None
    items: list[Value] = []
    rest = value.rest
    for item in value.data:
        if isinstance(item.data, list):
            inner = _flatten(call, [item])
            items += inner.data if inner else []
            rest = item.rest or rest
        else:
            items.append(item)
    return Value(items, *call.place, rest=rest)


def _lookup(call: HclCall, values: list[Value]) -> Value | None:
    found = member(values[0], values[1].data)
    if found is None and values[0].known and not values[0].rest and len(values) > 2:
        return values[2]
    return found


def _element(call: HclCall, values: list[Value]) -> Value | None:
    items, index = values[0].data, values[1].data
    return items[int(index) % len(items)] if isinstance(items, list) and not values[0].rest else None


def _keys(call: HclCall, values: list[Value]) -> Value | None:
    data = values[0].data
    return Value([key for key, _ in data.values()], *call.place, rest=values[0].rest)


def _values(call: HclCall, values: list[Value]) -> Value | None:
    data = values[0].data
    return Value([value for _, value in data.values()], *call.place, rest=values[0].rest)


def _length(call: HclCall, values: list[Value]) -> Value | None:
    [value] = values
    if not isinstance(value.data, str | list | dict) or value.rest:
        return None
    if isinstance(value.data, str) and is_partly_unknown(value):
        return None
    return Value(len(value.data), *call.place)


def _contains(call: HclCall, values: list[Value]) -> Value | None:
    items, wanted = values
    if not isinstance(items.data, list) or is_partly_unknown(items) or is_partly_unknown(wanted):
        return None
    return Value(any(plain(item) == plain(wanted) for item in items.data), *call.place)


def _coalesce(call: HclCall, values: list[Value]) -> Value | None:
    for value in values:
        if not value.known or value.name:
            return None
        if value.data is not None and value.data != "":
            return value
    return None


def _compact(call: HclCall, values: list[Value]) -> Value | None:
    items = [item for item in values[0].data if item.data is not None and item.data != ""]
    return Value(items, *call.place, rest=values[0].rest)


def _distinct(call: HclCall, values: list[Value]) -> Value | None:
    items: list[Value] = []
    for item in values[0].data:
        if not any(plain(item) == plain(other) for other in items):
            items.append(item)
    return replace(values[0], data=items)


def _zipmap(call: HclCall, values: list[Value]) -> Value | None:
    keys, items = (value.data for value in values)
    if any(not isinstance(key.data, str) for key in keys):
        return None
    return Value({key.data: (key, item) for key, item in zip(keys, items, strict=True)}, *call.place)


def _range(call: HclCall, values: list[Value]) -> Value | None:
    numbers = range(*(int(value.data) for value in values))
    if len(numbers) > 1024:
        return None
    return Value([Value(number, *call.place) for number in numbers], *call.place)


def _slice(call: HclCall, values: list[Value]) -> Value | None:
    items, start, end = (value.data for value in values)
    return Value(items[start:end], *call.place) if isinstance(items, list) and not values[0].rest else None


def _reverse(call: HclCall, values: list[Value]) -> Value | None:
    return replace(values[0], data=values[0].data[::-1])


def _sort(call: HclCall, values: list[Value]) -> Value | None:
    if any(not isinstance(item.data, str) for item in values[0].data):
        return None
    return replace(values[0], data=sorted(values[0].data, key=lambda item: str(item.data)))


def _one(call: HclCall, values: list[Value]) -> Value | None:
    items = values[0].data
    if not isinstance(items, list) or values[0].rest or len(items) > 1:
        return None
    return items[0] if items else Value(None, *call.place)


def _to_list(call: HclCall, values: list[Value]) -> Value | None:
    [value] = values
    return value if isinstance(value.data, list) else None


def _every(call: HclCall, values: list[Value], *, wanted: bool) -> Value | None:
    """``alltrue`` and ``anytrue``: one element can decide the result, whatever the others are."""
    items = [item.data for item in values[0].data]
    if any(item is (not wanted) for item in items):
        return Value(not wanted, *call.place)
    if values[0].rest or not all(item is wanted for item in items):
        return None
    return Value(wanted, *call.place)


COLLECTIONS: dict[str, HclFunction] = {
    "alltrue": partial(_every, wanted=True),
    "anytrue": partial(_every, wanted=False),
    "coalesce": _coalesce,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": _same,
    "one": _one,
    "range": _range,
    "reverse": _reverse,
    "sensitive": _same,
    "setunion": _concat,
    "slice": _slice,
    "sort": _sort,
    "tolist": _to_list,
    "tomap": _same,
    "toset": _to_list,
    "values": _values,
    "zipmap": _zipmap,
}
