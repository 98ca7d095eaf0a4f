"""An execution's identity: the names and ARNs in the context object and the history."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from asltool.syntax.arn import partition_of

__all__ = ["ExecutionStatus", "Identity"]

ExecutionStatus = Literal["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
"""The service's statuses of an execution; PENDING before it starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Names in the service's format are generated if the caller gives none. ``express``: its type;
    ``sync``: it was started by StartSyncExecution. ``role`` is a name or an ARN. ``run`` is the ID that the
    service adds to the name of an EXPRESS execution; by default it is derived from the names.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """

    name: str
    state_machine: str = "local"
    region: str = "us-east-1"
    account: str = "123456789012"
    role: str = "local"
    express: bool = False
    sync: bool = False
    run: str = ""

    @property
    def place(self) -> str:
        """The beginning of Step Functions ARNs."""
        return f"arn:{partition_of(self.region)}:states:{self.region}:{self.account}"

    @property
    def execution_arn(self) -> str:
        names = f"{self.state_machine}:{self.name}"
        if self.express:
            return f"{self.place}:express:{names}:{self.run or uuid.uuid5(uuid.NAMESPACE_URL, names)}"
        return f"{self.place}:execution:{names}"

    @property
    def whole_machine(self) -> str:
        """The machine's name as it was created; for a child, without its map run's label."""
        return self.state_machine.partition("/")[0]

    @property
    def state_machine_arn(self) -> str:
        return f"{self.place}:stateMachine:{self.state_machine}"

    @property
    def role_arn(self) -> str:
        if self.role.startswith("arn:"):
            return self.role
        return f"arn:{partition_of(self.region)}:iam::{self.account}:role/{self.role}"
