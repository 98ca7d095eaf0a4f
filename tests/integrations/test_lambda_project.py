"""Functions of Lambda projects as they are: modules beside them, environment variables, templates."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import asltool
from asltool import LambdaFunction, LambdaFunctions, NodeFunction, Tasks, TasksError
from asltool.integrations.lambda_project import named_function
from asltool.integrations.sam import template_functions

APP = """
import os
from asltool_test_helper import NAME

AT_IMPORT = os.environ.get("TABLE")

def lambda_handler(event, context):
    from asltool_test_late import WHEN
    return [NAME, WHEN, AT_IMPORT, os.environ.get("TABLE"), context.function_name]

def fail(event, context):
    raise KeyError("missing")
"""

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Globals:
  Function:
    Runtime: python3.12
    Handler: app.lambda_handler
    Environment: {Variables: {STAGE: !Ref Stage, RETRIES: 3, TABLE: !Ref Orders}}
Resources:
  Orders: {Type: AWS::DynamoDB::Table}
  Charge:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: one/
      Environment: {Variables: {STAGE: !Sub "${AWS::Region}-${Stage}", DEBUG: true, ROLE: !GetAtt Role.Arn}}
  Refund:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: two, FunctionName: !Sub "${AWS::StackName}-refund"}
  Notify:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: three, Runtime: nodejs22.x}
  Orderly:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: order.asl.json
      DefinitionSubstitutions:
        ChargeArn: !GetAtt Charge.Arn
        Either: !GetAtt Charge.Arn
        NotifyArn: !GetAtt Notify.Arn
  Other:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: order.asl.json
      DefinitionSubstitutions: {Either: !Ref Refund}
"""


def project(folder: Path, name: str) -> Path:
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    (folder / "asltool_test_helper.py").write_text(f'NAME = "{name}"')
    (folder / "asltool_test_late.py").write_text(f'WHEN = "later in {name}"')
    return folder


def run(
    *functions: tuple[str, LambdaFunction | NodeFunction], resource: str = "arn:aws:states:::lambda:invoke"
) -> list[Any]:
    """Return what the functions, each called by its name in a Parallel, return."""
    branches = [
        {
            "StartAt": f"Call {name}",
            "States": {
                f"Call {name}": {
                    "Type": "Task",
                    "Resource": resource,
                    "Parameters": {"FunctionName": name, "Payload": {}},
                    "OutputPath": "$.Payload",
                    "End": True,
                }
            },
        }
        for name, _ in functions
    ]
    machine = asltool.load(
        {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": branches, "End": True}}}
    )
    output = machine.run({}, integrations=[LambdaFunctions(functions)]).result()
    assert isinstance(output, list)
    return output


def test_two_projects_with_the_same_names_in_them(tmp_path: Path) -> None:
    before = dict(os.environ), list(sys.path), set(sys.modules)
    one = LambdaFunction(project(tmp_path / "one", "one"), "app.lambda_handler", {"TABLE": "orders"})
    two = LambdaFunction(project(tmp_path / "two", "two"), "app.lambda_handler", {"TABLE": "refunds"})
    for _ in range(2):
        assert run(("charge", one), ("refund", two)) == [
            ["one", "later in one", "orders", "orders", "charge"],
            ["two", "later in two", "refunds", "refunds", "refund"],
        ]
    assert (dict(os.environ), list(sys.path)) == before[:2]
    assert not {"app", "asltool_test_helper", "asltool_test_late"} & (set(sys.modules) - before[2])


def test_a_variable_that_was_set_is_set_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "mine")
    function = LambdaFunction(project(tmp_path / "one", "one"), "app.lambda_handler", {"TABLE": "orders"})
    assert run(("charge", function))[0][3] == "orders"
    assert os.environ["TABLE"] == "mine"


def test_functions_that_agree_run_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import threading\n"
        "meet = threading.Barrier(2, timeout=30)\n"
        "def lambda_handler(event, context):\n"
        "    meet.wait()\n"
        "    return 1\n"
    )
    function = LambdaFunction(tmp_path, "app.lambda_handler", {"TABLE": "orders"})
    assert run(("a", function), ("b", function)) == [1, 1]


