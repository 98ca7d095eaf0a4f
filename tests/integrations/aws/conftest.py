"""AWS as a server on loopback plays it, and clients that answer by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.model import OperationModel

from asltool.integrations.aws import Aws

NOWHERE = "http://127.0.0.1:9"


class Script:
    """Lets the client of a service answer by itself. ``calls``: operation, parameters expected, response."""

    def __init__(self, aws: Aws, client: str, *calls: list[Any]) -> None:
        self.calls = list(calls)
        self._events = aws.client(client).meta.events
        self._events.register_first("before-parameter-build", self._check)
        self._events.register("before-call", self._answer)

    def close(self) -> None:
        self._events.unregister("before-parameter-build", self._check)
        self._events.unregister("before-call", self._answer)

    def _check(self, params: Any, model: OperationModel, **_: Any) -> None:
        operation, expected, _ = self.calls[0]
        assert (xform_name(model.name), params) == (operation, expected)

    def _answer(self, **_: Any) -> tuple[AWSResponse, Any]:
        _, _, response = self.calls.pop(0)
        status = 200
        if isinstance(response, str):
            status, response = 400, {"Error": {"Code": response, "Message": "said so"}}
        http = AWSResponse("", status, HTTPHeaders(), None)
        return http, {**response, "ResponseMetadata": {"HTTPStatusCode": status}}


Scripted = Callable[..., Script]


@pytest.fixture(scope="package", autouse=True)
def environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_CONFIG_FILE", "/nowhere")
        for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="package")
def of_server(server: str, environment: None) -> Aws:
    return Aws(endpoint_url=server)


@pytest.fixture
def aws(of_server: Aws, endpoint: str) -> Aws:
    """AWS as the server plays it, with nothing in it."""
    return of_server


@pytest.fixture(scope="package")
def offline(environment: None) -> Aws:
    """AWS where nobody answers but a script."""
    return Aws(endpoint_url=NOWHERE)


@pytest.fixture
def scripted(offline: Aws) -> Iterator[Scripted]:
    scripts: list[Script] = []

    def script(client: str, *calls: list[Any]) -> Script:
        scripts.append(Script(offline, client, *calls))
        return scripts[-1]

    yield script
    for each in scripts:
        each.close()
