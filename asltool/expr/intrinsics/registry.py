"""The registry of intrinsic functions: a name, the kinds of arguments, and an implementation.

``@intrinsic("States.ArrayContains", "array", "any")`` registers a Python function. Its body gets arguments
that are already checked and converted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from asltool.expr.environment import Json

__all__ = ["FUNCTIONS", "ArgumentKind", "Intrinsic", "RefusedArguments", "intrinsic"]

LIMIT = 10_000
"""The most characters that Base64Encode, Base64Decode and Hash take."""


class RefusedArguments(Exception):
    """A function rejects its arguments. The message is the service's; if empty, the usual one is used."""


class ArgumentKind(NamedTuple):
    """A kind of argument: a function that checks and converts a value, and its name for messages."""

    convert: Callable[[Json], Any] | None
    expected: str

    def check(self, value: Json) -> Any:
        """Return the converted value, or raise `RefusedArguments`."""
        return value if self.convert is None else self.convert(value)


class Intrinsic(NamedTuple):
    """``kinds`` are those of the fixed arguments, of which the first ``required`` are mandatory.

    ``rest`` is the kind of any further arguments; a function that needs random numbers gets the execution's
    ``uniform`` as its first argument.
    """

    name: str
    kinds: tuple[ArgumentKind, ...]
    required: int
    rest: ArgumentKind | None
    uses_chance: bool
    meaning: Callable[..., Json]

    def takes(self, count: int) -> bool:
        """Return whether the function accepts this number of arguments."""
        return count >= self.required and (self.rest is not None or count <= len(self.kinds))

    def kind(self, index: int) -> ArgumentKind:
        """Return the kind of the argument at a valid index."""
        if index < len(self.kinds):
            return self.kinds[index]
        assert self.rest is not None
        return self.rest


FUNCTIONS: dict[str, Intrinsic] = {}
"""Every function by its name, filled by the modules that hold them."""

Meaning = Callable[..., Json]


def intrinsic(name: str, *kinds: str, uses_chance: bool = False) -> Callable[[Meaning], Meaning]:
    """Register a function. A kind that ends in ``?`` is optional; one that ends in ``*`` can be repeated."""

    def register(meaning: Meaning) -> Meaning:
        rest = next((KINDS[kind[:-1]] for kind in kinds if kind.endswith("*")), None)
        fixed = [kind for kind in kinds if not kind.endswith("*")]
        FUNCTIONS[name] = Intrinsic(
            name=name,
            kinds=tuple(KINDS[kind.removesuffix("?")] for kind in fixed),
            required=sum(not kind.endswith("?") for kind in fixed),
            rest=rest,
            uses_chance=uses_chance,
            meaning=meaning,
        )
        return meaning

    return register


def _instance(of: type) -> Callable[[Json], Json]:
    def convert(value: Json) -> Json:
        if isinstance(value, of):
            return value
        raise RefusedArguments

    return convert


def _data(value: Json) -> str:
    if isinstance(value, str) and len(value) <= LIMIT:
        return value
    raise RefusedArguments


def _algorithm(value: Json) -> str:
    if value in ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"):
        return str(value)
    raise RefusedArguments


def _shallow(value: Json) -> Json:
    if value is True:
        raise RefusedArguments
    return value


def _in_32_bits(number: int) -> int:
    if -0x8000_0000 <= number <= 0x7FFF_FFFF:
        return number
    raise RefusedArguments


def _rounded(value: Json) -> int:
    if type(value) is int:
        return _in_32_bits(value)
    if type(value) is float:
        below = math.floor(value)
        return _in_32_bits(below + (value - below >= 0.5))
    raise RefusedArguments


def _cut(value: Json) -> int:
    if type(value) is int:
        return _in_32_bits(value)
    if type(value) is float:
        return _in_32_bits(math.trunc(value))
    raise RefusedArguments


def _positive(value: Json) -> int:
    if (number := _cut(value)) > 0:
        return number
    raise RefusedArguments


def _nonzero(value: Json) -> int:
    if number := _cut(value):
        return number
    raise RefusedArguments


KINDS = {
    "any": ArgumentKind(None, "any value"),
    "array": ArgumentKind(_instance(list), "an array"),
    "object": ArgumentKind(_instance(dict), "an object"),
    "string": ArgumentKind(_instance(str), "a string"),
    "template": ArgumentKind(None, "a string"),
    "data": ArgumentKind(_data, f"a string of at most {LIMIT:,} characters"),
    "algorithm": ArgumentKind(_algorithm, "MD5, SHA-1, SHA-256, SHA-384 or SHA-512"),
    "shallow": ArgumentKind(_shallow, "false, since the service merges objects only at their first level"),
    "rounded": ArgumentKind(_rounded, "a 32-bit number"),
    "integer": ArgumentKind(_cut, "a 32-bit integer"),
    "positive": ArgumentKind(_positive, "a positive 32-bit integer"),
    "nonzero": ArgumentKind(_nonzero, "a 32-bit integer other than 0"),
}
"""Every kind of argument. The service rounds a fraction in MathAdd and cuts it off everywhere else."""
