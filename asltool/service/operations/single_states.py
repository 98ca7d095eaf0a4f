"""TestState."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from asltool.engine.identity import Identity
from asltool.errors import NoHandler, RequestError
from asltool.service import configuration
from asltool.service.errors import ServiceError, validation
from asltool.service.machines import Body
from asltool.service.single_state import test_request

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["test_state"]


async def test_state(service: Service, request: Body, caller: Caller) -> Body:
    """TestState. The handlers of this server do the work of a Task without a mock."""
    if "roleArn" in request:
        configuration.check_role(request["roleArn"])
    identity = Identity(
        name="TestState",
        state_machine="TestState",
        region=caller.region,
        account=caller.account,
        role=request.get("roleArn", "TestState"),
        express=True,
        run=service.new_id(),
    )
    seed = service.chance.getrandbits(64)
    try:
        # It may call handlers, which block.
        return await asyncio.to_thread(
            test_request, request, service.integrations, identity=identity, seed=seed
        )
    except NoHandler as problem:
        raise validation(str(problem)) from None
    except RequestError as problem:
        raise ServiceError(problem.code, str(problem)) from None


# pytest would collect functions of this name as tests where they are imported.
test_state.__test__ = False  # type: ignore[attr-defined]
