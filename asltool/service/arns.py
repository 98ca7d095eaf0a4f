"""The Step Functions ARNs in requests.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from asltool.service.caller import Caller
from asltool.service.errors import ServiceError, validation
from asltool.syntax.arn import parse_arn

__all__ = [
    "ResourceArn",
    "activity_arn",
    "execution_arn",
    "invalid_arn",
    "machine_arn",
    "read_arn",
    "without_label",
]


_POLLED = 1_024
"""How many ARNs are kept as they were read: clients ask for the same executions again and again."""


@dataclass(frozen=True, slots=True)
class ResourceArn:
    """``type:name``, ``type:name/label`` or one of these with ``:qualifier``; missing parts are "".

    The qualifier is a version or an alias of a machine, the name of an execution, the id of a map run.
    """

    text: str
    owner: Caller
    type: str
    name: str
    label: str
    qualifier: str

    @property
    def unqualified(self) -> str:
        """The ARN without version or alias."""
        return self.text.removesuffix(f":{self.qualifier}") if self.qualifier else self.text

    @property
    def version(self) -> int | None:
        """The version in a machine's ARN."""
        return int(self.qualifier) if self.qualifier.isascii() and self.qualifier.isdigit() else None


def invalid_arn(why: str) -> ServiceError:
    """Return an InvalidArn error."""
    return ServiceError("InvalidArn", f"Invalid Arn: '{why}'")


@lru_cache(_POLLED)
def read_arn(text: str, *types: str) -> ResourceArn:
    """Read the ARN of a resource of one of these types.

    Raises:
        ServiceError: InvalidArn. Only the messages on the prefix and on the type are recorded.
    """
    if not text.startswith("arn:"):
        raise invalid_arn(f"Invalid ARN prefix: {text}")
    arn = parse_arn(text)
    if arn is None or arn.service != "states" or not (arn.partition and arn.region and arn.account):
        raise invalid_arn(text)
    kind, _, rest = arn.resource.partition(":")
    if kind not in types:
        raise invalid_arn(f"Resource type not valid in this context: {kind}")
    name, _, qualifier = rest.partition(":")
    name, _, label = name.partition("/")
    if not name:
        raise invalid_arn(text)
    return ResourceArn(text, Caller(arn.account, arn.region), kind, name, label, qualifier)


def machine_arn(text: str) -> ResourceArn:
    """Read the ARN of a state machine, which may name a version or an alias.

    Raises:
        ServiceError: InvalidArn, or ValidationException if it names a Distributed Map state.
    """
    return without_label(read_arn(text, "stateMachine"))


def without_label(arn: ResourceArn) -> ResourceArn:
    """Return an ARN that is not about a Distributed Map state.

    Raises:
        ServiceError: ValidationException.
    """
    if arn.label:
        # The reason is in the service's model; no recording shows the message.
        message = f"This operation does not support labeled ARNs: '{arn.text}'"
        raise validation(message, reason="API_DOES_NOT_SUPPORT_LABELED_ARNS")
    return arn


def execution_arn(text: str) -> ResourceArn:
    """Read the ARN of an execution of a STANDARD machine, or of a child of a map run."""
    return read_arn(text, "execution")


def activity_arn(text: str) -> ResourceArn:
    """Read the ARN of an activity."""
    return read_arn(text, "activity")
