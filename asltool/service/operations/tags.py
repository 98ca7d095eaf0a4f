"""Tags of state machines and activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.service.arns import read_arn
from asltool.service.errors import ServiceError
from asltool.service.machines import Body, find_machine
from asltool.service.tagging import put_tags, remove_tags, tags_of

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["list_tags_for_resource", "tag_resource", "untag_resource"]


def list_tags_for_resource(service: Service, request: Body, caller: Caller) -> Body:
    """ListTagsForResource."""
    arn = _resource(service, request["resourceArn"])
    return {"tags": [{"key": key, "value": value} for key, value in tags_of(service, arn).items()]}


def tag_resource(service: Service, request: Body, caller: Caller) -> Body:
    """TagResource: a tag with a key that exists replaces its value."""
    put_tags(service, _resource(service, request["resourceArn"]), request["tags"])
    return {}


def untag_resource(service: Service, request: Body, caller: Caller) -> Body:
    """UntagResource. An unknown key is not an error."""
    remove_tags(service, _resource(service, request["resourceArn"]), request["tagKeys"])
    return {}


def _resource(service: Service, text: str) -> str:
    """Return the ARN of a machine or an activity that exists; versions and aliases have no tags.

    Raises:
        ServiceError: InvalidArn, or ResourceNotFound.
    """
    arn = read_arn(text, "stateMachine", "activity")
    exists = service.store.get("activity", text) if arn.type == "activity" else find_machine(service, text)
    if exists is None:
        raise ServiceError("ResourceNotFound", f"Resource not found: '{text}'", resourceName=text)
    return text
