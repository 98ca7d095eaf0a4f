"""Names of executions, made from the run of a DAG.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from asltool.expr.values import dumps

__all__ = ["execution_name", "numbered", "plain"]

_LONGEST = 80
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.+-]")


def plain(text: str) -> str:
    """Return a text with ``_`` for characters that names of executions and state machines cannot have."""
    return _NOT_IN_NAMES.sub("_", text)[:_LONGEST]


def execution_name(run_id: str, *rest: Any) -> str:
    """Return the same name for the same run, task, definition and input: the run ID and a hash of all.

    It leaves room for `numbered`.
    """
    digest = hashlib.sha256(dumps([run_id, *rest]).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain(run_id)[: _LONGEST - 14]}-{digest}"


def numbered(name: str) -> Iterator[str]:
    """Yield a name, then the same with ``-2``, ``-3`` and so on."""
    yield name
    for number in count(2):
        suffix = f"-{number}"
        yield name[: _LONGEST - len(suffix)] + suffix
