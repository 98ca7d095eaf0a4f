"""What a Task calls, in few words: ``Lambda``, ``Glue startJobRun.sync``, ``Activity approve``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re

from asltool.syntax.integrations import title
from asltool.syntax.resource import Resource

__all__ = ["service"]

_SUBSTITUTION = re.compile(r"[$#]\{(?:[^:{}]*::)?([^{}]*)\}")


def service(resource: Resource) -> str:
    """Return a short name of a Task's Resource; text that is not an ARN stays as it is written."""
    arn, written = resource.arn, _SUBSTITUTION.sub(r"${\1}", resource)
    if arn is None:
        return written
    if arn.service == "lambda" and arn.resource.startswith("function:"):
        return "Lambda"
    called = _SUBSTITUTION.sub(r"${\1}", arn.resource.removeprefix("aws-sdk:"))
    name, _, action = called.partition(":")
    if arn.service != "states" or not (name and action):
        return written
    if name == "activity":
        return f"Activity {action}"
    if action == "invoke" and name in ("http", "lambda"):
        return title(name)
    return f"{title(name)} {action}"
