"""The services and actions of ``aws-sdk:service:action``, as Step Functions spells them.

``tests/sdk_names.py`` makes the table from botocore's service models. It may not have the newest actions, so
only names that are close to a known one are reported.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from asltool.syntax.wording import quoted

__all__ = ["misspelt_sdk_name"]

_MOST_CHANGES = 2
_SHORT = 4
"""Names up to this length are close to another one only with a single change."""


class _SdkService(NamedTuple):
    """``actions`` are split only when a name is not found in them; empty means that any action is allowed."""

    name: str
    others: tuple[str, ...]
    actions: str


def misspelt_sdk_name(service: str, action: str) -> str | None:
    """Return the problem with a service or its action; None if it is known, or no known name is close."""
    services = _services()
    if service not in services:
        meant = _other_names().get(_folded(service)) or _closest(service, services)
        hint = _hint(service, meant, services) if meant else ""
        return f"there is no AWS SDK service {quoted(service)}. {hint}" if meant else None
    actions = services[service].actions
    if not actions or f" {action} " in f" {actions} ":
        return None
    meant = _closest(action, actions.split(" "))
    hint = f"did you mean {quoted(meant)}?"
    return f"the AWS SDK service {quoted(service)} has no action {quoted(action)}. {hint}" if meant else None


def _hint(service: str, meant: str, services: dict[str, _SdkService]) -> str:
    if service in services[meant].others:
        return f"Step Functions calls it {quoted(meant)}"
    return f"did you mean {quoted(meant)}?"


@cache
def _services() -> dict[str, _SdkService]:
    """Return the services by their names in a Resource. The table is read on first use."""
    import zlib

    # importlib.resources is not used, because its import takes longer than the rest of this function.
    text = zlib.decompress(Path(__file__).with_name("sdk_names.zlib").read_bytes()).decode("ascii")
    services = map(_service, text.splitlines())
    return {service.name: service for service in services}


def _service(line: str) -> _SdkService:
    names, _, actions = line.partition(" ")
    name, *others = names.split("/")
    return _SdkService(name, tuple(others), actions)


@cache
def _other_names() -> dict[str, str]:
    """Return the SDK names of services by their other names."""
    found = {_folded(other): each.name for each in _services().values() for other in each.others}
    return found | {_folded(name): name for name in _services()}


def _folded(name: str) -> str:
    return name.replace("-", "").replace("_", "").casefold()


def _closest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that needs the fewest changes; None if there are too many for a typing error."""
    most = _MOST_CHANGES if len(name) > _SHORT else 1
    folded, digits = name.casefold(), _digits(name)
    near = (
        (_changes(folded, each.casefold(), most), each[:1] != folded[:1], each)
        for each in names
        if _digits(each) == digits
    )
    changes, _, meant = min(near, default=(most + 1, True, ""))
    return meant if changes <= most else None


def _digits(name: str) -> str:
    """Names that differ in a number, such as ``waf`` and ``wafv2``, are different names."""
    return "".join(filter(str.isdigit, name))


def _changes(one: str, other: str, most: int) -> int:
    """Return how many letters are added, left out, replaced or swapped; counting stops above ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, before, row = before, row, [at]
        for to, wanted in enumerate(other, 1):
            row.append(min(before[to] + 1, row[-1] + 1, before[to - 1] + (letter != wanted)))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                row[to] = min(row[to], last[to - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]
