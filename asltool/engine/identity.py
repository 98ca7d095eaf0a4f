"""Who an execution is: the names and ARNs that the context object and the history show, and its status."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from asltool.syntax.arn import partition_of

__all__ = ["ExecutionStatus", "Identity"]

ExecutionStatus = Literal["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
"""The service's words for how an execution stands; PENDING before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Names are made up like the service's own where the caller has none to give. ``express``: its type;
    ``sync``: it was started by StartSyncExecution. ``role`` is a name or an ARN. ``run`` is the id that the
    service adds to the name of an EXPRESS execution; made from the names if it is left out.

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
        """What the ARNs of Step Functions begin with."""
        return f"arn:{partition_of(self.region)}:states:{self.region}:{self.account}"

    @property
    def execution_arn(self) -> str:
        names = f"{self.state_machine}:{self.name}"
        if self.express:
            return f"{self.place}:express:{names}:{self.run or uuid.uuid5(uuid.NAMESPACE_URL, names)}"
        return f"{self.place}:execution:{names}"

    @property
    def whole_machine(self) -> str:
        """The name of the machine as it was made: a child's own is followed by its map run's label."""
        return self.state_machine.partition("/")[0]

    @property
    def state_machine_arn(self) -> str:
        return f"{self.place}:stateMachine:{self.state_machine}"

    @property
    def role_arn(self) -> str:
        if self.role.startswith("arn:"):
            return self.role
        return f"arn:{partition_of(self.region)}:iam::{self.account}:role/{self.role}"
