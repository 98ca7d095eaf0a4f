"""Create the triggers of templates in a service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from asltool.service.apis import EVENTS, SCHEDULER
from asltool.service.checks import STATES, check_request
from asltool.service.errors import ServiceError
from asltool.service.machines import Body
from asltool.service.templates.api_events import API_ROOT, ApiMethod
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
    arns: dict[str, str] = {}
    for each in sorted(wanted, key=lambda one: KINDS.index(one.kind)):
        known = replace(each, request=_filled(each.request, arns), targets=tuple(_filled(each.targets, arns)))
        try:
            arn = await _MAKERS[each.kind](service, known)
        except ServiceError as refused:
            problem = _cause(refused)
            done.append(LeftOut.at(each.origin, str(problem), each.spot, problem))
        else:
            done.append(Served(arn, each.origin))
            arns[each.symbol] = arn
    return done


def _filled(value: Any, arns: Mapping[str, str]) -> Any:
    """Return a value with the ARNs of versions in place of their symbols."""
    if isinstance(value, Mapping):
        return {name: _filled(each, arns) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(each, arns) for each in value]
    return arns.get(value, value) if isinstance(value, str) and value else value


def _cause(refused: BaseException) -> BaseException:
    """Return the cause of an error, which says more than the service's message."""
    while refused.__cause__ is not None:
        refused = refused.__cause__
    return refused


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


async def _version(service: Service, wanted: WantedTrigger) -> str:
    answer = await service.call("PublishStateMachineVersion", wanted.request)
    return str(answer["stateMachineVersionArn"])


async def _alias(service: Service, wanted: WantedTrigger) -> str:
    """Create an alias, or change the one that exists."""
    request = wanted.request
    routes = check_request("CreateStateMachineAlias", request)["routingConfiguration"]
    arn = f"{routes[0]['stateMachineVersionArn'].rpartition(':')[0]}:{request['name']}"
    try:
        await service.call("DescribeStateMachineAlias", {"stateMachineAliasArn": arn})
    except ServiceError:
        return str((await service.call("CreateStateMachineAlias", request))["stateMachineAliasArn"])
    await service.call("UpdateStateMachineAlias", {**request, "stateMachineAliasArn": arn})
    return arn


async def _api(service: Service, wanted: WantedTrigger) -> str:
    """Have an API start a machine; what a template says twice is left out."""
    given = wanted.request
    names, method, path = tuple(given["names"]), given["method"], given["path"]
    key = names[0], method, path
    known = service.api_methods.get(key)
    if known is not None and known.machine != given["stateMachineArn"]:
        raise ServiceError(
            "ConflictException", f"{method} {path} of {names[0]} starts another machine already"
        )
    service.api_methods[key] = ApiMethod(names, method, path, given["stateMachineArn"], given["unescape"])
    return f"{method} {API_ROOT}{names[0]}/{path.strip('/')}"


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
    "alias": _alias,
    "api": _api,
    "rule": _rule,
    "schedule": _schedule,
    "schedule group": _creates("CreateScheduleGroup", SCHEDULER, "ScheduleGroupArn", "schedule-group"),
    "version": _version,
}
