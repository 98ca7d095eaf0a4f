"""Lambda functions at an address, asked of a small server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

import asltool

ARN = "arn:aws:lambda:us-east-1:123456789012:function"
FAILURE = {"errorType": "ValueError", "errorMessage": "no rows", "stackTrace": []}


class Functions(BaseHTTPRequestHandler):
    """``echo`` returns what it was asked, ``fail`` and ``crash`` fail, and no other function exists."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["content-length"])))
        kind = self.headers["x-amz-invocation-type"]
        name = self.path.partition("/functions/")[2].partition("/")[0]
        if kind != "RequestResponse":
            self._answer(202 if kind == "Event" else 204, b"")
        elif name == "echo":
            self._answer(200, json.dumps({"path": self.path, "event": event}).encode())
        elif name in ("fail", "crash"):
            self._answer(
                200,
                json.dumps(FAILURE if name == "fail" else "gone").encode(),
                X_Amz_Function_Error="Unhandled",
            )
        else:
            message = {"Type": "User", "Message": f"Function not found: {ARN}:{name}"}
            self._answer(404, json.dumps(message).encode(), x_amzn_errortype="ResourceNotFoundException")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("x-amzn-requestid", "r-1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Functions) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/base/"
        server.shutdown()


def run(url: str, resource: str, parameters: Any = None, **options: Any) -> asltool.Run:
    state = {"Type": "Task", "Resource": resource, "End": True}
    if parameters is not None:
        state["Parameters"] = parameters
    machine = asltool.load({"StartAt": "Call", "States": {"Call": state}})
    return machine.run({"a": 1}, integrations=[asltool.LambdaEndpoint(url)], **options)


@pytest.mark.parametrize(
    ("function", "path"),
    [
        (f"{ARN}:echo", "echo/invocations"),
        (f"{ARN}:echo:live", "echo/invocations?Qualifier=live"),
    ],
)
def test_a_function_gets_the_input_and_returns_the_result(url: str, function: str, path: str) -> None:
    ran = run(url, function)
    assert ran.output == {"path": f"/base/2015-03-31/functions/{path}", "event": {"a": 1}}
    assert [event["type"] for event in ran.history][2:5] == [
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
    ]


def test_invoke_sends_the_payload_and_answers_as_the_service_does(url: str) -> None:
    parameters = {"FunctionName": f"{ARN}:echo", "Payload": {"b": 2}, "Qualifier": "7"}
    output = run(url, "arn:aws:states:::lambda:invoke", parameters).output
    assert output["Payload"] == {
        "path": "/base/2015-03-31/functions/echo/invocations?Qualifier=7",
        "event": {"b": 2},
    }
    assert (output["ExecutedVersion"], output["StatusCode"]) == ("7", 200)


@pytest.mark.parametrize(("kind", "status"), [("Event", 202), ("DryRun", 204)])
def test_a_function_whose_result_is_not_wanted(url: str, kind: str, status: int) -> None:
    parameters = {"FunctionName": "fail", "InvocationType": kind}
    output = run(url, "arn:aws:states:::lambda:invoke", parameters).output
    assert (output["StatusCode"], "Payload" in output) == (status, False)


UNKNOWN = "The cause could not be determined because Lambda did not return an error type."
NOT_FOUND = (
    f"Function not found: {ARN}:missing "
    "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; "
    "Request ID: r-1; Proxy: null)"
)


@pytest.mark.parametrize(
    ("name", "error", "cause"),
    [
        ("fail", "ValueError", json.dumps(FAILURE)),
        ("crash", "Lambda.Unknown", f'{UNKNOWN} Returned payload: "gone"'),
        ("missing", "Lambda.ResourceNotFoundException", NOT_FOUND),
    ],
)
@pytest.mark.parametrize("invoke", [False, True])
def test_failures_are_those_of_lambda(url: str, name: str, error: str, cause: str, invoke: bool) -> None:
    resource = "arn:aws:states:::lambda:invoke" if invoke else f"{ARN}:{name}"
    ran = run(url, resource, {"FunctionName": name} if invoke else None)
    assert (ran.status, ran.error, ran.cause) == ("FAILED", error, cause)


def test_a_server_that_is_not_there_can_be_retried() -> None:
    ran = run("http://127.0.0.1:9", f"{ARN}:echo")
    assert ran.error == "Lambda.SdkClientException"
    assert (ran.cause or "").startswith(
        "Unable to execute HTTP request: 127.0.0.1:9/2015-03-31/functions/echo/invocations: "
    )


def test_a_python_handler_comes_first(url: str) -> None:
    assert run(url, f"{ARN}:echo", tasks={"echo": lambda event, context: "here"}).output == "here"


@pytest.mark.parametrize("text", ["127.0.0.1:3001", "ftp://127.0.0.1", "http://", ""])
def test_an_address_is_checked(text: str) -> None:
    with pytest.raises(asltool.OptionError, match=r"is not a Lambda endpoint\. expected an address like"):
        asltool.LambdaEndpoint(text)
