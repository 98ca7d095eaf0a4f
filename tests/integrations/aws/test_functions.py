"""Lambda functions on AWS: what goes out, and what a function's end means."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

import asltool
from asltool.integrations.aws import Aws
from tests.integrations.aws.conftest import Scripted
from tests.integrations.aws.test_calls import machine

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


def answer(payload: str, **fields: Any) -> dict[str, Any]:
    return {"StatusCode": 200, "Payload": io.BytesIO(payload.encode()), **fields}


def by_arn(**fields: Any) -> asltool.Machine:
    task = {"Type": "Task", "Resource": ARN, "End": True, **fields}
    return asltool.load({"StartAt": "T", "States": {"T": task}})


def test_invoke_gives_the_envelope(offline: Aws, scripted: Scripted) -> None:
    scripted(
        "lambda",
        [
            "invoke",
            {"FunctionName": "f", "Payload": b'{"a":1}'},
            answer('{"b": [2]}', ExecutedVersion="$LATEST"),
        ],
    )
    run = machine("lambda:invoke", Parameters={"FunctionName": "f", "Payload": {"a": 1}}).run(
        {}, integrations=[offline]
    )
    assert run.result() == {
        "ExecutedVersion": "$LATEST",
        "Payload": {"b": [2]},
        "SdkHttpMetadata": {"AllHttpHeaders": {}, "HttpHeaders": {}, "HttpStatusCode": 200},
        "SdkResponseMetadata": {"RequestId": ""},
        "StatusCode": 200,
    }


def test_a_function_whose_arn_is_the_resource(offline: Aws, scripted: Scripted) -> None:
    scripted("lambda", ["invoke", {"FunctionName": ARN, "Payload": b'{"a":1}'}, answer("[3]")])
    run = by_arn().run({"a": 1}, integrations=[offline])
    assert run.result() == [3]
    assert [event["type"] for event in run.history][3:5] == [
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
    ]


@pytest.mark.parametrize("value", [[1], "text", None, 7])
def test_a_function_takes_any_event(offline: Aws, scripted: Scripted, value: Any) -> None:
    scripted(
        "lambda", ["invoke", {"FunctionName": ARN, "Payload": json.dumps(value).encode()}, answer("null")]
    )
    assert by_arn().run(value, integrations=[offline]).result() is None


def test_an_exception_is_the_error(offline: Aws, scripted: Scripted) -> None:
    report = '{"errorMessage":"no","errorType":"OutOfStock","requestId":"r","stackTrace":[]}'
    scripted("lambda", ["invoke", {"FunctionName": "f"}, answer(report, FunctionError="Unhandled")])
    run = machine("lambda:invoke", Parameters={"FunctionName": "f"}).run({}, integrations=[offline])
    assert (run.error, run.cause) == ("OutOfStock", report)


def test_a_failure_without_a_type(offline: Aws, scripted: Scripted) -> None:
    scripted("lambda", ["invoke", {"FunctionName": "f"}, answer("oops", FunctionError="Unhandled")])
    run = machine("lambda:invoke", Parameters={"FunctionName": "f"}).run({}, integrations=[offline])
    assert run.error == "Lambda.Unknown"
    assert run.cause is not None
    assert run.cause.endswith("did not return an error type. Returned payload: oops")


def test_invoke_model_reads_the_models_json(offline: Aws, scripted: Scripted) -> None:
    told = {"body": io.BytesIO(b'{"completion": "yes"}'), "contentType": "application/json"}
    asked = {"modelId": "m", "body": b'{"prompt":"?"}'}
    scripted("bedrock-runtime", ["invoke_model", asked, told])
    run = machine("bedrock:invokeModel", Parameters={"ModelId": "m", "Body": {"prompt": "?"}}).run(
        {}, integrations=[offline]
    )
    assert run.result() == {"Body": {"completion": "yes"}, "ContentType": "application/json"}
