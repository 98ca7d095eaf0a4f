"""Buses and rules as documents of the store: their keys are ARNs, and a rule is owned by its bus.

A rule's document has the fields of PutRule, and its targets by their id. The bus "default" has no document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from asltool.service.caller import Caller
from asltool.service.errors import ServiceError, validation
from asltool.service.machines import Body
from asltool.service.paging import Page, by_key
from asltool.store.port import StoredDocument

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = [
    "BUS",
    "DEFAULT",
    "GROUP",
    "RULE",
    "SCHEDULE",
    "bus_arn",
    "find_bus",
    "find_rule",
    "listing",
    "only",
    "rule_arn",
]

BUS, RULE = "event bus", "rule"

GROUP, SCHEDULE = "schedule group", "schedule"
"""Schedules are owned by their group, groups by an account in a region."""

DEFAULT = "default"


def bus_arn(given: str | None, caller: Caller) -> str:
    """Return the ARN of a bus, given its name, its ARN or nothing (the default bus)."""
    name = given or DEFAULT
    return name if name.startswith("arn:") else caller.arn(f"event-bus/{name}", "events")


def find_bus(service: Service, given: str | None, caller: Caller) -> str:
    """Return the ARN of a bus that exists.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    arn = bus_arn(given, caller)
    name = arn.partition("/")[2]
    if name != DEFAULT and service.store.get(BUS, arn) is None:
        raise ServiceError("ResourceNotFoundException", f"Event bus {name} does not exist.")
    return arn


def rule_arn(bus: str, name: str) -> str:
    """Return the ARN of a rule; for the default bus, it does not contain the bus."""
    place, _, bus_name = bus.partition(":event-bus/")
    return f"{place}:rule/{name}" if bus_name == DEFAULT else f"{place}:rule/{bus_name}/{name}"


def find_rule(service: Service, bus: str, name: str) -> Body:
    """Return the document of a rule.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    rule = service.store.get(RULE, rule_arn(bus, name))
    if rule is None:
        message = f"Rule {name} does not exist on EventBus {bus.partition('/')[2]}."
        raise ServiceError("ResourceNotFoundException", message)
    return rule


def only(body: Mapping[str, Any], names: Iterable[str]) -> Body:
    """Return those of these fields that a document has."""
    return {name: body[name] for name in names if body.get(name) is not None}


def listing(
    name: str,
    request: Mapping[str, Any],
    documents: list[StoredDocument],
    now: float,
    shown: Callable[[StoredDocument], Any],
    size: str = "Limit",
) -> Body:
    """Return a page of documents by key, for APIs with ``NextToken``; ``size`` names the size parameter.

    Raises:
        ServiceError: ValidationException if the token does not belong to this listing.
    """
    names = {size: "maxResults", "NextToken": "nextToken"}
    asked = {names.get(key, key): value for key, value in request.items()}
    try:
        page = Page(name, str, asked, now)
    except ServiceError:
        raise validation("NextToken is not valid.") from None
    answer = page.answer(by_key(documents, page), shown, lambda each: each.key)
    return {"NextToken" if key == "nextToken" else key: value for key, value in answer.items()}
