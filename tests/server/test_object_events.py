"""A folder in place of S3 that is watched: its files become S3's events, which start machines."""

from __future__ import annotations

import asyncio
import json
import os
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from asltool.cli import main
from asltool.errors import OptionError
from asltool.service.backend import Backend, BackendSettings
from asltool.service.objects.files import files_below
from asltool.testing.serving import TestServer, server
from tests.server.test_events import PASS, PLACE
from tests.server.test_server import created, finished

pytest.importorskip("watchfiles")

_SECONDS = 30
"""How long an event may take on the slowest machine."""


@pytest.fixture
def s3(tmp_path: Path) -> Path:
    (tmp_path / "s3" / "raw").mkdir(parents=True)
    return tmp_path / "s3"


def listening(running: TestServer) -> Callable[[int], list[Any]]:
    """Start a machine with every event of S3; return what returns so many of them, once they are there."""
    client, events = running.client(), running.client("events")
    machine = created(client, "m", PASS)
    events.put_rule(Name="r", EventPattern='{"source": ["aws.s3"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": machine}])

    def inputs(count: int) -> list[Any]:
        until = time.monotonic() + _SECONDS
        while True:
            found = client.list_executions(stateMachineArn=machine)["executions"]
            if len(found) >= count or time.monotonic() > until:
                break
            time.sleep(0.01)
        texts = [finished(client, each["executionArn"])["input"] for each in found]
        return sorted(map(json.loads, texts), key=lambda event: str(event["detail"]["object"]["sequencer"]))

    return inputs


def summaries(events: list[Any]) -> list[tuple[str, str, int | None]]:
    """Return what happened to which key, and the size."""
    return [
        (
            each["detail-type"].removeprefix("Object "),
            f"{each['detail']['bucket']['name']}/{each['detail']['object']['key']}",
            each["detail"]["object"].get("size"),
        )
        for each in events
    ]


def put(s3: Path, name: str, text: str = "") -> None:
    """Move a file into its place that is whole."""
    whole = s3.parent / "whole"
    whole.write_text(text, encoding="utf-8")
    os.utime(whole, (1, 1 + len(text)))
    (s3 / name).parent.mkdir(parents=True, exist_ok=True)
    whole.replace(s3 / name)


def test_the_events_are_those_of_s3(s3: Path) -> None:
    put(s3, "raw/before")
    with server(s3=s3, watch_s3=True) as running:
        inputs = listening(running)
        (s3 / "raw" / "in").mkdir()
        (s3 / "raw" / "in" / "a.csv").write_text("a,b\n", encoding="ascii")
        [event] = inputs(1)
        put(s3, "raw/in/a.csv", "a,b\n1,2\n")
        assert summaries(inputs(2))[1:] == [("Created", "raw/in/a.csv", 8)]
        (s3 / "raw" / "in" / "a.csv").unlink()
        [_, _, gone] = inputs(3)
    detail = event.pop("detail")
    assert len(event.pop("id")) == 36
    assert event.pop("time").endswith("Z")
    assert event == {
        "version": "0",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": PLACE.partition(":")[2],
        "region": PLACE.partition(":")[0],
        "resources": ["arn:aws:s3:::raw"],
    }
    assert len(detail.pop("request-id")) == 16
    assert detail == {
        "version": "0",
        "bucket": {"name": "raw"},
        "object": {
            "key": "in/a.csv",
            "size": 4,
            "etag": "f69f5b72bc79a92dc70c63c9aa142e36",
            "sequencer": "000000000000000001",
        },
        "requester": "123456789012",
        "source-ip-address": "127.0.0.1",
        "reason": "PutObject",
    }
    assert gone["detail-type"] == "Object Deleted"
    assert gone["detail"]["object"] == {"key": "in/a.csv", "sequencer": "000000000000000003"}
    assert gone["detail"]["reason"] == "DeleteObject"
    assert gone["detail"]["deletion-type"] == "Permanently Deleted"


def test_folders_come_and_go_as_a_whole(s3: Path) -> None:
    folder = s3.parent / "folder" / "deep"
    folder.mkdir(parents=True)
    (folder / "1").touch()
    os.utime(folder / "1", (1, 1))
    with server(s3=s3, watch_s3=True) as running:
        inputs = listening(running)
        folder.parent.rename(s3 / "raw" / "folder")
        assert summaries(inputs(1)) == [("Created", "raw/folder/deep/1", 0)]
        (s3 / "raw" / "folder").rename(s3.parent / "away")
        assert summaries(inputs(2))[1:] == [("Deleted", "raw/folder/deep/1", None)]


def test_what_changed_while_no_server_ran_becomes_events(s3: Path, tmp_path: Path) -> None:
    put(s3, "raw/stays", "x")
    put(s3, "raw/changes", "x")
    put(s3, "raw/goes", "x")
    with server(s3=s3, watch_s3=True, data=tmp_path / "data") as running:
        inputs = listening(running)
        put(s3, "raw/seen", "x")
        assert summaries(inputs(1)) == [("Created", "raw/seen", 1)]
    put(s3, "raw/changes", "xy")
    put(s3, "raw/new", "xyz")
    (s3 / "raw" / "goes").unlink()
    with server(s3=s3, watch_s3=True, data=tmp_path / "data") as running:
        events = listening(running)(4)
    assert sorted(summaries(events)[1:]) == [
        ("Created", "raw/changes", 2),
        ("Created", "raw/new", 3),
        ("Deleted", "raw/goes", None),
    ]


def test_what_a_task_writes_is_an_event_too(s3: Path) -> None:
    with server(s3=s3, watch_s3=True) as running:
        inputs, client = listening(running), running.client()
        task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "End": True}
        given = {"Bucket": "raw", "Key": "k", "Body": "text"}
        writer = created(client, "w", {"StartAt": "A", "States": {"A": {**task, "Parameters": given}}})
        client.start_execution(stateMachineArn=writer)
        assert summaries(inputs(1)) == [("Created", "raw/k", 4)]


