"""What an engine calls in Python: functions, their arguments, and what those of one evaluation share."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, NamedTuple

from asltool.expr.environment import Json
from asltool.expr.jsonata.job import Job

__all__ = ["NOTHING", "Arguments", "Function", "Host", "Refused"]

NOTHING: Final = object()
"""What a function without a result returns."""

Arguments = dict[str, Json]
"""Arguments by the names of their parameters; one that is undefined is absent."""


class Refused(Exception):
    """A call that cannot be answered; the text begins with JSONata's code for the reason."""


class Host:
    """What the functions of one evaluation share: its moment, and its own sequence of chance."""

    def __init__(self, job: Job) -> None:
        self.now = job.now
        self.chance = random.Random(int(job.seed * (1 << 53)))


class Function(NamedTuple):
    """``signature`` is JSONata's notation for the types that are checked before the call.

    ``call`` is ``$asl_NAME`` in JSONata; it takes an object of the arguments and returns an object whose
    ``value`` is the result. The function itself does nothing else, unless it has a ``body`` of its own, in
    JSONata; there the function of this name that engines have is ``$own_NAME``. Where that one checks the
    types itself (not ``signed``), the signature is written only for an odd number of arguments: it costs an
    engine ten times what such a call costs.
    """

    parameters: tuple[str, ...]
    signature: str
    call: Callable[[Arguments, Host], Json] | None
    body: str = ""
    signed: bool = True
