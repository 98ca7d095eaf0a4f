"""What AWS was asked and answered in the recordings beside the checkout, said again in our words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asltool.integrations.aws import Aws
from asltool.integrations.aws.names import capitalized, exception_name
from asltool.integrations.aws.sdk import Sdk
from asltool.integrations.aws.services import SERVICES
from asltool.integrations.aws.shapes import from_json
from asltool.integrations.aws.words import ErrorReply, OptimizedWords, ServiceWords

SHARED = Path(__file__).parents[4] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not there")

NOT_CALLED = ("apigateway", "http")
HTTP = ("SdkHttpMetadata", "SdkResponseMetadata")
OLD_CAUSE = re.compile(
    r"(?P<message>.*) \(Service: (?P<service>\w+); Status Code: (?P<status>\d+); Error Code: (?P<code>\w+); "
    r"Request ID: (?P<id>[^;]+); Proxy: null\)"
)
NEW_CAUSE = re.compile(
    r"(?P<message>.*) \(Service: (?P<service>\w+), Status Code: (?P<status>\d+), Request ID: (?P<id>[^,)]+)"
    r"(, Extended Request ID: (?P<extended>[^,)]+))?\)( \(SDK Attempt Count: 1\))?"
)


def entries() -> Iterator[dict[str, Any]]:
    """Yield every task of a service integration."""
    for path in sorted(SHARED.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            for entry in case.get("tasks", []):
                if entry["kind"] == "task" and entry["resourceType"] not in NOT_CALLED:
                    yield entry


@pytest.fixture
def sdk(offline: Aws) -> Sdk:
    return offline._sdk


def service(sdk: Sdk, entry: dict[str, Any]) -> tuple[Any, ServiceWords]:
    """Return the client and the words for a task."""
    kind, _, name = entry["resourceType"].rpartition(":")
    if kind:
        client = sdk.find(name)
        assert client is not None
        return sdk.client(client), sdk.words(client)
    return sdk.client(SERVICES[name].client), SERVICES[name].words


def test_every_request_can_be_sent_and_every_answer_read(sdk: Sdk) -> None:
    seen = 0
    for entry in entries():
        client, words = service(sdk, entry)
        operation = capitalized(entry["resource"].partition(".")[0])
        model = client.meta.service_model.operation_model(operation)
        from_json(entry["parameters"], model.input_shape, words)
        answer = entry["outcome"].get("submitted") or entry["outcome"].get("output")
        if isinstance(answer, dict) and entry["outcome"]["type"] == "success":
            fields = {name: value for name, value in answer.items() if name not in HTTP}
            from_json(fields, model.output_shape, words)
        seen += 1
    assert seen > 100


def test_every_error_of_a_service_is_named_and_explained_as_recorded(sdk: Sdk) -> None:
    seen = 0
    for entry in entries():
        error, cause = entry["outcome"].get("error", ""), entry["outcome"].get("cause", "")
        found = OLD_CAUSE.fullmatch(cause) or NEW_CAUSE.fullmatch(cause)
        if found is None:
            continue
        client, words = service(sdk, entry)
        parts = found.groupdict()
        code = parts.get("code") or code_of(client, error.partition(".")[2])
        shape = client.meta.service_model.shape_for_error_code(code)
        failed = words.failure(
            ErrorReply(
                code=code,
                message=parts["message"],
                status=int(parts["status"]),
                request_id=parts["id"],
                extended_request_id=parts.get("extended"),
                shape=shape.name if shape else None,
            )
        )
        newest = cause if isinstance(words, OptimizedWords) or cause.endswith("1)") else f"{cause} {ATTEMPTS}"
        assert (failed.error, failed.cause) == (error, newest)
        seen += 1
    assert seen > 8


ATTEMPTS = "(SDK Attempt Count: 1)"
"""What causes of the second SDK end with since 2025."""


def code_of(client: Any, name: str) -> str:
    """Return the code that goes by this name; newer causes do not tell it."""
    shapes = client.meta.service_model.error_shapes
    return next((shape.name for shape in shapes if exception_name(shape.name) == name), "Unknown")
