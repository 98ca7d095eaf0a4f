"""How a server ends: with a full disk, without its folder, with clients that have not said all."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from asltool.server import start
from asltool.testing import server
from tests.server.load import ROLE
from tests.server.served import PLACE, Api, Refused, ServerProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

MACHINE = f"{PLACE}:stateMachine:m"
DEFINITION = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
FULL = (
    "asltool serve: data/asltool.db cannot be read or written: the disk reports an error, or the file would "
    "be larger than files may be here. nothing since the last commit is kept\n"
)
REMOVED = "asltool serve: data/asltool.db was removed or replaced. changes since the last commit are lost\n"


def start_until_refused(url: str) -> list[str]:
    """Start executions until that is refused; return those that were acknowledged."""
    found: list[str] = []
    with Api(url) as api, pytest.raises(Refused, match=r"^ServiceUnavailable: the server is ending$"):
        _start(api, found)
    return found


def _start(api: Api, found: list[str]) -> None:
    given = json.dumps("x" * 10_000)
    while True:
        found.append(api("StartExecution", stateMachineArn=MACHINE, input=given)["executionArn"])


def test_a_full_disk_ends_the_server_and_loses_nothing_acknowledged(tmp_path: Path) -> None:
    full = ServerProcess(tmp_path, "--data", "data", file_bytes=600_000)
    with Api(full.wait()) as api:
        api("CreateStateMachine", name="m", definition=DEFINITION, roleArn=ROLE)
    acknowledged = start_until_refused(full.url)
    assert full.over() == 1
    assert full.errors.read_text(encoding="utf-8") == FULL
    full.errors.unlink()
    after = ServerProcess(tmp_path, "--data", "data")
    with Api(after.wait()) as api:
        for arn in acknowledged:
            assert api("DescribeExecution", executionArn=arn)["status"] == "SUCCEEDED"
    shutil.rmtree(tmp_path / "data")
    assert start_until_refused(after.url) == []
    assert after.over() == 1
    assert after.errors.read_text(encoding="utf-8") == REMOVED


def test_a_request_that_does_not_come_to_its_end_is_refused_when_the_server_ends(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(start, "_LAST_ANSWERS", 0.01)
    half = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{"
    with server() as running:
        parts = urlsplit(running.url)
        connection = socket.create_connection((str(parts.hostname), parts.port or 80), 30)
        connection.sendall(half)
        with Api(running.url) as api:
            api("ListActivities")
    with connection:
        answer = connection.recv(1000)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert answer.endswith(b'{"__type":"ServiceUnavailable","message":"the server is ending"}')
    assert caplog.records == []


def test_the_head_and_the_body_of_an_answer_come_together() -> None:
    request = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
    with server() as running:
        parts = urlsplit(running.url)
        with socket.create_connection((str(parts.hostname), parts.port or 80), 30) as connection:
            connection.sendall(request)
            assert connection.recv(1000).endswith(b'{"__type":"UnknownOperationException","message":""}')
