"""Create the triggers of templates in a service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asltool.service.apis import EVENTS, SCHEDULER
from asltool.service.checks import STATES, check_request
from asltool.service.errors import ServiceError
from asltool.service.machines import Body
from asltool.service.templates.wanted import KINDS, Kind, LeftOut, WantedTrigger

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["Served", "apply_triggers"]


@dataclass(frozen=True)
class Served:
    """A trigger in the service by its ARN, and its place in the template."""

    arn: str
    origin: str

    def __str__(self) -> str:
        return f"{self.arn} served, {self.origin}"


async def apply_triggers(
    service: Service, found: Iterable[WantedTrigger | LeftOut]
) -> list[Served | LeftOut]:
    """Create or update the wanted triggers; those that the service rejects are left out.

    Triggers that no template has any more do not change. An unchanged schedule keeps its next firing.
    """
    wanted = [each for each in found if isinstance(each, WantedTrigger)]
    done: list[Served | LeftOut] = [each for each in found if isinstance(each, LeftOut)]
    for each in sorted(wanted, key=lambda one: KINDS.index(one.kind)):
        try:
            done.append(Served(await _MAKERS[each.kind](service, each), each.origin))
        except ServiceError as refused:
            done.append(LeftOut(each.origin, _reason(refused)))
    return done


def _reason(refused: BaseException) -> str:
    """Return the cause of an error, which says more than the service's message."""
    while refused.__cause__ is not None:
        refused = refused.__cause__
    return str(refused)


def _creates(
    operation: str, api: str, field: str, arn: str
) -> Callable[[Service, WantedTrigger], Awaitable[str]]:
    """Return a function that creates something unless it exists."""

    async def make(service: Service, wanted: WantedTrigger) -> str:
        try:
            answer = await service.call(operation, wanted.request, api=api)
        except ServiceError as refused:
            if refused.code not in ("ConflictException", "ResourceAlreadyExistsException"):
                raise
            return service.defaults.arn(f"{arn}/{wanted.request['Name']}", api)
        return str(answer[field])

    return make


async def _rule(service: Service, wanted: WantedTrigger) -> str:
    """Create or update a rule so that it has exactly these targets."""
    arn = (await service.call("PutRule", wanted.request, api=EVENTS))["RuleArn"]
    where = {"Rule": wanted.request["Name"], "EventBusName": wanted.request.get("EventBusName", "default")}
    there = await service.call("ListTargetsByRule", where, api=EVENTS)
    ids = [each["Id"] for each in wanted.targets]
    old = [each["Id"] for each in there["Targets"] if each["Id"] not in ids]
    if old:
        await service.call("RemoveTargets", {**where, "Ids": old}, api=EVENTS)
    if wanted.targets:
        await service.call("PutTargets", {**where, "Targets": list(wanted.targets)}, api=EVENTS)
    return str(arn)


async def _schedule(service: Service, wanted: WantedTrigger) -> str:
    request = check_request("CreateSchedule", wanted.request, SCHEDULER)
    named: Body = {name: request[name] for name in ("Name", "GroupName") if name in request}
    try:
        there = await service.call("GetSchedule", named, api=SCHEDULER)
    except ServiceError:
        answer = await service.call("CreateSchedule", request, api=SCHEDULER)
        return str(answer["ScheduleArn"])
    if not _is_same(there, request):
        await service.call("UpdateSchedule", request, api=SCHEDULER)
    return str(there["Arn"])


_DEFAULTS = {
    "GroupName": "default",
    "State": "ENABLED",
    "ScheduleExpressionTimezone": "UTC",
    "ActionAfterCompletion": "NONE",
}
_MADE = ("Arn", "CreationDate", "LastModificationDate")


def _is_same(there: Body, request: Body) -> bool:
    return {name: value for name, value in there.items() if name not in _MADE} == _DEFAULTS | request


_MAKERS: dict[Kind, Callable[[Service, WantedTrigger], Awaitable[str]]] = {
    "activity": _creates("CreateActivity", STATES, "activityArn", ""),
    "event bus": _creates("CreateEventBus", EVENTS, "EventBusArn", "event-bus"),
    "rule": _rule,
    "schedule": _schedule,
    "schedule group": _creates("CreateScheduleGroup", SCHEDULER, "ScheduleGroupArn", "schedule-group"),
}
