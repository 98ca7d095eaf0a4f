"""Tags of rules, event buses and schedule groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.service.errors import ServiceError
from asltool.service.events.documents import BUS, DEFAULT, GROUP, RULE
from asltool.service.machines import Body
from asltool.service.tagging import put_tags, remove_tags, tags_of

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["add_tags", "list_tags_for_resource", "tag_resource", "untag_resource"]


def add_tags(service: Service, arn: str, request: Body) -> None:
    """Keep the tags of a request, such as one that creates something."""
    put_tags(service, arn, [{"key": tag["Key"], "value": tag["Value"]} for tag in request.get("Tags", ())])


def tag_resource(service: Service, request: Body, caller: Caller) -> Body:
    """TagResource: a tag with a key that exists replaces its value."""
    add_tags(service, _resource(service, request), request)
    return {}


def untag_resource(service: Service, request: Body, caller: Caller) -> Body:
    """UntagResource. An unknown key is not an error."""
    remove_tags(service, _resource(service, request), request["TagKeys"])
    return {}


def list_tags_for_resource(service: Service, request: Body, caller: Caller) -> Body:
    """ListTagsForResource."""
    tags = tags_of(service, _resource(service, request))
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _resource(service: Service, request: Body) -> str:
    """Return the ARN of something that exists; EventBridge and Scheduler spell its name differently.

    Raises:
        ServiceError: ResourceNotFoundException. No recording shows the message.
    """
    arn: str = request.get("ResourceARN") or request["ResourceArn"]
    is_default = arn.endswith((f":event-bus/{DEFAULT}", f":schedule-group/{DEFAULT}"))
    if is_default or any(service.store.get(kind, arn) is not None for kind in (RULE, BUS, GROUP)):
        return arn
    raise ServiceError("ResourceNotFoundException", f"Resource {arn} does not exist.")
