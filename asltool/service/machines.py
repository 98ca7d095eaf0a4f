"""State machines, their versions and their aliases, as documents of the store.

A document has the fields of the responses, with the hash of the definition instead of the definition. A
version is the machine as it was when the version was published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from asltool.rules.analysis.variable_references import variable_references
from asltool.rules.aws import invalid_definition
from asltool.service.arns import ResourceArn, machine_arn
from asltool.service.caller import Caller
from asltool.service.errors import ServiceError

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = [
    "ALIAS",
    "MACHINE",
    "VERSION",
    "Body",
    "check_definition",
    "examined",
    "find_machine",
    "kept_definition",
    "machine_missing",
    "not_deleting",
    "of_arn",
    "owner_of",
    "publish",
    "remove_machine",
    "settings",
    "whole_machine",
    "with_snapshot",
]

Body: TypeAlias = dict[str, Any]

MACHINE, VERSION, ALIAS = "machine", "version", "alias"
"""Kinds of documents. Versions and aliases belong to their machine, machines to an account in a region."""

_EXAMINED = 4
"""How many examined definitions are remembered: those of requests under way."""

_MOST_VERSIONS = 1000
"""Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_PublishStateMachineVersion.html"""


def owner_of(caller: Caller) -> str:
    """Return the owner of the machines and activities of an account in a region."""
    return f"{caller.account}:{caller.region}"


def machine_missing(arn: str) -> ServiceError:
    """Return the error about a machine that does not exist."""
    return ServiceError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def find_machine(service: Service, arn: str) -> Body | None:
    """Return a machine; one that is being deleted exists until its executions have ended."""
    body = service.store.get(MACHINE, arn)
    if body is None or body["status"] == "ACTIVE":
        return body
    if service.store.executions(machine=arn, status="RUNNING", limit=1):
        return body
    remove_machine(service, arn)
    return None


def remove_machine(service: Service, arn: str) -> None:
    """Remove a machine with its versions, aliases and tags."""
    for kind in (VERSION, ALIAS):
        for each in service.store.listed(kind, arn):
            service.store.remove(kind, each.key)
    service.store.remove("tags", arn)
    service.store.remove(MACHINE, arn)


def whole_machine(service: Service, text: str) -> Body:
    """Return the machine to change, by an ARN without a version or alias.

    Raises:
        ServiceError: InvalidArn, StateMachineDoesNotExist or StateMachineDeleting.
    """
    body = find_machine(service, machine_arn(text).text)
    if body is None:
        raise machine_missing(text)
    return not_deleting(body)


def not_deleting(machine: Body) -> Body:
    """Return a machine.

    Raises:
        ServiceError: StateMachineDeleting.
    """
    if machine["status"] == "DELETING":
        # No recording shows this message.
        arn = machine["stateMachineArn"]
        raise ServiceError("StateMachineDeleting", f"State Machine Is Being Deleted: '{arn}'")
    return machine


def check_definition(definition: str, machine_type: str) -> None:
    """Check a definition as CreateStateMachine does.

    Raises:
        ServiceError: InvalidDefinition.
    """
    message = examined(definition, machine_type == "EXPRESS").message
    if message is not None:
        raise ServiceError("InvalidDefinition", message)


class Examined(NamedTuple):
    """A definition: why the service refuses it, if it does, and the variables that it reads."""

    message: str | None
    references: dict[str, list[str]]


@lru_cache(_EXAMINED)
def examined(definition: str, express: bool) -> Examined:
    """Examine a definition. That takes long for a large one, so `Service.call` does it in a thread first."""
    message = invalid_definition(definition, machine_type="EXPRESS" if express else "STANDARD")
    return Examined(message, variable_references(definition) if message is None else {})


def kept_definition(service: Service, definition: str, machine_type: str) -> Body:
    """Store a definition; return its fields: the hash, the variables it reads, whether it uses activities."""
    return {
        "definition": service.store.put_definition(definition),
        "variableReferences": examined(definition, machine_type == "EXPRESS").references,
        "activities": ":activity:" in definition,
    }


def with_snapshot(service: Service, machine: Body) -> Body:
    """Return a machine with the hash of its settings. Executions that start now store this hash."""
    shown = {**settings(machine), "updateDate": machine["updateDate"]}
    return {**machine, "snapshot": service.store.put_definition(json.dumps(shown))}


def publish(service: Service, machine: Body, description: str | None, revision: str | None = None) -> Body:
    """Return the version of a machine's current revision, which is published if it was not before.

    Raises:
        ServiceError: ConflictException if the revision is not the current one, or
            ServiceQuotaExceededException.
    """
    current = machine["revisionId"] or "INITIAL"
    if revision not in (None, current):
        raise ServiceError(
            "ConflictException",
            f"Failed to publish the State Machine version for revision {revision}. "
            f"The current State Machine revision is {current}.",
        )
    arn = machine["stateMachineArn"]
    latest = service.store.listed(VERSION, arn, limit=1, newest_first=True)
    if latest and latest[0].body["revisionId"] == machine["revisionId"]:
        return latest[0].body
    published: int = machine["published"]
    if published >= _MOST_VERSIONS <= len(service.store.listed(VERSION, arn)):
        # No recording shows this message.
        message = f"The maximum number of {_MOST_VERSIONS} state machine versions has been reached."
        raise ServiceError("ServiceQuotaExceededException", message)
    return _new_version(service, machine, description)


def _new_version(service: Service, machine: Body, description: str | None) -> Body:
    arn, number, now = machine["stateMachineArn"], machine["published"] + 1, service.clock()
    service.store.put(MACHINE, arn, {**machine, "published": number})
    version = {
        **machine,
        "stateMachineVersionArn": f"{arn}:{number}",
        "description": description,
        "creationDate": now,
    }
    service.store.put(VERSION, version["stateMachineVersionArn"], version, arn, now)
    return version


def of_arn(service: Service, arn: ResourceArn) -> Body | None:
    """Return the machine or version with an ARN."""
    machine = find_machine(service, arn.unqualified)
    return machine if machine is None or not arn.qualifier else service.store.get(VERSION, arn.text)


def settings(body: Mapping[str, Any]) -> Body:
    """Return the fields that responses about machines and versions share."""
    names = ("name", "roleArn", "loggingConfiguration", "tracingConfiguration", "revisionId")
    shown = {name: body[name] for name in names if body[name] is not None}
    # Recordings until 2024 of machines with the default have no encryptionConfiguration, but those of
    # activities do. Since then (measured 2026-09-24) those of machines do too.
    if body["encryptionConfiguration"]["type"] != "AWS_OWNED_KEY":
        shown["encryptionConfiguration"] = body["encryptionConfiguration"]
    return shown
