"""`asltool serve` from its command line, as a process."""

from __future__ import annotations

import json
from pathlib import Path

from asltool.testing.serving import TestServer
from tests.server.served import served
from tests.server.test_server import finished

TEMPLATE = """\
Resources:
  Check:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.11}
  Child:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States: {A: {Type: Task, Resource: "${CheckArn}", End: true}}
      DefinitionSubstitutions: {CheckArn: !GetAtt Check.Arn}
  Parent:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Task
            Resource: arn:aws:states:::states:startExecution.sync:2
            Parameters: {StateMachineArn: "${ChildArn}", Input: {n: 1}}
            ResultSelector: {"output.$": $.Output}
            End: true
      DefinitionSubstitutions: {ChildArn: !GetAtt Child.Arn}
"""

MOCKS = {
    "StateMachines": {"Child": {"TestCases": {"Mocked": {"A": "answer"}}}},
    "MockedResponses": {"answer": {"0": {"Return": {"mocked": True}}}},
}


def test_a_folder_with_a_template_its_functions_and_mocks(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    Path(folder, "src").mkdir(parents=True)
    Path(folder, "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    Path(folder, "src", "app.py").write_text("def handler(event, context):\n    return event\n", "utf-8")
    Path(tmp_path, "mocks.json").write_text(json.dumps(MOCKS), encoding="utf-8")
    options = ("--region", "eu-west-1", "--mock-config", "mocks.json", "--memory")
    with served("project", *options, cwd=tmp_path) as url:
        client = TestServer(url).client(region_name="eu-west-1")
        arn = "arn:aws:states:eu-west-1:123456789012:stateMachine"
        parent = client.start_execution(stateMachineArn=f"{arn}:Parent")["executionArn"]
        assert finished(client, parent)["output"] == '{"output":{"n":1}}'
        child = client.start_execution(stateMachineArn=f"{arn}:Child#Mocked")["executionArn"]
        assert finished(client, child)["output"] == '{"mocked":true}'
