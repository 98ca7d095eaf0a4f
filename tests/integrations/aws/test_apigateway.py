"""API Gateway, played by a server on loopback that tells what it was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

import asltool
from asltool.integrations.aws import Aws
from tests.integrations.aws.test_calls import machine


class Api(BaseHTTPRequestHandler):
    """Answers 200 and what it was sent; the request's own headers may want another answer."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        status = int(self.headers.get("x-want", 200))
        told = {"method": self.command, "path": self.path, "body": body, "headers": dict(self.headers)}
        answer = self.headers.get("x-answer", json.dumps(told)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("x-twice", "one, two")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments: Any) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    for method in ("GET", "POST"):
        setattr(Api, f"do_{method}", Api.answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def invoke(api: str, **asked: Any) -> asltool.Run:
    aws = Aws(endpoint_url=f"http://{api}")
    return machine("apigateway:invoke", Parameters={"ApiEndpoint": api, "Method": "POST", **asked}).run(
        {}, integrations=[aws]
    )


def test_a_request(api: str) -> None:
    output = invoke(
        api,
        Stage="dev",
        Path="/pets/a b",
        QueryParameters={"tag": ["x", "y"], "one": ["&"]},
        Headers={"X-Mine": ["1", "2"]},
        RequestBody={"a": [1, None], "b": None},
    ).result()
    sent = output["ResponseBody"]
    assert (sent["method"], sent["path"]) == ("POST", "/dev/pets/a%20b?tag=x&tag=y&one=%26")
    assert (sent["body"], sent["headers"]["X-Mine"]) == ('{"a":[1,null]}', "1,2")
    assert sent["headers"]["Content-Type"] == "application/json"
    assert "Authorization" not in sent["headers"]
    assert (output["StatusCode"], output["StatusText"]) == (200, "OK")
    assert output["Headers"]["x-twice"] == ["one, two"]


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ({"RequestBody": "HelloWorld"}, '"HelloWorld"'),  # recorded 2025-11-06
        ({"RequestBody": ""}, '""'),
        ({"RequestBody": None}, ""),
        ({"RequestBody": {"a": None}, "AllowNullValues": True}, '{"a":null}'),
    ],
)
def test_bodies(api: str, asked: dict[str, Any], body: str) -> None:
    assert invoke(api, **asked).result()["ResponseBody"]["body"] == body


def test_a_text_comes_as_it_is(api: str) -> None:
    assert invoke(api, Headers={"x-answer": ["plain"]}).result()["ResponseBody"] == "plain"


def test_a_request_is_signed(api: str) -> None:
    sent = invoke(api, Method="GET", AuthType="IAM_ROLE").result()["ResponseBody"]
    assert "/us-east-1/execute-api/aws4_request" in sent["headers"]["Authorization"]


def test_a_status_that_is_no_success_fails_the_task(api: str) -> None:
    run = invoke(api, Headers={"x-want": ["403"], "x-answer": ['{"message":"Missing Token"}']})
    assert (run.error, run.cause) == ("ApiGateway.403", '{"message":"Missing Token"}')


def test_an_api_that_is_not_there_fails_the_task() -> None:
    run = invoke("127.0.0.1:9")
    assert (run.error, run.cause) == (
        "ApiGateway.SdkClientException",
        "Unable to execute HTTP request: 127.0.0.1:9: Connection refused",
    )


@pytest.mark.parametrize(
    ("field", "value"), [("Headers", {"a": "text"}), ("QueryParameters", "?a=b"), ("Headers", [])]
)
def test_headers_and_query_parameters_are_lists(api: str, field: str, value: Any) -> None:
    run = invoke(api, **{field: value})
    assert run.error == "States.Runtime"  # recorded 2024-10-06
    assert run.cause is not None
    assert run.cause.endswith(f"to start the Task: [The value of the field '{field}' has an invalid format]")
