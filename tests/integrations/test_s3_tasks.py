"""``aws-sdk:s3`` tasks on a folder in place of S3."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import asltool
from asltool.errors import MissingExtra
from asltool.integrations.aws.models import model, shapes
from asltool.testing import MachineUnderTest
from asltool.testing.serving import server
from tests.integrations.aws.test_calls import alike, machine
from tests.server.test_server import created, finished

CASES = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "integrations" / "s3_tasks.yaml").read_text(encoding="utf-8")
)
NOON = 1_767_268_800


def written(folder: Path, objects: dict[str, str | bytes]) -> None:
    for name, content in objects.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (NOON, NOON))


def found(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_task(case: dict[str, Any], tmp_path: Path) -> None:
    written(tmp_path, case["given"])
    before = found(tmp_path)
    task = machine(f"aws-sdk:s3:{case['action']}", Parameters=case["parameters"])
    run = task.run({}, s3=tmp_path)
    if "error" in case:
        assert alike([case["error"], case["cause"]], [run.error, run.cause]), run.cause
    else:
        output = run.result()
        output = output[case["selected"]] if "selected" in case else output
        assert alike(case["output"], output), output
    after = {name: content.encode() for name, content in case["after"].items()} if "after" in case else before
    assert found(tmp_path) == after


MAP: dict[str, Any] = {
    "StartAt": "Squares",
    "States": {
        "Squares": {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Keep",
                "States": {"Keep": {"Type": "Pass", "End": True}},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "results", "Prefix": "jobs"},
            },
            "Next": "Manifest",
        },
        "Manifest": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Parameters": {
                "Bucket.$": "$.ResultWriterDetails.Bucket",
                "Key.$": "$.ResultWriterDetails.Key",
            },
            "ResultSelector": {"manifest.$": "States.StringToJson($.Body)"},
            "End": True,
        },
    },
}


def test_the_next_state_reads_the_manifest_of_a_map(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    output = MachineUnderTest(MAP).run([1, 2], s3=tmp_path).output
    [file] = output["manifest"]["ResultFiles"]["SUCCEEDED"]
    assert file["Size"] == (tmp_path / "results" / file["Key"]).stat().st_size


def test_a_server_does_the_same(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    with server(s3=tmp_path) as running:
        client = running.client()
        execution = client.start_execution(stateMachineArn=created(client, "m", MAP), input="[1]")
        output = json.loads(finished(client, execution["executionArn"])["output"])
    assert output["manifest"]["DestinationBucket"] == "results"


def test_handlers_are_tried_first(tmp_path: Path) -> None:
    task = machine("aws-sdk:s3:getObject", Parameters={"Bucket": "b", "Key": "k"})
    handler = {"arn:aws:states:::aws-sdk:s3:getObject": lambda event, context: event["Key"]}
    assert task.run({}, tasks=handler, s3=tmp_path).output == "k"


def test_what_to_add_is_said() -> None:
    with pytest.raises(asltool.NoHandler, match="or use a folder in place of S3: --s3 FOLDER") as refused:
        machine("aws-sdk:s3:getObject", Parameters={"Bucket": "b", "Key": "k"}).run({})
    assert "or run it on AWS: --aws" in str(refused.value)


def test_without_botocore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    shapes.cache_clear()
    model.cache_clear()
    task = machine("aws-sdk:s3:getObject", Parameters={"Bucket": "b", "Key": "k"})
    with pytest.raises(MissingExtra, match=r'model of an AWS service needs  pip install "asltool\[aws\]"'):
        task.run({}, s3=tmp_path)
