"""The table of AWS SDK names that is shipped, and what is close enough to a name to be a slip."""

from __future__ import annotations

import zlib

import pytest

from asltool.rules.analysis.sdk_names import misspelt_sdk_name
from tests.sdk_names import TABLE, table


def actions(text: str, service: str) -> set[str]:
    line = next(line for line in text.splitlines() if line.split(" ")[0].split("/")[0] == service)
    return set(line.split(" ")[1:])


def test_the_table_is_small_and_made_by_the_script() -> None:
    data = TABLE.read_bytes()
    assert len(data) < 200_000
    text = zlib.decompress(data).decode("ascii")
    made = table()
    for service in ("dynamodb", "s3", "sfn", "sqs"):
        assert actions(made, service) >= actions(text, service) > set()


@pytest.mark.parametrize(
    ("service", "action", "problem"),
    [
        (
            "sqs",
            "sendMesage",
            'the AWS SDK service "sqs" has no action "sendMesage". did you mean "sendMessage"?',
        ),
        ("s3", "getobject", 'the AWS SDK service "s3" has no action "getobject". did you mean "getObject"?'),
        ("s4", "getObject", None),
        ("s3", "getItem", None),
        ("sq", "sendMessage", 'there is no AWS SDK service "sq". did you mean "sqs"?'),
        ("stepfunctions", "x", 'there is no AWS SDK service "stepfunctions". Step Functions calls it "sfn"'),
        ("iot-data", "x", 'there is no AWS SDK service "iot-data". Step Functions calls it "iotdataplane"'),
        ("API-Gateway", "x", 'there is no AWS SDK service "API-Gateway". did you mean "apigateway"?'),
        ("iotevents", "anyAction", None),
        ("wafv2", "getWebACL", None),
    ],
)
def test_what_is_close(service: str, action: str, problem: str | None) -> None:
    assert misspelt_sdk_name(service, action) == problem
