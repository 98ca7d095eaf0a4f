"""A report that fails is notified: by Python handlers, and by Batch and SNS as moto plays them."""

from __future__ import annotations

import json
import queue
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import asltool
from asltool.testing.serving import TestServer, server

HERE = Path(__file__).parent
TEMPLATE = HERE / "template.yaml"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly-report"
PLACE: dict[str, Any] = {
    "region_name": "us-east-1",
    "aws_access_key_id": "123456789012",
    "aws_secret_access_key": "test",
}


def report(running: TestServer) -> dict[str, Any]:
    client = running.client()
    client.start_execution(stateMachineArn=MACHINE, name="tonight")
    return running.ended("nightly-report")


def test_a_failure_is_notified_by_handlers() -> None:
    sent: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    tasks = asltool.Tasks()

    @tasks.handler("arn:aws:states:::batch:submitJob.sync")
    def make_report(event: Any, context: Any) -> None:
        raise asltool.TaskFailed("States.TaskFailed", "host terminated")

    @tasks.handler("arn:aws:states:::sns:publish")
    def notify(event: Any, context: Any) -> dict[str, Any]:
        sent.put(event)
        return {}

    with server(TEMPLATE, tasks=tasks) as running:
        assert report(running)["status"] == "FAILED"
        assert sent.get(timeout=60) == {
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:alerts",
            "Message": '"The nightly report tonight is FAILED: States.TaskFailed"',
        }


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that plays AWS, and whose Batch jobs fail at once."""
    from moto.server import ThreadedMotoServer

    monkeypatch.setenv("MOTO_SIMPLE_BATCH_FAIL_AFTER", "0")
    for name, value in (("ACCESS_KEY_ID", "123456789012"), ("SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(f"AWS_{name}", value)
    running = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    url = f"http://{host}:{port}"
    post(f"{url}/moto-api/reset")
    post(f"{url}/moto-api/config", {"batch": {"use_docker": False}})
    yield url
    post(f"{url}/moto-api/config", {"batch": {"use_docker": True}})
    post(f"{url}/moto-api/reset")
    running.stop()


def post(url: str, value: Any = None) -> None:
    urllib.request.urlopen(url, json.dumps(value).encode()).close()


def prepared(url: str) -> Any:
    """Make a job, and a topic that a queue listens to; return what receives the queue's messages."""

    def client(name: str) -> Any:
        return boto3.client(name, endpoint_url=url, **PLACE)  # type: ignore[call-overload]

    role = client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    batch = client("batch")
    place = batch.create_compute_environment(
        computeEnvironmentName="reports", type="UNMANAGED", state="ENABLED", serviceRole=role
    )["computeEnvironmentArn"]
    order = [{"order": 1, "computeEnvironment": place}]
    batch.create_job_queue(jobQueueName="reports", state="ENABLED", priority=1, computeEnvironmentOrder=order)
    container = {"image": "report", "vcpus": 1, "memory": 128, "command": ["report"]}
    batch.register_job_definition(
        jobDefinitionName="nightly-report", type="container", containerProperties=container
    )
    sqs, sns = client("sqs"), client("sns")
    inbox = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:inbox")
    return lambda: sqs.receive_message(QueueUrl=inbox, WaitTimeSeconds=20)["Messages"]


def test_a_failure_is_notified_by_batch_and_sns(moto: str) -> None:
    receive = prepared(moto)
    aws = asltool.Aws(endpoint_url=moto, region="us-east-1")
    with server(TEMPLATE, integrations=[aws]) as running:
        found = report(running)
        assert (found["status"], found["error"]) == ("FAILED", "States.TaskFailed")
        [message] = receive()
    assert json.loads(message["Body"])["Message"] == (
        '"The nightly report tonight is FAILED: States.TaskFailed"'
    )
