"""Placeholders: parts of a definition that are filled in when it is deployed."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["has_placeholder", "may_become_arn"]

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
