"""The Python functions that an engine calls, their arguments, and the data that one evaluation shares."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, NamedTuple

from asltool.expr.environment import Json
from asltool.expr.jsonata.job import EvaluationJob

__all__ = ["ASKED", "NOTHING", "Arguments", "FunctionHost", "JsonataFunction", "RefusedCall", "is_inexact"]

NOTHING: Final = object()
"""What a function without a result returns."""

Arguments = dict[str, Json]
"""Arguments by the names of their parameters; one that is undefined is absent."""


ASKED: Final = "A0001"
"""The code with which a function asks for doubles that stand for whole numbers, see `exact`."""


def is_inexact(number: int) -> bool:
    """Return whether a double cannot represent this integer."""
    size = abs(number)
    return size > 1 << 53 and (size.bit_length() > 1023 or int(float(size)) != size)


class RefusedCall(Exception):
    """A function call failed; the text begins with JSONata's code for the reason."""


class FunctionHost:
    """What the functions of one evaluation share: time, random numbers, and stand-ins for integers."""

    def __init__(self, job: EvaluationJob) -> None:
        self.now = job.now
        self.stand_ins = job.stand_ins
        self.unknown: list[int] = []
        self.chance = random.Random(int(job.seed * (1 << 53)))

    def number(self, number: int) -> float:
        """Return an integer that a function has read, or its stand-in double."""
        if abs(number) < 1 << 53 or not (self.stand_ins or is_inexact(number)):
            return number if abs(number) < 1 << 63 else float(number)
        double = self.stand_ins.get(abs(number))
        if double is None:
            self.unknown.append(number)
            return 0
        return double if number > 0 else -double

    def ask(self) -> None:
        """Fail if there are numbers that have no stand-in yet."""
        if self.unknown:
            raise RefusedCall(f"{ASKED}: {' '.join(map(str, self.unknown))}")


class JsonataFunction(NamedTuple):
    """``signature`` gives, in JSONata's notation, the types that are checked before the call.

    ``call`` is ``$asl_NAME`` in JSONata; it takes an object of the arguments and returns an object whose
    ``value`` is the result. The JSONata function only calls it, unless it has a ``body`` of its own in
    JSONata, where ``$own_NAME`` is the engine's function of this name. If that one checks the types itself
    (not ``signed``), the signature is used only for an unusual number of arguments, because it makes a call
    ten times slower.
    """

    parameters: tuple[str, ...]
    signature: str
    call: Callable[[Arguments, FunctionHost], Json] | None
    body: str = ""
    signed: bool = True
