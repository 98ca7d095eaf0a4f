"""The account and region that make a request."""

from __future__ import annotations

from dataclasses import dataclass

from asltool.syntax.arn import partition_of

__all__ = ["Caller"]


@dataclass(frozen=True, slots=True)
class Caller:
    """An account, twelve digits, in a region."""

    account: str = "123456789012"
    region: str = "us-east-1"

    def arn(self, resource: str, service: str = "states") -> str:
        """Return the ARN of a resource of Step Functions or another service: ``stateMachine:orders``."""
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{self.account}:{resource}"
