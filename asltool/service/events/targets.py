"""Targets of rules: put, remove, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.errors import RequestError
from asltool.service.errors import ServiceError, validation
from asltool.service.events.documents import RULE, find_bus, find_rule, listing
from asltool.service.machines import Body
from asltool.store.port import StoredDocument
from asltool.syntax.arn import parse_arn
from asltool.triggers.buses import target_of

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["list_targets_by_rule", "put_targets", "remove_targets"]

_MOST = 5
"""Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""


def put_targets(service: Service, request: Body, caller: Caller) -> Body:
    """PutTargets. A target with an id that the rule has replaces it."""
    bus = find_bus(service, request.get("EventBusName"), caller)
    rule = find_rule(service, bus, request["Rule"])
    for target in request["Targets"]:
        _check(target)
    targets = {**rule["Targets"], **{target["Id"]: target for target in request["Targets"]}}
    if len(targets) > _MOST:
        message = "The requested resource exceeds the maximum number allowed."
        raise ServiceError("LimitExceededException", message)
    service.store.put(RULE, rule["Arn"], {**rule, "Targets": targets})
    service.events.changed(bus)
    return {"FailedEntryCount": 0, "FailedEntries": []}


def _check(target: Body) -> None:
    if parse_arn(target["Arn"]) is None:
        raise validation(
            f"Parameter {target['Arn']} is not valid. Reason: Provided Arn is not in correct format."
        )
    try:
        target_of(target)
    except RequestError as problem:
        raise ServiceError(problem.code, str(problem)) from None


def remove_targets(service: Service, request: Body, caller: Caller) -> Body:
    """RemoveTargets. Those that the rule does not have are failed entries."""
    bus = find_bus(service, request.get("EventBusName"), caller)
    rule = find_rule(service, bus, request["Rule"])
    left = {key: target for key, target in rule["Targets"].items() if key not in request["Ids"]}
    service.store.put(RULE, rule["Arn"], {**rule, "Targets": left})
    service.events.changed(bus)
    failed = [
        {
            "TargetId": key,
            "ErrorCode": "ResourceNotFoundException",
            # No recording shows this message.
            "ErrorMessage": f"Rule {rule['Name']} does not have a target with the Id {key}.",
        }
        for key in request["Ids"]
        if key not in rule["Targets"]
    ]
    return {"FailedEntryCount": len(failed), "FailedEntries": failed}


def list_targets_by_rule(service: Service, request: Body, caller: Caller) -> Body:
    """ListTargetsByRule, by id."""
    bus = find_bus(service, request.get("EventBusName"), caller)
    rule = find_rule(service, bus, request["Rule"])
    rows = [StoredDocument(0, key, target) for key, target in rule["Targets"].items()]
    return listing("Targets", request, rows, service.clock(), lambda row: row.body)
