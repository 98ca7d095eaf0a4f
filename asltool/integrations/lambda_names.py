"""Names of Lambda functions and activities: full ARNs, partial ARNs and short names.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import os

from asltool.syntax.arn import name_in_arn, parse_arn, split_arn
from asltool.syntax.resource import Resource

__all__ = ["function_arn", "function_name", "parse_function", "regions"]


def function_name(resource: str) -> str:
    """Return the name of a Resource's function or activity; if it has none, the Resource itself."""
    if isinstance(resource, Resource):
        return resource.function
    parts = name_in_arn(parse_arn(resource))
    return parts[0] if parts else resource


def parse_function(text: str) -> tuple[str, str | None] | None:
    """Return a function's (name, version or alias); None if the string is not a function's name."""
    parts = name_in_arn(parse_arn(text))
    if parts is None:
        parts = split_arn(text, 3)
        if len(parts) > 2 and parts[0] and parts[1] == "function" and parts[2]:
            del parts[:2]
    name, *qualifier = parts
    return (name, ":".join(qualifier) if qualifier else None) if name else None


def function_arn(name: str, execution_arn: str) -> str:
    """Return a function's ARN in the account and region of an execution."""
    region, account = (execution_arn.split(":") + [""] * 5)[3:5]
    return f"arn:aws:lambda:{region or 'us-east-1'}:{account or '123456789012'}:function:{name}"


def regions() -> dict[str, str]:
    """Return the variables that AWS's SDKs need to create a client; those of this process take precedence."""
    return {name: os.environ.get(name, "us-east-1") for name in ("AWS_REGION", "AWS_DEFAULT_REGION")}
