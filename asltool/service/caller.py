"""On whose behalf a request is made."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Caller"]

_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""By how the region begins. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""


@dataclass(frozen=True, slots=True)
class Caller:
    """An account, twelve digits, in a region."""

    account: str
    region: str

    def arn(self, resource: str) -> str:
        """Return the ARN of a resource of Step Functions, such as ``stateMachine:orders``."""
        partition = next(
            (_PARTITIONS[each] for each in _PARTITIONS if self.region.startswith(each + "-")), "aws"
        )
        return f"arn:{partition}:states:{self.region}:{self.account}:{resource}"
