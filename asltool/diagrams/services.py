"""A short name for what a Task calls: ``Lambda``, ``Glue startJobRun.sync``, ``Activity approve``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re

from asltool.syntax.integrations import title
from asltool.syntax.resource import Resource

__all__ = ["service"]

_SUBSTITUTION = re.compile(r"[$#]\{(?:[^:{}]*::)?([^{}]*)\}")


def service(resource: Resource) -> str:
    """Return a short name of a Task's Resource; text that is not an ARN is not changed."""
    arn = resource.arn
    if arn is None:
        return _plain(resource)
    if arn.service == "lambda" and arn.resource.startswith("function:"):
        return "Lambda"
    called = _plain(arn.resource.removeprefix("aws-sdk:"))
    name, _, action = called.partition(":")
    if arn.service != "states" or not (name and action):
        return _plain(resource)
    if name == "activity":
        return f"Activity {action}"
    if action == "invoke" and name in ("http", "lambda"):
        return title(name)
    return f"{title(name)} {action}"


def _plain(text: str) -> str:
    """Return text with placeholders replaced by their names."""
    return _SUBSTITUTION.sub(r"${\1}", text) if "{" in text else text
