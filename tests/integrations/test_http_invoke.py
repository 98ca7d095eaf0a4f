"""HTTP tasks: what is sent, and what becomes of the answer. No network: httpx's own mock stands in for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

import asltool
from asltool import Connections, HttpInvoke, TasksError
from asltool.integrations.form import form_encoded

CASES = Path(__file__).parent.parent / "cases" / "integrations"
ARN = "arn:aws:events:us-east-1:123456789012:connection/stripe/81210c42-8af1-456b-9c4a-6ff02fc664ac"


def read() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((CASES / "http.yaml").read_text(encoding="utf-8")))


class Server:
    """Answers as a case says and keeps the requests."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._case = case
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._case["token" if request.url.host.startswith("auth") else "answer"]
        if "breaks" in answer:
            raise httpx.ConnectError(answer["breaks"])
        content = {name: answer[name] for name in ("json", "text") if name in answer}
        return httpx.Response(answer["status"], headers=answer.get("headers"), **content)


def run(parameters: dict[str, Any], http: HttpInvoke) -> asltool.Run:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Parameters": parameters,
        "End": True,
    }
    machine = asltool.load({"StartAt": "Call", "States": {"Call": state}})
    return machine.run({}, integrations=[http])


@pytest.mark.parametrize("case", read(), ids=lambda case: str(case["name"]))
def test_case(case: dict[str, Any]) -> None:
    server, parameters = Server(case), dict(case["parameters"])
    connections = None
    if "connection" in case:
        connections = Connections({"stripe": case["connection"]})
        parameters["InvocationConfig"] = {"ConnectionArn": ARN}
    ran = run(parameters, HttpInvoke(connections, transport=httpx.MockTransport(server)))
    assert ran.error == case.get("error"), ran.cause
    if "error" in case:
        cause = ran.cause or ""
        assert cause == case.get("cause", cause)
        assert cause.startswith(case.get("cause starts with", ""))
        assert cause.endswith(case.get("cause ends with", ""))
    else:
        assert ran.output == case.get("output", ran.output)
    expected = [case[name] for name in ("token request", "request") if name in case]
    for request, expect in zip(server.requests, expected, strict="error" not in case and bool(expected)):
        assert shown(request, expect) == expect


def shown(request: httpx.Request, expect: dict[str, Any]) -> dict[str, Any]:
    """Return of a request what the case says something about."""
    shown = {
        "method": request.method,
        "url": str(request.url),
        "headers": {name: request.headers.get(name) for name in expect.get("headers", ())},
        "body": request.content.decode(),
    }
    return {name: shown[name] for name in expect}


def test_a_token_is_got_once() -> None:
    case = next(case for case in read() if case["name"].startswith("OAuth"))
    server = Server(case)
    http = HttpInvoke(Connections({ARN: case["connection"]}), transport=httpx.MockTransport(server))
    for _ in range(2):
        run({**case["parameters"], "Authentication": {"ConnectionArn": ARN}}, http)
    assert [request.url.host for request in server.requests] == [
        "auth.example.com",
        "api.example.com",
        "api.example.com",
    ]


def test_nothing_is_sent_without_being_asked() -> None:
    task = {"ApiEndpoint": "https://api.example.com", "Method": "GET"}
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": task, "End": True}
    with pytest.raises(asltool.NoHandler, match="or allow the request to be sent: --http"):
        asltool.load({"StartAt": "Call", "States": {"Call": state}}).run({})


def test_a_connection_that_is_not_there_ends_the_run() -> None:
    http = HttpInvoke(Connections({"paypal": {"AuthParameters": {"ApiKeyAuthParameters": KEY}}}))
    parameters = {"ApiEndpoint": "https://api.example.com", "Method": "GET"}
    with pytest.raises(TasksError) as caught:
        run({**parameters, "InvocationConfig": {"ConnectionArn": ARN}}, http)
    assert str(caught.value) == f'unknown connection "{ARN}". existing connections: "paypal"'


def test_a_task_that_names_no_connection() -> None:
    http = HttpInvoke(Connections({"paypal": {"AuthParameters": {"ApiKeyAuthParameters": KEY}}}))
    ran = run({"ApiEndpoint": "https://api.example.com", "Method": "GET"}, http)
    assert ran.error == "States.Runtime"
    assert (ran.cause or "").endswith("[The field 'ConnectionArn' is required but was missing]")


KEY = {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}


@pytest.mark.parametrize("resource", ["http:invoke", "states:startExecution"])
def test_arguments_that_are_no_object(resource: str) -> None:
    state = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Arguments": "{% 'text' %}",
        "End": True,
    }
    machine = asltool.load({"QueryLanguage": "JSONata", "StartAt": "Call", "States": {"Call": state}})
    ran = machine.run({}, integrations=[HttpInvoke(), asltool.Executions({})])
    assert ran.error == "States.Runtime"
    assert ran.cause == (
        "The Parameters '\"text\"' could not be used to start the Task: [Parameters must be an object]"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", ":1:1: expected an object, not an array"),
        ('{"a": 1}', ":1:7: a: expected an object, not the number 1"),
        ('{"a": {}}', ':1:7: a: expected the field "AuthParameters"'),
        (
            '{"a": {"AuthParameters": {}}}',
            ":1:26: a.AuthParameters: expected ApiKeyAuthParameters, BasicAuthParameters or OAuthParameters",
        ),
        (
            '{"a": {"AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key"}}}}',
            ':1:51: a.AuthParameters.ApiKeyAuthParameters: expected the field "ApiKeyValue", a string. '
            "describe-connection does not show secrets",
        ),
        (
            '{"a": {"AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "k"}, '
            '"InvocationHttpParameters": {"HeaderParameters": 7}}}}',
            ":1:145: a.AuthParameters.InvocationHttpParameters.HeaderParameters: "
            "expected an array of objects with Key and Value",
        ),
        ("{", ':1:1: this "{" is never closed'),
    ],
)
def test_a_file_of_connections_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "connections.json"
    path.write_text(text)
    with pytest.raises(TasksError) as caught:
        Connections.load(str(path))
    assert str(caught.value).startswith(str(path) + message)


def test_a_file_of_connections_may_be_yaml(tmp_path: Path) -> None:
    path = tmp_path / "connections.yaml"
    path.write_text(
        "stripe: {AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: X-Key, ApiKeyValue: secret}}}"
    )
    assert Connections.load(str(path)).find(ARN).headers == {"X-Key": "secret"}


@pytest.mark.parametrize("case", json.loads((CASES / "form.json").read_text(encoding="utf-8")))
def test_a_form(case: dict[str, Any]) -> None:
    arrays = {"arrays": case["arrays"]} if "arrays" in case else {}
    assert form_encoded(case["value"], **arrays) == case["form"]
