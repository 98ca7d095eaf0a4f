"""``FILE#Name``: one machine of several, in every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import asltool
from asltool.cli import main
from asltool.errors import DefinitionError

FILES = {
    "template.yaml": """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Wait: {Type: Number, Default: 5}}
Resources:
  Charge:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code/
      Handler: charge_card.handler
      Runtime: python3.12
      Environment: {Variables: {RATE: "3"}}
  Table: {Type: AWS::DynamoDB::Table}
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: orders.asl.json
      DefinitionSubstitutions: {Fn: !GetAtt Charge.Arn, Secs: !Ref Wait, Table: !Ref Table}
  Refunds:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: A, States: {A: {Type: Pass, Result: {t: !Ref Table}, End: true}}}}
""",
    "orders.asl.json": """\
{"StartAt": "Wait", "States": {
  "Wait": {"Type": "Wait", "Seconds": ${Secs}, "Next": "Charge"},
  "Charge": {"Type": "Task", "Resource": "${Fn}", "ResultPath": "$.rate", "Next": "End"},
  "End": {"Type": "Pass", "Parameters": {"table": "${Table}", "rate.$": "$.rate"}, "End": true}}}
""",
    "code/charge_card.py": "import os\n\n\ndef handler(event, context):\n    return os.environ['RATE']\n",
    "case.asltest.yaml": """\
name: it ends
definition: template.yaml#Refunds
expect: {output: {t: Table}}
""",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def asl(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_run_takes_functions_and_values_from_its_template() -> None:
    result = asl("run", "template.yaml#Orders")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"table": "Table", "rate": "3"})
    assert json.loads(asl("run", "template.yaml#Refunds").stdout) == {"t": "Table"}


def test_without_a_name_the_names_are_listed() -> None:
    names = 'template.yaml has 2 state machines. name one of them: "template.yaml#Refunds", '
    for command in (["run"], ["explore"], ["test-state", "--state-name=A"]):
        result = asl(*command, "template.yaml")
        assert result.exit_code == 2
        assert names in result.stderr
    with pytest.raises(DefinitionError) as caught:
        asltool.load("template.yaml#Order")
    assert str(caught.value) == 'template.yaml has no state machine "Order". did you mean "Orders"?'
    result = asl("run", "gone.yaml#Orders")
    assert "File 'gone.yaml' does not exist" in result.stderr


def test_every_command_takes_a_name() -> None:
    assert asl("test-state", "template.yaml#Refunds", "--state-name", "A").exit_code == 0
    assert asl("explore", "template.yaml#Refunds").stdout.startswith("template.yaml#Refunds: ")
    assert asl("run", "template.yaml#Refunds", "--history", "history.json").exit_code == 0
    assert asl("replay", "template.yaml#Refunds", "--history", "history.json").exit_code == 0
    assert asl("test", "case.asltest.yaml").exit_code == 0
    assert asltool.load("template.yaml#Orders").name == "Orders"


def test_render_draws_every_machine() -> None:
    assert asl("render", "template.yaml", "-o", "flow.mmd", "-o", "flow.dot").exit_code == 0
    drawn = {path.name for path in Path().glob("flow*")}
    assert drawn == {f"flow-{name}.{form}" for name in ("Orders", "Refunds") for form in ("mmd", "dot")}
    assert asl("render", "template.yaml#Orders", "-o", "one.mmd").exit_code == 0
    assert Path("one.mmd").read_text("utf-8") == Path("flow-Orders.mmd").read_text("utf-8")


def test_a_file_whose_name_has_the_sign_is_that_file() -> None:
    Path("a#b.asl.json").write_text(
        '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', encoding="utf-8"
    )
    assert asl("run", "a#b.asl.json").exit_code == 0