def test_a_folder_to_watch_has_to_be_named() -> None:
    result = CliRunner().invoke(main, ["serve", "--memory", "--watch-s3"])
    assert result.exit_code == 2
    assert "--watch-s3 needs --s3, the folder to watch" in result.stderr


def test_a_store_of_objects_cannot_be_watched() -> None:
    with pytest.raises(OptionError, match="watch_s3 needs a folder to watch"), server(watch_s3=True):
        pass


@pytest.mark.parametrize("own", ["--data", "--logs"])
def test_what_the_server_writes_cannot_be_watched(own: str, s3: Path) -> None:
    (s3 / "raw" / "own").mkdir()
    args = ["--s3", str(s3), "--watch-s3", "--port", "0", own, str(s3 / "raw" / "own")]
    result = CliRunner().invoke(main, ["serve", *(["--memory"] if own == "--logs" else []), *args])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f'"{s3 / "raw" / "own"}" is in the watched folder "{s3}"' in result.stderr


def test_what_cannot_be_an_object_is_named_once(s3: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(s3, "_not_a_bucket/a", "x")
    (s3 / "loose.csv").touch()
    (s3 / ".hidden").touch()
    with server(s3=s3, watch_s3=True) as running:
        inputs = listening(running)
        put(s3, "raw/a", "x")
        inputs(1)
    [warned] = [each.getMessage() for each in caplog.records if "cannot become events" in each.getMessage()]
    assert warned.startswith('"_not_a_bucket" and 1 more in ')


def test_names_that_are_not_utf_8_are_skipped(s3: Path) -> None:
    try:
        (s3 / "raw" / "b\udcff").touch()
    except (OSError, UnicodeError):
        pytest.skip("the file system has no such names")
    skipped: set[str] = set()
    assert (files_below(str(s3), "", skipped), skipped) == ({}, {"raw/b\udcff"})


def test_a_folder_that_is_watched_first_says_what_is_there(s3: Path, tmp_path: Path) -> None:
    put(s3, "raw/a", "x")
    put(s3, "raw/b", "x")

    async def already() -> int:
        backend = Backend(BackendSettings(data=tmp_path / "data", watched=s3))
        found = await backend.watch()
        await backend.close()
        return found

    assert [asyncio.run(already()), asyncio.run(already())] == [2, 0]


def test_a_server_that_is_reset_goes_on_watching(s3: Path) -> None:
    with server(s3=s3, watch_s3=True) as running:
        put(s3, "raw/a", "x")
        urllib.request.urlopen(f"{running.url}/_asltool/reset", b"").close()
        inputs = listening(running)
        put(s3, "raw/b", "xy")
        assert summaries(inputs(1)) == [("Created", "raw/b", 2)]


SAM = """
Resources:
  Raw: {Type: AWS::S3::Bucket, Properties: {BucketName: raw}}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: m
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
      Events:
        Landed:
          Type: EventBridgeRule
          Properties: {Pattern: {source: [aws.s3], detail: {bucket: {name: [!Ref Raw]}}}}
"""

TERRAFORM = """
resource "aws_s3_bucket" "landing" { bucket = "raw" }
resource "aws_sfn_state_machine" "m" {
  name       = "m"
  role_arn   = "arn:aws:iam::123456789012:role/any"
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Pass", End = true } } })
}
resource "aws_cloudwatch_event_rule" "landed" {
  event_pattern = jsonencode({
    source = ["aws.s3"], detail = { bucket = { name = [aws_s3_bucket.landing.bucket] } }
  })
}
resource "aws_cloudwatch_event_target" "m" {
  rule = aws_cloudwatch_event_rule.landed.name
  arn  = aws_sfn_state_machine.m.arn
}
"""


@pytest.mark.parametrize(("name", "text"), [("template.yaml", SAM), ("main.tf", TERRAFORM)])
def test_rules_of_templates_refer_to_buckets(name: str, text: str, s3: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with server(tmp_path / name, s3=s3, watch_s3=True) as running:
        put(s3, "raw/a", "x")
        assert json.loads(running.ended("m")["input"])["detail"]["object"]["key"] == "a"


def test_a_folder_that_is_away_has_not_lost_its_files(
    s3: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asltool.service.objects.watch._LOOKS_EVERY", 0.1)
    put(s3, "raw/a", "x")
    with server(s3=s3, watch_s3=True, data=tmp_path / "data"):
        pass
    s3.rename(tmp_path / "away")
    with server(s3=s3, watch_s3=True, data=tmp_path / "data") as running:
        inputs = listening(running)
        (tmp_path / "away").rename(s3)
        put(s3, "raw/b", "xy")
        assert summaries(inputs(1)) == [("Created", "raw/b", 2)]
    assert f"what is missing in {s3} may not be gone" in caplog.text
