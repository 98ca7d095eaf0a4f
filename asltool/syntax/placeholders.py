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

    ``${Name}`` is CloudFormation's and Terraform's, ``#{Name}`` that of plugins of the Serverless Framework.
    What with is not known, so such a string may stand anywhere.
    """
    return isinstance(value, str) and "{" in value and _PLACEHOLDER.search(value) is not None


def may_become_arn(text: str) -> bool:
    """Return whether a string with placeholders is an ARN once these are filled in.

    A brace that is not closed, or words before the first placeholder, make that impossible.
    """
    return _ARN.fullmatch(text) is not None
