"""The machines of files, folders and templates, as a server is given them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asltool.errors import DefinitionError
from asltool.service.caller import Caller
from asltool.service.sources import MachineSource, read_sources

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Check:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.11}
  Child:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: !Sub "child-of-${AWS::Region}"
      Type: EXPRESS
      DefinitionUri: machines/child.asl.json
      DefinitionSubstitutions:
        CheckArn: !GetAtt Check.Arn
        CheckName: !Ref Check
  Parent:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Task
            Resource: arn:aws:states:::states:startExecution
            Parameters: {StateMachineArn: "${ChildArn}", Input: {queue: "${Queue}"}}
            End: true
      DefinitionSubstitutions:
        ChildArn: !Ref Child
        Queue: !GetAtt Queue.Arn
"""

CHILD = {
    "StartAt": "A",
    "States": {"A": {"Type": "Task", "Resource": "${CheckArn}", "Comment": "${CheckName}", "End": True}},
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a template, and a definition that the template refers to."""
    Path(tmp_path, "project", "machines").mkdir(parents=True)
    Path(tmp_path, "project", "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    Path(tmp_path, "project", "machines", "child.asl.json").write_text(json.dumps(CHILD), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("project")


def state(source: MachineSource) -> dict[str, object]:
    found: dict[str, object] = json.loads(source.definition)["States"]["A"]
    return found


@pytest.mark.parametrize("path", ["project", "project/template.yaml"])
def test_a_template_says_names_types_and_arns(project: Path, path: str) -> None:
    sources = read_sources([path], caller=Caller("999999999999", "eu-west-1"))
    child, parent = sorted(sources, key=lambda source: source.origin)
    assert (child.name, child.type) == ("child-of-eu-west-1", "EXPRESS")
    assert child.origin == "project/template.yaml#Child"
    assert state(child)["Resource"] == "arn:aws:lambda:eu-west-1:999999999999:function:Check"
    assert state(child)["Comment"] == "Check"
    assert (parent.name, parent.type) == ("Parent", "STANDARD")
    assert state(parent)["Parameters"] == {
        "StateMachineArn": "arn:aws:states:eu-west-1:999999999999:stateMachine:child-of-eu-west-1",
        "Input": {"queue": "${Queue}"},
    }


def test_one_machine_of_a_template_is_known_by_its_logical_name(project: Path) -> None:
    assert [each.name for each in read_sources(["project/template.yaml#Parent"])] == ["Parent"]
    with pytest.raises(DefinitionError, match=r'^project/template\.yaml holds no state machine "Nothing"$'):
        read_sources(["project/template.yaml#Nothing"])


def test_the_definition_of_a_file_is_its_text(tmp_path: Path) -> None:
    text = '{"StartAt": "A",\n "States": {"A": {"Type": "Succeed"}}}'
    file = tmp_path / "order.asl.json"
    file.write_text(text, encoding="utf-8")
    assert read_sources([str(file)], ["order"]) == [MachineSource("order", text, "EXPRESS", str(file))]
