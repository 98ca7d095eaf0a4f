"""Names of Lambda functions and activities: whole ARNs, short names, and what is between.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import re

__all__ = ["function_arn", "function_name", "parse_function"]

_PART = r"(?:\$\{[^}]*\}|[^:])"
"""A character of one part of an ARN, or a placeholder, which may have colons inside."""

_NAMED = rf"(?P<name>{_PART}+)(?::(?P<qualifier>.*))?"
_ARN = re.compile(
    rf"arn:{_PART}+:(?:lambda:{_PART}*:{_PART}*:function|states:{_PART}*:{_PART}*:activity):{_NAMED}"
)
_FUNCTION = re.compile(rf"(?:{_PART}+:function:)?{_NAMED}")


def function_name(resource: str) -> str:
    """Return the name of the function or the activity that a Resource names; the Resource itself if none."""
    match = _ARN.fullmatch(resource)
    return match["name"] if match else resource


def parse_function(text: str) -> tuple[str, str | None] | None:
    """Return (name, version or alias) of a function; None where a text names none."""
    match = _ARN.fullmatch(text) or _FUNCTION.fullmatch(text)
    return None if match is None else (match["name"], match["qualifier"])


def function_arn(name: str, execution_arn: str) -> str:
    """Return the ARN of a function in the account and the region of an execution."""
    region, account = (execution_arn.split(":") + [""] * 5)[3:5]
    return f"arn:aws:lambda:{region or 'us-east-1'}:{account or '123456789012'}:function:{name}"
