"""The API: a request goes in, its response or a `ServiceError` comes out."""

from __future__ import annotations

import asyncio
import inspect
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from asltool.service.apis import APIS
from asltool.service.caller import Caller
from asltool.service.checks import STATES, check_request
from asltool.service.errors import ServiceError
from asltool.service.events.events import Events
from asltool.service.machines import MACHINE, examined
from asltool.service.schedules.timers import ScheduleTimers

if TYPE_CHECKING:
    from asltool.driver.jobs import Integration
    from asltool.service.conductor import Conductor
    from asltool.service.mock_cases import MockCases
    from asltool.service.templates.api_events import ApiMethod
    from asltool.store.port import Store

__all__ = ["POLL_SECONDS", "Service"]

POLL_SECONDS = 59.0
"""How long GetActivityTask waits for a task. The service takes up to 60 seconds, and boto3 gives up then."""

_EXAMINING = ("CreateStateMachine", "UpdateStateMachine")
_LARGE = 50_000
"""Definitions of at least this length are examined in a thread, because that takes about 50 ms."""

_READING = ("Describe", "GetExecutionHistory", "GetSchedule", "List", "Test", "Validate")
"""How operations begin that change nothing, so that there is nothing to wait for."""


class Service:
    """Answers requests from the store, and starts and stops executions through the conductor.

    Args:
        clock: the time, in seconds since 1970.
        defaults: the caller of requests without credentials.
        chance: the source of revision ids, names and the choice between versions of an alias.
        integrations: they do the tasks that TestState runs.
        poll_seconds: how long GetActivityTask waits for a task.
        mock_cases: the test cases of a mock configuration; it is also one of the conductor's integrations.
    """

    def __init__(
        self,
        store: Store,
        conductor: Conductor,
        clock: Callable[[], float],
        defaults: Caller,
        chance: random.Random | None = None,
        integrations: Sequence[Integration] = (),
        mock_cases: MockCases | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.store = store
        self.conductor = conductor
        conductor.nested.serve(self)
        conductor.own_calls.serve(self)
        self.clock = clock
        self.defaults = defaults
        self.chance = chance or random.Random()
        self.integrations = integrations
        self.mock_cases = mock_cases
        self.poll_seconds = poll_seconds
        self.api_methods: dict[tuple[str, str, str], ApiMethod] = {}
        self.events = Events(self)
        self.timers = ScheduleTimers(self)

    async def call(
        self, operation: str, request: Mapping[str, Any], caller: Caller | None = None, api: str = STATES
    ) -> dict[str, Any]:
        """Answer a request, such as ``await service.call("StartExecution", {...})``.

        ``api`` is one of `APIS`. Changes are durable when it returns. Dates are seconds since 1970.

        Raises:
            ServiceError: the request is rejected. StoreError: its changes cannot be stored.
        """
        work = APIS[api].get(operation)
        if work is None:
            raise ServiceError("UnknownOperationException", "")
        checked = check_request(operation, request, api)
        if operation in _EXAMINING and len(checked.get("definition", "")) > _LARGE:
            await asyncio.to_thread(examined, checked["definition"], self._is_express(checked))
        answer = work(self, checked, caller or self.defaults)
        if inspect.isawaitable(answer):
            answer = await answer
        if not operation.startswith(_READING):
            await self.conductor.committed()
        return answer

    def _is_express(self, request: Mapping[str, Any]) -> bool:
        """Return whether the machine of CreateStateMachine or UpdateStateMachine is EXPRESS."""
        found = self.store.get(MACHINE, request.get("stateMachineArn", "")) or request
        return bool(found.get("type") == "EXPRESS")

    def new_id(self) -> str:
        """Return a random UUID."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