def test_functions_that_need_another_value_wait_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import os, threading\n"
        "running = []\n"
        "def lambda_handler(event, context):\n"
        "    running.append(os.environ['TABLE'])\n"
        "    seen = list(running)\n"
        "    running.remove(os.environ['TABLE'])\n"
        "    return seen\n"
    )
    functions = [
        (f"f{n}", LambdaFunction(tmp_path, "app.lambda_handler", {"TABLE": str(n)})) for n in range(8)
    ]
    assert run(*functions) == [[str(n)] for n in range(8)]


def test_a_function_is_a_task_handler(tmp_path: Path) -> None:
    tasks = Tasks()
    tasks.register("f", LambdaFunction(project(tmp_path / "one", "one"), "app.fail"))
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
    failed = asltool.load({"StartAt": "F", "States": {"F": task}}).run({}, tasks=tasks)
    report = json.loads(failed.cause or "")
    assert (failed.error, report["errorMessage"]) == ("KeyError", "'missing'")
    assert len(report["stackTrace"]) == 1
    assert report["stackTrace"][0].endswith('in fail\n    raise KeyError("missing")\n')


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        ("app.nothing", '{folder}: "app" has no function "nothing"'),
        (
            "ap.lambda_handler",
            "{folder}: \"ap\" cannot be imported: ModuleNotFoundError: No module named 'ap'",
        ),
        ("broken.f", "{folder}: \"broken\" cannot be imported: NameError: name 'x' is not defined"),
    ],
)
def test_a_function_that_cannot_be_imported_ends_the_run(tmp_path: Path, handler: str, message: str) -> None:
    folder = project(tmp_path / "one", "one")
    (folder / "broken.py").write_text("y = x")
    with pytest.raises(TasksError) as caught:
        run(("charge", LambdaFunction(folder, handler)))
    assert str(caught.value) == message.format(folder=folder)


def test_a_handler_has_a_file_and_a_function(tmp_path: Path) -> None:
    with pytest.raises(TasksError, match=r'^invalid handler "lambda_handler"\. expected "file'):
        LambdaFunction(tmp_path, "lambda_handler")


def test_a_package_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "__init__.py").write_text("")
    (tmp_path / "src" / "inner.py").write_text("VALUE = 7")
    (tmp_path / "src" / "app.py").write_text("from .inner import VALUE\ndef f(event, context): return VALUE")
    assert run(("f", LambdaFunction(tmp_path, "src/app.f"))) == [7]
    assert run(("f", LambdaFunction(tmp_path, "src.app.f"))) == [7]


def test_a_name_that_two_functions_have(tmp_path: Path) -> None:
    one = LambdaFunction(tmp_path, "app.lambda_handler")
    with pytest.raises(TasksError) as raised:
        LambdaFunctions([("charge", one), ("charge", one)])
    assert str(raised.value) == (
        f'"charge" already has a handler: <LambdaFunction {tmp_path.resolve()}: app.lambda_handler>'
    )


def test_a_named_function(tmp_path: Path) -> None:
    path = project(tmp_path / "one", "one") / "app.py"
    name, function = named_function(f"charge={path}:lambda_handler")
    assert (name, function.folder) == ("charge", path.parent)
    assert run((name, function))[0][0] == "one"


@pytest.mark.parametrize(
    "text",
    [
        "charge",
        "charge=app.py",
        "=app.py:f",
        "charge=app:f",
        "charge=app.py:",
        "a=b.py:c.d",
        "a=b.js:",
        "a=b.js:c.",
    ],
)
def test_a_text_that_names_no_function(text: str) -> None:
    with pytest.raises(
        TasksError,
        match=r"^invalid function .*\. expected NAME=path/to/app\.py:lambda_handler "
        r"or NAME=path/to/index\.mjs:handler$",
    ):
        named_function(text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TasksError, match=r"^nowhere\.py does not exist$"):
        named_function("charge=nowhere.py:f")


