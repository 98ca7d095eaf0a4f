"""ARNs are taken apart in one place, placeholders and all."""

from __future__ import annotations

import pytest

from asltool.diagrams.services import service
from asltool.integrations.lambda_names import function_name, parse_function
from asltool.syntax.arn import Arn, parse_arn, partition_of, split_arn
from asltool.syntax.resource import Resource

PLACES = (
    "arn:aws:states:us-east-1:123456789012:",
    "arn:aws-cn:states:${AWS::Region}:123456789012:",
    "arn:aws:states:${AWS::Region}:${AWS::AccountId}:",
    "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:",
    "arn:${AWS::Partition}:states:#{AWS::Region}:${self:custom.account}:",
)


@pytest.mark.parametrize("place", PLACES)
def test_an_activity_is_one_wherever_it_is(place: str) -> None:
    resource = Resource(place + "activity:ask.twice")
    assert resource.events == "Activity"
    assert resource.is_activity
    assert (function_name(resource), service(resource)) == ("ask.twice", "Activity ask.twice")


@pytest.mark.parametrize("place", PLACES)
def test_an_integration_is_one_wherever_it_is(place: str) -> None:
    resource = Resource(place + "aws-sdk:s3:getObject")
    assert (resource.events, resource.service, resource.action) == ("Task", "aws-sdk:s3", "getObject")
    resource = Resource(place + "states:startExecution.sync:2")
    assert (resource.service, resource.action, resource.pattern) == (
        "states",
        "startExecution.sync:2",
        "sync:2",
    )


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:lambda:${AWS::Region}:123456789012:function:do",
        "arn:aws:states:::activity:",
        "arn:aws:states:::sqs",
        "arn:aws:states:::a:b:c",
        "arn:aws:states:${AWS::Region",
        "arn:aws",
        "${Activity}",
        "",
    ],
)
def test_all_else_is_a_function(resource: str) -> None:
    assert Resource(resource).events == "LambdaFunction"


def test_parts() -> None:
    assert parse_arn("arn:a:b:c:d:e:f") == Arn("a", "b", "c", "d", "e:f")
    assert parse_arn("arn:a:b:c:d") is None
    assert split_arn("a:${b:c}:{d:", 2) == ["a", "${b:c}", "{d:"]
    assert split_arn("${a:b}") == ["${a:b}"]
    assert split_arn("${a:b") == ["${a", "b"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("do", ("do", None)),
        ("do:1", ("do", "1")),
        ("123456789012:function:do:live", ("do", "live")),
        ("${AWS::AccountId}:function:do", ("do", None)),
        ("arn:aws:lambda:${AWS::Region}:1:function:${Name}:$LATEST", ("${Name}", "$LATEST")),
        ("", None),
    ],
)
def test_functions(text: str, found: tuple[str, str | None] | None) -> None:
    assert parse_function(text) == found


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("local", "aws")],
)
def test_a_region_is_in_a_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition
