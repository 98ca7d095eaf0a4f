"""Requests and answers in AWS's JSON 1.0 protocol."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asltool.server.protocol import caller_of, failure, operation_of, request_of, success
from asltool.service.caller import Caller
from asltool.service.errors import ServiceError

CALLERS = json.loads((Path(__file__).parents[1] / "cases/server/callers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CALLERS, ids=lambda case: case["authorization"][:60])
def test_the_scope_of_the_signature_says_who_asks(case: dict[str, Any]) -> None:
    caller = caller_of(case["authorization"], Caller("123456789012", "us-west-2"))
    assert caller == Caller(case["account"], case["region"])


def test_the_target_names_the_operation() -> None:
    assert operation_of("AWSStepFunctions.StartExecution") == ("stepfunctions", "StartExecution")
    assert operation_of("AWSEvents.PutRule") == ("events", "PutRule")


@pytest.mark.parametrize(
    "target", ["", "StartExecution", "DynamoDB_20120810.GetItem", "AWSStepFunctions.a b"]
)
def test_another_target_is_an_unknown_operation(target: str) -> None:
    with pytest.raises(ServiceError) as refused:
        operation_of(target)
    assert refused.value.code == "UnknownOperationException"


def test_a_request_is_an_object_and_may_be_empty() -> None:
    assert request_of(b"") == {}
    assert request_of(b'{"name": "m"}') == {"name": "m"}


@given(st.binary() | st.text().map(str.encode) | st.from_regex(rb'[\[{"0-9a-zN:,\]}]{0,40}'))
def test_any_body_is_a_request_or_refused(body: bytes) -> None:
    with suppress(ServiceError):
        assert isinstance(request_of(body), dict)


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ServiceError) as refused:
        request_of(body)
    assert refused.value.code == "SerializationException"


def test_answers_have_a_request_id_and_the_type_of_the_protocol() -> None:
    answer = success({"status": "\ud800é"})
    headers = dict(answer.headers)
    assert answer.status == 200
    assert len(headers[b"x-amzn-requestid"]) == 36
    assert headers[b"content-type"] == b"application/x-amz-json-1.0"
    assert int(headers[b"content-length"]) == len(answer.body)
    assert json.loads(answer.body) == {"status": "\ud800é"}


def test_an_error_has_its_code_message_and_fields() -> None:
    answer = failure(ServiceError("ValidationException", "no", reason="API_DOES_NOT_SUPPORT_LABELED_ARNS"))
    assert answer.status == 400
    assert json.loads(answer.body) == {
        "__type": "ValidationException",
        "message": "no",
        "reason": "API_DOES_NOT_SUPPORT_LABELED_ARNS",
    }


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"startDate": 1790218576.968, "name": "ü"}, '{"startDate":1790218576.968,"name":"ü"}'),
        ({"n": 2**64, "name": "ü"}, '{"n":18446744073709551616,"name":"\\u00fc"}'),
        ({"cause": "\ud800"}, '{"cause":"\\ud800"}'),
    ],
)
def test_answers_keep_digits_and_escape_what_utf_8_cannot_write(value: dict[str, Any], body: str) -> None:
    assert success(value).body == body.encode()
