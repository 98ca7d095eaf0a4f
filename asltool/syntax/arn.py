"""Parse Amazon Resource Names. Their parts may be placeholders.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Arn", "name_in_arn", "parse_arn", "partition_of", "split_arn"]

_KINDS = {"lambda": "function", "states": "activity"}

_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""By what stands before the direction in a region's name."""

_PART = re.compile(r"(?:[$#]\{[^}]*\}|[^:])*")
"""A part of an ARN. A placeholder, such as ``${AWS::Region}``, may have colons inside."""


class Arn(NamedTuple):
    """``arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE``; the resource may have colons of its own."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def partition_of(region: str) -> str:
    """Return the partition that a region is in."""
    return _PARTITIONS.get(region[: region.rfind("-", 0, region.rfind("-"))], "aws")


def parse_arn(text: str) -> Arn | None:
    """Return the parts of an ARN; None if the text is not an ARN."""
    if not text.startswith("arn:"):
        return None
    parts = split_arn(text, 5)
    return Arn(*parts[1:]) if len(parts) == 6 else None


def split_arn(text: str, most: int = -1) -> list[str]:
    """Split at the first ``most`` colons, ignoring those inside placeholders."""
    if "{" not in text:
        return text.split(":", most)
    parts, start = list[str](), 0
    while len(parts) != most:
        match = _PART.match(text, start)
        assert match is not None  # it may be empty
        parts.append(match[0])
        start = match.end() + 1
        if start > len(text):
            return parts
    return [*parts, text[start:]]


def name_in_arn(arn: Arn | None) -> list[str] | None:
    """Return the name of the function or activity in an ARN, and what follows the name."""
    if arn is None or not arn.partition:
        return None
    kind, *parts = split_arn(arn.resource, 2)
    return parts if kind == _KINDS.get(arn.service) and parts and parts[0] else None
