"""Placeholders: parts of a definition that are filled in when it is deployed."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["fits", "has_placeholder", "may_become_arn"]

_PLACEHOLDER = re.compile(r"[$#]\{[^}]*\}")
_NESTED = r"[$#]\{(?:[^{}]|[$#]\{[^{}]*\})*\}"
_ARN = re.compile(rf"(?:arn:|{_NESTED})(?:[^{{}}]|{_NESTED})*")


def has_placeholder(value: Any) -> bool:
    """Return whether a part of this value is filled in when it is deployed.

    CloudFormation and Terraform use ``${Name}``, plugins of the Serverless Framework ``#{Name}``. The value
    is not known yet, so such a string is accepted anywhere.
    """
    return isinstance(value, str) and "{" in value and _PLACEHOLDER.search(value) is not None


def may_become_arn(text: str) -> bool:
    """Return whether a string with placeholders may be an ARN once they are filled in.

    It cannot be one if a brace is not closed, or if there are words before the first placeholder.
    """
    return _ARN.fullmatch(text) is not None


def fits(text: Any, value: Any) -> bool:
    """Return whether a string becomes this value if its placeholders are filled in rightly.

    A string that is only a placeholder may become any value.
    """
    if not has_placeholder(text):
        return bool(text == value)
    if not isinstance(value, str):
        return _PLACEHOLDER.fullmatch(text) is not None
    first, *between, last = _PLACEHOLDER.split(text)
    if not value.startswith(first) or not value.endswith(last):
        return False
    at, end = len(first), len(value) - len(last)
    for part in between:
        found = value.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end
