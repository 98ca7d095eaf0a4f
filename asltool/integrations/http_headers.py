"""Headers of HTTP tasks: those that a task can set, and those that Step Functions sets.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#connect-http-task-definition
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from asltool.expr.values import shown

__all__ = ["service_headers", "task_headers"]

_REFUSED = re.compile(
    "a-im|accept-(charset|datetime|encoding)|authorization|cache-control|connection|content-(encoding|md5)|date"
    "|expect|forwarded|from|host|http2-settings|if-(match|modified-since|none-match|range|unmodified-since)"
    "|max-forwards|origin|pragma|proxy-authorization|referer|server|te|trailer|transfer-encoding|upgrade|via"
    "|warning|x-(amz|amzn|forwarded)-.*"
)


def task_headers(given: Mapping[str, Any]) -> dict[str, str]:
    """Return a task's headers with lowercase names; several values are joined.

    Raises:
        ValueError: a task cannot set one of them.
    """
    headers = {}
    for name, value in given.items():
        small = name.lower()
        if _REFUSED.fullmatch(small):
            raise ValueError(f"The header '{name}' is not supported by Step Functions")
        headers[small] = ",".join(map(shown, value)) if isinstance(value, list) else shown(value)
    return headers


def service_headers(region: str) -> dict[str, str]:
    """Return what Step Functions adds to every request."""
    return {"user-agent": f"Amazon|StepFunctions|HttpInvoke|{region}", "range": "bytes=0-262144"}
