"""AWS as an integration of a run: whole machines, what is refused, and what a user has to say."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from click.testing import CliRunner, Result

import asltool
from asltool.cli import main
from asltool.engine import CallTask
from asltool.errors import AwsError, MissingExtra, TaskFailed
from asltool.integrations.aws import Aws
from asltool.syntax.resource import Resource
from tests.integrations.aws.conftest import NOWHERE
from tests.integrations.aws.test_calls import machine

ETL = Path(__file__).parents[3] / "samples" / "etl"


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", *arguments])


def etl(*arguments: str) -> Result:
    files = [str(ETL / "etl.asl.json"), "--tasks", str(ETL / "functions.py")]
    return cli(*files, "--input", f"@{ETL / 'inputs' / 'good.json'}", *arguments)


def test_the_etl_sample_runs_its_glue_job_there(aws: Aws, endpoint: str, tmp_path: Path) -> None:
    aws.client("glue").create_job(Name="orders-by-region", Role="any", Command={"Name": "glueetl"})
    history = tmp_path / "history.json"
    result = etl("--aws", "--endpoint-url", endpoint, "--history", str(history))
    assert result.exit_code == 0, result.stderr
    output = json.loads(result.stdout)
    assert (output["JobName"], output["JobRunState"]) == ("orders-by-region", "SUCCEEDED")
    (run,) = aws.client("glue").get_job_runs(JobName="orders-by-region")["JobRuns"]
    assert (run["Id"], run["Arguments"]["--input_file"]) == (output["Id"], "orders.csv")
    events = [event["type"] for event in json.loads(history.read_text())["events"]]
    assert events[events.index("TaskScheduled") :][:4] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
    ]


def test_a_job_that_is_not_there_is_caught(endpoint: str) -> None:
    result = etl("--aws", "--endpoint-url", endpoint)
    assert result.exit_code == 1
    assert "cause: the Glue job failed on orders.csv: Glue.EntityNotFoundException: " in result.stderr


def test_an_error_of_the_sdk_is_caught_under_its_name(aws: Aws) -> None:
    definition = {
        "StartAt": "Read",
        "States": {
            "Read": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
                "Parameters": {"Bucket": "raw", "Key.$": "$.key"},
                "Catch": [
                    {"ErrorEquals": ["S3.NoSuchKeyException"], "Next": "No key"},
                    {"ErrorEquals": ["S3.NoSuchBucketException"], "Next": "No bucket", "ResultPath": "$.why"},
                ],
                "End": True,
            },
            "No key": {"Type": "Pass", "Result": "made anew", "End": True},
            "No bucket": {"Type": "Pass", "OutputPath": "$.why.Error", "End": True},
        },
    }
    loaded = asltool.load(definition)
    assert loaded.run({"key": "k"}, integrations=[aws]).output == "S3.NoSuchBucketException"
    aws.client("s3").create_bucket(Bucket="raw")
    assert loaded.run({"key": "k"}, integrations=[aws]).output == "made anew"


def test_a_job_that_takes_its_time_takes_the_runs_time(aws: Aws, endpoint: str) -> None:
    from moto.moto_api import state_manager

    aws.client("glue").create_job(Name="j", Role="any", Command={"Name": "glueetl"})
    state_manager.set_transition("glue::job_run", {"progression": "manual", "times": 3})
    try:
        moments: list[float] = []
        run = machine("glue:startJobRun.sync", Parameters={"JobName": "j"}).run(
            {}, integrations=[aws], watch=lambda execution, effects: moments.append(execution.now)
        )
        timed_out = machine("glue:startJobRun.sync", Parameters={"JobName": "j"}, TimeoutSeconds=12).run(
            {}, integrations=[aws]
        )
    finally:
        state_manager.unset_transition("glue::job_run")
    assert run.output["JobRunState"] == "SUCCEEDED"
    assert moments[-1] - moments[0] >= 15
    assert timed_out.error == "States.Timeout"


def test_events_name_the_execution_they_come_from(aws: Aws) -> None:
    events, queues = aws.client("events"), aws.client("sqs")
    url = queues.create_queue(QueueName="q")["QueueUrl"]
    events.put_rule(Name="r", EventPattern='{"source": ["s"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"}])
    entry = {"Source": "s", "DetailType": "t", "Detail": {"a": 1}, "Resources": ["mine"]}
    machine("events:putEvents", Parameters={"Entries": [entry]}).run(
        {}, integrations=[aws], name="e"
    ).result()
    (message,) = queues.receive_message(QueueUrl=url)["Messages"]
    event = json.loads(message["Body"])
    assert event["detail"] == {"a": 1}
    assert event["resources"] == [
        "mine",
        "arn:aws:states:us-east-1:123456789012:stateMachine:definition",
        "arn:aws:states:us-east-1:123456789012:execution:definition:e",
    ]


def test_a_task_token_goes_out_and_the_task_waits(aws: Aws) -> None:
    queues = aws.client("sqs")
    url = queues.create_queue(QueueName="q")["QueueUrl"]
    run = machine(
        "sqs:sendMessage.waitForTaskToken",
        Parameters={"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}},
        TimeoutSeconds=60,
    ).run({}, integrations=[aws])
    assert run.error == "States.Timeout"
    submitted = next(event for event in run.history if event["type"] == "TaskSubmitted")
    assert "MessageId" in submitted["taskSubmittedEventDetails"]["output"]
    (message,) = queues.receive_message(QueueUrl=url)["Messages"]
    assert len(json.loads(message["Body"])["token"]) == 64


def test_what_is_not_an_aws_task_is_left_to_others(aws: Aws) -> None:
    for resource in (
        "arn:aws:states:::http:invoke",
        "arn:aws:states:us-east-1:123456789012:activity:a",
        "validate-data",
    ):
        assert aws.find(CallTask(task_id=1, state="S", resource=Resource(resource), input={})) is None


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (
            "aws-sdk:s4:getObject",
            'boto3 has no service "s4", used by "arn:aws:states:::aws-sdk:s4:getObject"',
        ),
        (
            "aws-sdk:s3:getObjectFile",
            '"arn:aws:states:::aws-sdk:s3:getObjectFile": the service has no "getObjectFile". '
            'did you mean "getObject"?',
        ),
        (
            "aws-sdk:s3:selectObjectContent",
            '"arn:aws:states:::aws-sdk:s3:selectObjectContent": an event stream cannot be a task\'s result',
        ),
        (
            "elasticmapreduce:modifyInstanceFleetByName",
            '"arn:aws:states:::elasticmapreduce:modifyInstanceFleetByName": the service has no '
            '"modifyInstanceFleetByName". did you mean "modifyInstanceFleet"?',
        ),
    ],
)
def test_what_aws_does_not_have(aws: Aws, resource: str, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        machine(resource, Parameters={}).run({}, integrations=[aws])
    assert str(refused.value) == message


def test_parameters_that_are_no_object(aws: Aws) -> None:
    run = machine("sqs:sendMessage", QueryLanguage="JSONata", Arguments="{% 'text' %}").run(
        {}, integrations=[aws]
    )
    assert run.error == "States.Runtime"


def test_nothing_reaches_aws_unless_it_is_asked_for() -> None:
    result = etl()
    assert result.exit_code == 2
    assert 'no handler for "arn:aws:states:::glue:startJobRun.sync"' in result.stderr
    for option in ("--endpoint-url", "--region", "--profile"):
        assert f"{option} needs --aws" in etl(option, "x").stderr


def test_credentials_and_region_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    listing = machine("aws-sdk:s3:listBuckets", Parameters={})
    with pytest.raises(AwsError, match=r"^no AWS region: pass --region, or set AWS_REGION$"):
        listing.run({}, integrations=[Aws()])
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with pytest.raises(AwsError, match=r"^no AWS credentials: log in with the AWS CLI, or set "):
        listing.run({}, integrations=[Aws(endpoint_url=NOWHERE)])


def test_the_region_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Aws(endpoint_url=NOWHERE).client("s3").meta.region_name == "us-east-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert Aws().client("s3").meta.region_name == "eu-west-1"
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    assert Aws().client("s3").meta.region_name == "eu-west-2"
    aws = Aws(region="eu-west-3")
    assert aws.client("s3").meta.region_name == "eu-west-3"
    assert aws.client("s3") is aws.client("s3")


def test_a_profile_and_an_endpoint_that_are_none() -> None:
    with pytest.raises(AwsError, match=r"nope"):
        Aws(profile="nope")
    with pytest.raises(AwsError, match=r'^the endpoint "localhost:5000" is not a URL: begin it with http'):
        Aws(endpoint_url="localhost:5000")


def test_the_command_tells_of_options_that_cannot_be_used() -> None:
    said = 'asltool run: the endpoint "localhost:5000" is not a URL: begin it with http:// or https://\n'
    result = etl("--aws", "--endpoint-url", "localhost:5000")
    assert (result.exit_code, result.stderr) == (2, said)
    assert etl("--aws").stderr == "asltool run: no AWS region: pass --region, or set AWS_REGION\n"


class Page(BytesIO):
    """What a web server says of an error of its own."""

    def stream(self) -> list[bytes]:
        return [b"<!doctype html>"]


def test_an_answer_that_no_service_gives_fails_the_task(environment: None) -> None:
    aws = Aws(endpoint_url=NOWHERE)
    page = AWSResponse("", 500, HTTPHeaders(), Page())
    aws.client("sns").meta.events.register("before-send", lambda **_: page)
    run = machine("sns:publish", Parameters={"Message": "m"}).run({}, integrations=[aws])
    assert run.error == "SNS.SdkClientException"
    assert (run.cause or "").startswith("Unable to unmarshall response: Unable to parse response (")


def test_a_server_that_is_not_there_fails_the_task() -> None:
    run = machine("sqs:sendMessage", Parameters={"QueueUrl": "u", "MessageBody": "m"}).run(
        {}, integrations=[Aws(endpoint_url=NOWHERE)]
    )
    assert (run.error, run.cause) == (
        "SQS.SdkClientException",
        "Unable to execute HTTP request: 127.0.0.1:9: Connection refused",
    )


def test_boto3_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(MissingExtra, match=r'^running tasks on AWS needs  pip install "asltool\[aws\]"$'):
        Aws()


def test_boto3_is_imported_when_it_is_needed() -> None:
    code = "import sys, asltool; asltool.Aws; assert not {'boto3', 'botocore'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_run_on_aws_itself_takes_real_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "m.asl.json"
    path.write_text('{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}')
    seen: list[Any] = []

    def run(self: asltool.Machine, *arguments: Any, clock: Any = None, **options: Any) -> None:
        seen.append(clock)
        raise TaskFailed("Stop")

    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setattr(asltool.Machine, "run", run)
    for options in ([], ["--aws", "--endpoint-url", NOWHERE], ["--aws"]):
        assert cli(str(path), *options).exit_code == 2
    assert [type(clock).__name__ for clock in seen] == ["NoneType", "NoneType", "RealClock"]


def test_a_map_calls_many_at_a_time(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="raw")
    put = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Parameters": {"Bucket": "raw", "Key.$": "States.Format('{}.txt', $)", "Body.$": "$"},
        "End": True,
    }
    each = {"Type": "Map", "ItemProcessor": {"StartAt": "P", "States": {"P": put}}, "End": True}
    run = asltool.load({"StartAt": "M", "States": {"M": each}}).run(list(range(20)), integrations=[aws])
    assert len(run.result()) == 20
    assert len(s3.list_objects_v2(Bucket="raw")["Contents"]) == 20
