"""ValidateStateMachineDefinition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.rules.aws import aws_diagnostics
from asltool.service.machines import Body

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["validate_state_machine_definition"]

_MOST = 100


def validate_state_machine_definition(service: Service, request: Body, caller: Caller) -> Body:
    """ValidateStateMachineDefinition."""
    return aws_diagnostics(
        request["definition"],
        machine_type=request.get("type", "STANDARD"),
        severity=request.get("severity", "ERROR"),
        max_results=request.get("maxResults") or _MOST,
    )
