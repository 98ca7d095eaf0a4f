"""Check the configurations of a state machine, and add their defaults.

A message after "Invalid ... Configuration:" is ours if no recording shows it.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.service.arns import invalid_arn
from asltool.service.errors import ServiceError

__all__ = ["check_role", "encryption", "logging", "tracing"]

_OWNED_KEY = {"type": "AWS_OWNED_KEY"}
_REUSE_SECONDS = 300
"""Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_EncryptionConfiguration.html"""


def logging(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``loggingConfiguration``."""
    level, destinations = given.get("level", "OFF"), given.get("destinations", [])
    if len(destinations) > 1 or (level != "OFF" and not destinations):
        raise _wrong("Logging", "Must specify exactly one Log Destination.")
    for each in destinations:
        if not each.get("cloudWatchLogsLogGroup", {}).get("logGroupArn", "").startswith("arn:"):
            raise _wrong("Logging", "A Log Destination must be the ARN of a CloudWatch Logs log group.")
    shown = {"level": level, "includeExecutionData": given.get("includeExecutionData", False)}
    return {**shown, "destinations": destinations} if destinations else shown


def tracing(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``tracingConfiguration``."""
    return {"enabled": given.get("enabled", False)}


def encryption(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return ``encryptionConfiguration``. Nothing is encrypted here."""
    if given is None or given["type"] == "AWS_OWNED_KEY":
        if given is not None and len(given) > 1:
            raise _wrong(
                "Encryption", "An AWS owned key has no kmsKeyId and no kmsDataKeyReusePeriodSeconds."
            )
        return _OWNED_KEY
    if "kmsKeyId" not in given:
        raise _wrong("Encryption", "kmsKeyId must be specified for a customer managed key.")
    return {"kmsDataKeyReusePeriodSeconds": _REUSE_SECONDS, **given}


def check_role(arn: str) -> None:
    """Reject a value that cannot be the ARN of a role."""
    if not arn.startswith("arn:"):
        raise invalid_arn(f"Invalid ARN prefix: {arn}")


def _wrong(what: str, why: str) -> ServiceError:
    return ServiceError(f"Invalid{what}Configuration", f"Invalid {what} Configuration: {why}")
