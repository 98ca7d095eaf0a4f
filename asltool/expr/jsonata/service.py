"""The functions that the service adds to JSONata, and those that depend on time or random numbers.

Their results for unusual arguments were observed on the service: fractions are truncated, an empty array has
no partitions, and a range of one number is that number.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import uuid
from datetime import UTC, datetime
from typing import Final, NoReturn

from asltool.expr.environment import Json
from asltool.expr.intrinsics.java import Random
from asltool.expr.jsonata.host import NOTHING, Arguments, FunctionHost, JsonataFunction, RefusedCall
from asltool.expr.jsonata.job import LIMITS

__all__ = ["FUNCTIONS"]

_TOO_LONG = 1 << 23
"""The service was seen to make a string of 2^22 characters, and to run out of memory for one of 2^23."""


def _hash(arguments: Arguments, host: FunctionHost) -> Json:
    algorithm = arguments.get("algorithm")
    if algorithm is None or "text" not in arguments:
        return NOTHING
    if algorithm not in (known := ("SHA-1", "SHA-384", "SHA-256", "SHA-512", "MD5")):
        raise RefusedCall(f"D3137: Hash algorithm '{algorithm}' must be one of {', '.join(known)}")
    data = arguments["text"].encode("utf-8", "replace")
    return hashlib.new(algorithm.replace("SHA-", "SHA"), data, usedforsecurity=False).hexdigest()


def _parse(arguments: Arguments, host: FunctionHost) -> Json:
    if "text" not in arguments:
        return NOTHING
    decoder = json.JSONDecoder(
        object_pairs_hook=_unique,
        parse_int=lambda digits: host.number(int(digits)),
        parse_float=lambda digits: _float(digits, host),
        parse_constant=_no_number,
    )
    try:
        found = decoder.decode(arguments["text"])
    except (ValueError, RecursionError):
        raise RefusedCall("D3137: Invalid JSON") from None
    host.ask()
    return found


def _partition(arguments: Arguments, host: FunctionHost) -> Json:
    array = arguments.get("array", [])
    if array is None:
        raise RefusedCall('T0412: Argument 1 of function "partition" must be an array')
    array = array if isinstance(array, list) else [array]
    size = int(arguments.get("size", len(array)))
    if size < 0:
        raise RefusedCall("D3137: Second argument must be zero or greater")
    if size == 0:
        return NOTHING
    return [array[start : start + size] for start in range(0, len(array), size)] or NOTHING


def _range(arguments: Arguments, host: FunctionHost) -> Json:
    start, end, step = (int(arguments.get(name, 0)) for name in ("start", "end", "step"))
    if step == 0 or "start" not in arguments or "end" not in arguments:
        return NOTHING
    count = (end - start) // step + 1
    if count > LIMITS.sequence:
        raise RefusedCall("D2014: too many numbers")
    numbers = [start + index * step for index in range(count)]
    return numbers[0] if count == 1 else numbers or NOTHING


def _random(arguments: Arguments, host: FunctionHost) -> Json:
    if "seed" not in arguments:
        return host.chance.random()
    java = Random(int(arguments["seed"]))
    return ((java.between(0, 1 << 26) << 27) + java.between(0, 1 << 27)) / (1 << 53)


def _shuffle(arguments: Arguments, host: FunctionHost) -> Json:
    if "array" not in arguments:
        return NOTHING
    array = arguments["array"]
    return host.chance.sample(array, len(array))


def _uuid(arguments: Arguments, host: FunctionHost) -> Json:
    return str(uuid.UUID(int=host.chance.getrandbits(128), version=4))


def _millis(arguments: Arguments, host: FunctionHost) -> Json:
    return host.now


def _dated(arguments: Arguments, host: FunctionHost) -> Json:
    """Return a time and its picture, both prefixed with the parts of today's date they lack."""
    if "text" not in arguments:
        return NOTHING
    parts = set(re.findall(r"\[\s*([A-Za-z])", arguments["picture"]))
    missing = 1 if parts & set("Md") else 2 if "D" in parts else 3
    if not parts or parts & set("YXxWwF"):
        missing = 0
    today = datetime.fromtimestamp(host.now / 1000, UTC)
    date = "".join(f"{today:{form}} " for form in ("%Y", "%m", "%d")[:missing])
    picture = "".join(("[Y0001] ", "[M01] ", "[D01] ")[:missing])
    return [date + arguments["text"], picture + arguments["picture"]]


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a repeated key")
    return fields


def _length(arguments: Arguments, host: FunctionHost) -> Json:
    length = arguments.get("length", NOTHING)
    if isinstance(length, int | float) and length >= _TOO_LONG:
        raise RefusedCall("D2014: a string of 2^23 characters")
    return length


def _float(digits: str, host: FunctionHost) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("out of range")
    return host.number(int(number)) if number.is_integer() else number


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


_LENGTH = '$asl_length({"length":$own_length($s)}).value'
_NOW = "$own_fromMillis($asl_now({}).value,$p,$z)"
_TO_MILLIS = (
    "$exists($p)"
    '?($t:=$asl_toMillis({"text":$t,"picture":$p}).value;$own_toMillis($t[0],$t[1]))'
    ":$own_toMillis($t)"
)

FUNCTIONS: Final = {
    "hash": JsonataFunction(("text", "algorithm"), "<ss?:s>", _hash),
    "length": JsonataFunction(("s",), "<s-:n>", _length, _LENGTH, signed=False),
    "millis": JsonataFunction((), "<:n>", _millis),
    "now": JsonataFunction(("p", "z"), "<s?s?:s>", _millis, _NOW),
    "parse": JsonataFunction(("text",), "<s?:x>", _parse),
    "partition": JsonataFunction(("array", "size"), "<x?n?:a>", _partition),
    "random": JsonataFunction(("seed",), "<n?:n>", _random),
    "range": JsonataFunction(("start", "end", "step"), "<nnn?:x>", _range),
    "shuffle": JsonataFunction(("array",), "<a?:a>", _shuffle),
    "toMillis": JsonataFunction(("t", "p"), "<s-s?:n>", _dated, _TO_MILLIS),
    "uuid": JsonataFunction((), "<:s>", _uuid),
}
