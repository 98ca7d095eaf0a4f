"""Values that the service or a run generates, so that they differ in every run."""

from __future__ import annotations

import re

from asltool.integrations.differences import Difference

__all__ = ["is_generated"]

_TOKEN = re.compile(r"\b[0-9a-f]{64}\b")
_GENERATED = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|arn:[\w-]+:(states:[\w-]*:\d*:(stateMachine|execution|express|mapRun):|iam::\d*:role/)"
)
"""Timestamps, UUIDs, ARNs of executions and roles: strings that, like task tokens, differ in every run."""


def is_generated(found: Difference) -> bool:
    """Return whether two values are strings with parts that every run generates anew."""
    if not isinstance(found.was, str) or not isinstance(found.now, str):
        return False
    return bool(_TOKEN.search(found.now) or (_GENERATED.search(found.was) and _GENERATED.search(found.now)))