def test_a_template(tmp_path: Path) -> None:
    project(tmp_path / "one", "one")
    project(tmp_path / "two", "two")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    functions = dict(template_functions(str(tmp_path / "template.yaml"))[0])
    charge = ["Charge", "${Charge}", "${Charge.Arn}", "${ChargeArn}"]
    refund = ["Refund", "${Refund}", "${Refund.Arn}", "local-refund"]
    assert sorted(functions) == sorted(charge + refund)
    assert len({id(functions[name]) for name in charge}) == len({id(functions[name]) for name in refund}) == 1
    assert run(*((name, functions[name]) for name in ("${ChargeArn}", "local-refund"))) == [
        ["one", "later in one", "Orders", "Orders", "${ChargeArn}"],
        ["two", "later in two", "Orders", "Orders", "local-refund"],
    ]


def test_the_variables_of_a_template(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "app.py").write_text(
            "import os\ndef lambda_handler(event, context):\n    return dict(os.environ)"
        )
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    functions = dict(template_functions(str(tmp_path / "template.yaml"))[0])
    charge, refund = run(*((name, functions[name]) for name in ("Charge", "Refund")))
    names = ("STAGE", "RETRIES", "TABLE", "DEBUG", "ROLE")
    assert [charge.get(name) for name in names] == ["us-east-1-dev", "3", "Orders", "true", "${Role.Arn}"]
    assert [refund.get(name) for name in names] == ["dev", "3", "Orders", None, None]
    assert charge["AWS_DEFAULT_REGION"] == os.environ.get("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", '{path} is not a template: it has no "Resources"'),
        ("StartAt: A", '{path} is not a template: it has no "Resources"'),
        (
            "Resources: {}",
            "{path} has no function that can run here: no AWS::Serverless::Function or AWS::Lambda::Function",
        ),
        (
            "Resources: {Charge: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: app}}}",
            '{path}: function "Charge": invalid handler "app". expected "file.function"',
        ),
    ],
)
def test_a_file_that_is_no_template(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text)
    with pytest.raises(TasksError) as caught:
        LambdaFunctions.from_template(str(path))
    assert str(caught.value) == message.format(path=path)


def test_functions_that_cannot_run_here(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources:\n"
        "  Charge: {Type: AWS::Lambda::Function, Properties: {Code: ., Handler: a.b, Runtime: java21}}\n"
        "  Ship: {Type: AWS::Serverless::Function, Properties: {PackageType: Image}}\n"
        "  Pack: {Type: AWS::Serverless::Function, Properties: {CodeUri: .}}\n"
        "  Send: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}\n"
    )
    functions = LambdaFunctions.from_template(str(path))
    assert functions.names == []
    assert {name: reason for name, reason in functions.others.items() if "$" not in name} == {
        "Charge": "runs on java21, not on Python or Node.js",
        "Ship": "is a container image, not code in a folder",
        "Pack": "has no Handler",
        "Send": "has no folder as its CodeUri",
    }


@pytest.mark.parametrize(("name", "text"), [("t.yaml", "Resources: ["), ("t.json", '{"Resources": {')])
def test_a_template_that_cannot_be_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(TasksError) as caught:
        LambdaFunctions.from_template(str(path))
    assert str(caught.value).startswith(f"{path}:1:")
    assert "syntax-error]" in str(caught.value)


def test_a_template_in_json(tmp_path: Path) -> None:
    project(tmp_path / "one", "one")
    code = {"Type": "AWS::Lambda::Function", "Properties": {"Code": "one", "Handler": "app.lambda_handler"}}
    (tmp_path / "template.json").write_text(json.dumps({"Resources": {"Charge": code}}))
    functions, _ = template_functions(str(tmp_path / "template.json"))
    assert [name for name, _ in functions] == ["Charge", "${Charge}", "${Charge.Arn}"]
