"""JSON values: equality, order and text.

Python and JSON differ in places: ``True == 1`` in Python, while JSON's ``true`` and ``1`` differ; Python's
json module reads and writes ``NaN``, which is not valid JSON; and Python compares strings by code point, the
service (Java) by UTF-16 unit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import NoReturn

from asltool.expr.environment import Json

__all__ = ["dumps", "json_equal", "loads", "shown", "string_less"]


def json_equal(left: Json, right: Json) -> bool:
    """Return whether two values are the same JSON: ``1`` equals ``1.0``, ``true`` and ``1`` differ."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and _all_equal(left, right)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(json_equal, left, right))
    return bool(left == right)


def _all_equal(left: dict[str, Json], right: dict[str, Json]) -> bool:
    return all(map(json_equal, left.values(), map(right.__getitem__, left)))


def string_less(left: str, right: str) -> bool:
    """Return whether ``left`` comes before ``right`` in the service's order, that of UTF-16 units."""
    if left.isascii() and right.isascii():
        return left < right
    return _utf16(left) < _utf16(right)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def dumps(value: Json) -> str:
    """Return the service's JSON text: without spaces and unnecessary escapes.

    Raises:
        ValueError: the value is not JSON: NaN, an infinity, a circular reference, or a type that JSON lacks.
    """
    try:
        try:
            return _encode(value)
        except RecursionError:
            # Only the slower encoder distinguishes a circular reference from too deep nesting.
            return _ENCODER.encode(value)
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def shown(value: Json) -> str:
    """Return a value as it is in the service's messages: a string as it is, anything else as JSON text."""
    return value if isinstance(value, str) else dumps(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _make_encode() -> Callable[[Json], str]:
    """Return the C encoder, which the standard library would create again for every value."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return _ENCODER.encode
    text = json.encoder.encode_basestring
    pieces = make(None, _ENCODER.default, text, None, ":", ",", False, False, False)
    return lambda value: text(value) if isinstance(value, str) else "".join(pieces(value, 0))


_encode = _make_encode()


def loads(text: str) -> Json:
    """Read a JSON text strictly: ``NaN``, ``Infinity`` and numbers too large for a double are rejected.

    Raises:
        ValueError: the text is not JSON; the message says where.
    """
    try:
        return _decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError as error:
        if "set_int_max_str_digits" in str(error):
            raise ValueError("an integer has more than 4,300 digits") from error
        raise


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    return _refuse(digits) if math.isinf(number) else number


_decode = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite).decode
