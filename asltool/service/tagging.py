"""Tags of whatever can have some.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#concepts-tagging
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.service.errors import ServiceError, validation

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["check_tags", "forget_tags", "put_tags", "remove_tags", "tags_of"]

_MOST = 50
"""For each resource."""


def check_tags(tags: list[dict[str, str]]) -> None:
    """Check tags of a request. No recording shows these messages.

    Raises:
        ServiceError: ValidationException if a key is missing; TooManyTags.
    """
    for number, tag in enumerate(tags, 1):
        if "key" not in tag:
            where = f"'tags.{number}.member.key'"
            fault = f"Value null at {where} failed to satisfy constraint: Member must not be null"
            raise validation(f"1 validation error detected: {fault}")
    if len({tag["key"] for tag in tags}) > _MOST:
        raise ServiceError("TooManyTags", f"A resource can have {_MOST} tags at most")


def tags_of(service: Service, arn: str) -> dict[str, str]:
    """Return the tags of a resource, in the order they were added."""
    return service.store.get("tags", arn) or {}


def put_tags(service: Service, arn: str, tags: list[dict[str, Any]]) -> None:
    """Add tags to a resource.

    Raises:
        ServiceError: TooManyTags.
    """
    check_tags(tags)
    all_tags = {**tags_of(service, arn), **{tag["key"]: tag.get("value", "") for tag in tags}}
    if len(all_tags) > _MOST:
        raise ServiceError("TooManyTags", f"A resource can have {_MOST} tags at most", resourceName=arn)
    if tags:
        service.store.put("tags", arn, all_tags)


def remove_tags(service: Service, arn: str, keys: list[str]) -> None:
    """Remove the tags of a resource that have these keys."""
    left = {key: value for key, value in tags_of(service, arn).items() if key not in keys}
    service.store.put("tags", arn, left)


def forget_tags(service: Service, arn: str) -> None:
    """Remove all tags of a resource, which is gone."""
    service.store.remove("tags", arn)
