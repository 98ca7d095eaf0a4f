"""The records of child executions in a map run's results, as JSON text.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from asltool.engine.identity import Identity
from asltool.engine.map_io import ChildEnd, ChildIdentities
from asltool.expr.values import dumps
from asltool.history.timestamps import iso_time

__all__ = ["TRANSFORMATIONS", "Transformation"]

Transformation = Callable[[ChildEnd, ChildIdentities], list[str]]
"""A child's contribution to the results."""

_SUCCEEDED = (
    '{"ExecutionArn":%s,"Input":%s,"InputDetails":{"Included":true},"Name":%s,'
    '"Output":%s,"OutputDetails":{"Included":true},'
    '"RedriveCount":%d,"RedriveStatus":"NOT_REDRIVABLE",'
    '"RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven",'
    '"StartDate":"%s","StateMachineArn":%s,"Status":"SUCCEEDED","StopDate":"%s"}'
)
_FAILED = (
    '{%s"ExecutionArn":%s,"Input":%s,"InputDetails":{"Included":true},"Name":%s,'
    '"RedriveCount":%d,"RedriveStatus":"REDRIVABLE_BY_MAP_RUN",'
    '"StartDate":"%s","StateMachineArn":%s,"Status":"%s","StopDate":"%s"}'
)
_PENDING = '{"Input":%s,"InputDetails":{"Included":true},"Status":"PENDING"}'


@lru_cache(maxsize=64)
def _second(whole: int) -> str:
    return iso_time(whole)[: len("2025-02-04T01:49:50")]


def _moment(seconds: float) -> str:
    """Return a timestamp as the service writes it, to the millisecond."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{_second(whole)}.{thousandths:03d}Z"


def _none(child: ChildEnd, names: ChildIdentities) -> list[str]:
    if child.status == "SUCCEEDED":
        return [_succeeded(child, names(child.index))]
    value = dumps(dumps(child.input))
    return [_PENDING % value if child.status == "PENDING" else _failed(child, value, names(child.index))]


def _compact(child: ChildEnd, names: ChildIdentities) -> list[str]:
    return [dumps(child.output)] if child.status == "SUCCEEDED" else _none(child, names)


def _flatten(child: ChildEnd, names: ChildIdentities) -> list[str]:
    if child.status == "SUCCEEDED" and isinstance(child.output, list):
        return list(map(dumps, child.output))
    return _compact(child, names)


TRANSFORMATIONS: dict[str, Transformation] = {
    "NONE": _none,
    "COMPACT": _compact,
    "FLATTEN": _flatten,
}
"""A child that did not succeed has the same record under each of them."""


def _succeeded(child: ChildEnd, identity: Identity) -> str:
    value = dumps(dumps(child.input))
    # The output equals the input, as from a Pass state: reuse its text.
    output = value if child.output is child.input else dumps(dumps(child.output))
    return _SUCCEEDED % (
        dumps(identity.execution_arn),
        value,
        dumps(identity.name),
        output,
        child.redrive_count,
        _moment(child.started_at),
        dumps(identity.state_machine_arn),
        _moment(child.stopped_at),
    )


def _failed(child: ChildEnd, value: str, identity: Identity) -> str:
    words = {"Cause": child.cause, "Error": child.error}
    return _FAILED % (
        "".join(f'"{name}":{dumps(word)},' for name, word in words.items() if word is not None),
        dumps(identity.execution_arn),
        value,
        dumps(identity.name),
        child.redrive_count,
        _moment(child.started_at),
        dumps(identity.state_machine_arn),
        child.status,
        _moment(child.stopped_at),
    )
