"""AWS's JSON 1.0 protocol: the operation and caller of a request, and the format of a response.

Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from asltool.service.apis import EVENTS
from asltool.service.caller import Caller
from asltool.service.checks import STATES
from asltool.service.errors import ServiceError

__all__ = ["HttpResponse", "caller_of", "failure", "operation_of", "request_of", "success"]

_APIS = {"AWSEvents": EVENTS, "AWSStepFunctions": STATES}
"""The APIs that speak this protocol, by what begins the targets of their requests."""

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/[a-z]+/aws4_request")
"""The part of a signature that identifies the caller and the region."""

_ACCOUNT = re.compile(r"\d{12}")

_CONTENT_TYPE = b"application/x-amz-json-1.0"

_dumps = json.JSONEncoder(separators=(",", ":")).encode


class HttpResponse(NamedTuple):
    """A response over HTTP."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def operation_of(target: str) -> tuple[str, str]:
    """Return the API and the operation that the header ``X-Amz-Target`` names.

    Raises:
        ServiceError: the header names an unknown API.
    """
    prefix, _, operation = target.partition(".")
    if prefix not in _APIS or not (operation.isascii() and operation.isalpha()):
        raise ServiceError("UnknownOperationException", "")
    return _APIS[prefix], operation


def caller_of(authorization: str, default: Caller) -> Caller:
    """Return the caller from the scope of the signature; the signature itself is not checked.

    An access key of twelve digits is the account. Missing parts are taken from the default.
    """
    match = _CREDENTIAL.search(authorization)
    if match is None:
        return default
    key, region = match.groups()
    return Caller(key if _ACCOUNT.fullmatch(key) else default.account, region)


def request_of(body: bytes) -> dict[str, Any]:
    """Return a request's fields; an empty body has none.

    Raises:
        ServiceError: the body is not a JSON object.
    """
    if not body:
        return {}
    try:
        value = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        raise ServiceError("SerializationException", str(problem)) from None
    if not isinstance(value, dict):
        raise ServiceError("SerializationException", "the body of a request must be a JSON object")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def success(value: Mapping[str, Any]) -> HttpResponse:
    """Return the response of an operation that succeeded."""
    return _answer(200, value)


def failure(problem: ServiceError, status: int = 400) -> HttpResponse:
    """Return the response of an operation that failed, in the service's error format."""
    return _answer(status, {"__type": problem.code, "message": str(problem), **problem.fields})


def _encoded(value: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # integers of more than 64 bits, and unpaired surrogates, which become escapes
        return _dumps(value).encode("ascii")


def _answer(status: int, value: Mapping[str, Any]) -> HttpResponse:
    body = _encoded(value)
    headers = [
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        (b"content-type", _CONTENT_TYPE),
        (b"content-length", str(len(body)).encode()),
    ]
    return HttpResponse(status, headers, body)
