"""Activities: create, describe, list, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.service import configuration
from asltool.service.arns import activity_arn
from asltool.service.checks import check_name
from asltool.service.errors import ServiceError
from asltool.service.machines import Body, owner_of
from asltool.service.paging import Page, by_key
from asltool.service.tagging import check_tags, put_tags

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["create_activity", "delete_activity", "describe_activity", "list_activities"]

_KIND = "activity"


def create_activity(service: Service, request: Body, caller: Caller) -> Body:
    """CreateActivity. A repeated request returns the activity that exists; its tags are ignored."""
    check_name(request["name"])
    check_tags(request.get("tags", []))
    arn, now = caller.arn(f"activity:{request['name']}"), service.clock()
    activity = {
        "activityArn": arn,
        "name": request["name"],
        "creationDate": now,
        "encryptionConfiguration": configuration.encryption(request.get("encryptionConfiguration")),
    }
    existing = service.store.get(_KIND, arn)
    if existing is None:
        service.store.put(_KIND, arn, activity, owner_of(caller), now)
        put_tags(service, arn, request.get("tags", []))
    elif existing["encryptionConfiguration"] != activity["encryptionConfiguration"]:
        # No recording shows this message.
        raise ServiceError("ActivityAlreadyExists", f"Activity Already Exists: '{arn}'")
    return {name: (existing or activity)[name] for name in ("activityArn", "creationDate")}


def describe_activity(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeActivity."""
    return find_activity(service, request["activityArn"])


def find_activity(service: Service, text: str) -> Body:
    """Return an activity.

    Raises:
        ServiceError: InvalidArn, or ActivityDoesNotExist.
    """
    activity = service.store.get(_KIND, activity_arn(text).text)
    if activity is None:
        raise ServiceError("ActivityDoesNotExist", f"Activity Does Not Exist: '{text}'")
    return activity


def list_activities(service: Service, request: Body, caller: Caller) -> Body:
    """ListActivities, by name."""
    page = Page("activities", str, request, service.clock())
    rows = by_key(service.store.listed(_KIND, owner_of(caller)), page)
    names = ("activityArn", "name", "creationDate")
    return page.answer(rows, lambda row: {name: row.body[name] for name in names}, lambda row: row.key)


def delete_activity(service: Service, request: Body, caller: Caller) -> Body:
    """DeleteActivity. An activity that does not exist is not an error."""
    arn = activity_arn(request["activityArn"]).text
    service.store.remove(_KIND, arn)
    service.store.remove("tags", arn)
    return {}
