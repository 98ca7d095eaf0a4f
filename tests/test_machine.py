"""Loading and running from Python: what a user sees that no other test says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import asltool
from asltool.expr.intrinsics import grammar
from asltool.expr.jsonata import syntax
from asltool.expr.jsonpath import text


def machine(**state: Any) -> asltool.Machine:
    return asltool.load({"StartAt": "S", "States": {"S": {"End": True, **state}}})


def test_a_definition_with_errors_carries_every_diagnostic() -> None:
    with pytest.raises(asltool.DefinitionError) as wrong:
        machine(Type="Pass", Next="T", Resultt=1)
    assert [diagnostic.code for diagnostic in wrong.value.diagnostics] == [
        "next-and-end",
        "next-not-found",
        "unknown-field",
    ]
    assert '\n  7 |       "Next": ' in str(wrong.value)


def test_warnings_do_not_keep_a_machine_from_running() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "E"}]}
    states = {"S": choice, "E": {"Type": "Succeed"}}
    machine = asltool.load({"StartAt": "S", "States": states})
    assert [each.code for each in machine.diagnostics] == ["choice-no-default"]
    assert machine.run({"n": 1}).status == "SUCCEEDED"


def test_everything_that_is_wrong_with_a_definition_is_returned() -> None:
    definition = {"StartAt": "S", "States": {"S": {"Type": "Pass", "Next": "T", "End": True}}}
    with pytest.raises(asltool.DefinitionError) as wrong:
        asltool.load(definition)
    assert tuple(asltool.validate(definition)) == wrong.value.diagnostics
    assert [each.code for each in asltool.validate(definition)] == ["next-not-found", "next-and-end"]
    definition["States"] = {"S": {"Type": "Succeed"}}
    assert asltool.validate(definition) == []


TWO_MACHINES = """\
Resources:
  Second:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: A, States: {A: {Type: Fail, Next: A}}}}
  First:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: B, States: {A: {Type: Succeed}}}}
  Third:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: none.asl.json}
"""


FIRST = 'template.yaml:7:40: state "B" does not exist. expected "A" [start-at-not-found]'
ALL = [
    'template.yaml:4:68: "Next" is not allowed in Fail state "A" [next-or-end-forbidden]',
    FIRST,
    'template.yaml:10:33: warning: there is no file "none.asl.json" [definition-file-missing]',
]
BAD = 'bad.asl.json:1:1: this "{" is never closed [json-syntax-error]'


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("template.yaml", ALL),
        (Path("template.yaml"), ALL),
        ("template.yaml#First", [FIRST]),
        ("bad.asl.json", [BAD]),
        (".", [BAD, *ALL]),
        ("*.yaml", ALL),
        ("none.yaml", ["none.yaml:1:1: the file does not exist [file-unreadable]"]),
    ],
)
def test_the_state_machines_of_files_are_validated(
    source: str | Path, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("template.yaml").write_text(TWO_MACHINES, encoding="utf-8")
    Path("bad.asl.json").write_text("{", encoding="utf-8")
    assert [str(each) for each in asltool.validate(source)] == found


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("one.asl.json#Two", 'one.asl.json has no state machine "Two"'),
        ("tasks.yaml", "tasks.yaml has no state machine"),
    ],
)
def test_there_is_a_state_machine_to_validate(
    source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.asl.json").write_text('{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}', "utf-8")
    Path("tasks.yaml").write_text("Resources: {}\nAWSTemplateFormatVersion: 2010-09-09\n", "utf-8")
    with pytest.raises(asltool.DefinitionError) as wrong:
        asltool.validate(source)
    assert str(wrong.value) == message


def test_what_the_service_lets_pass_and_fail_runs_and_fails_here() -> None:
    first = {"Type": "Pass", "Result": {"ok": True}, "Next": "B"}
    second = {"Type": "Pass", "InputPath": "$.order", "End": True}
    definition = {"StartAt": "A", "States": {"A": first, "B": second}}
    run = asltool.load(definition).run()
    assert (run.status, run.error) == ("FAILED", "States.Runtime")


def test_a_file_in_yaml_and_one_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "order.asl.yaml"
    path.write_text("StartAt: S\nStates:\n  S: {Type: Succeed}\n", encoding="utf-8")
    loaded = asltool.load(path)
    assert (loaded.name, loaded.run({"a": 1}).output) == ("order", {"a": 1})
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(asltool.DefinitionError, match=r"order.asl.yaml is not UTF-8: byte 0 cannot be read"):
        asltool.load(path)


def _nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        ({1, 2}, "the definition is not JSON: Object of type set is not JSON serializable"),
        (_nested(100_000), "the definition is nested too deeply"),
    ],
    ids=["a set", "too many levels"],
)
@pytest.mark.parametrize("read", [asltool.load, asltool.aws_diagnostics, asltool.variable_references])
def test_an_object_that_is_not_json(read: Any, result: Any, problem: str) -> None:
    state = {"Type": "Pass", "Result": result, "End": True}
    with pytest.raises(asltool.DefinitionError) as refused:
        read({"StartAt": "A", "States": {"A": state}})
    assert str(refused.value) == problem


def test_the_result_of_a_run() -> None:
    assert machine(Type="Pass", Result=1).run().result() == 1
    failing = asltool.load({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}})
    with pytest.raises(asltool.ExecutionFailed, match=r"^E: c$") as failed:
        failing.run().result()
    assert (failed.value.error, failed.value.cause) == ("E", "c")
    late = asltool.load(
        {"StartAt": "W", "TimeoutSeconds": 1, "States": {"W": {"Type": "Wait", "Seconds": 9, "End": True}}}
    )
    with pytest.raises(asltool.ExecutionTimedOut, match=r"^the execution timed out$"):
        late.run().result()


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_an_input_that_is_not_json(value: object) -> None:
    with pytest.raises(asltool.InputError, match=r"^the input is not JSON: "):
        machine(Type="Pass").run(value)


def test_null_is_an_input() -> None:
    assert machine(Type="Pass").run(None).output is None
    assert machine(Type="Pass").run().output == {}


def test_the_seed_repeats_a_run() -> None:
    drawing = machine(Type="Pass", Parameters={"id.$": "States.UUID()"})
    first = drawing.run()
    again = drawing.run(seed=first.seed)
    assert again.output == first.output
    assert drawing.run(seed=first.seed + 1).output != first.output


def test_placeholders_that_a_run_needs_are_named_before_it_begins() -> None:
    wait = {"Type": "Wait", "SecondsPath": "${P}", "End": True}
    machine = asltool.load({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "${Then}"}, "B": wait}})
    with pytest.raises(asltool.DefinitionError) as caught:
        machine.run()
    assert str(caught.value).splitlines() == [
        '"Next" of state "A" is "${Then}": fill it in before you run the machine',
        '"SecondsPath" of state "B" is "${P}": fill it in before you run the machine',
    ]


def test_each_expression_is_parsed_once_from_the_text_to_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()

    def counted(parse: Callable[..., Any]) -> Callable[..., Any]:
        def count(written: str, *more: Any) -> Any:
            counts[written] += 1
            return parse(written, *more)

        return count

    for module in (text, grammar, syntax):
        monkeypatch.setattr(module, "parse", counted(vars(module)["parse"]))
    call, number = "States.Format('{}', $.name)", "{% $states.input.seconds %}"
    rule = {"Variable": "$.name", "IsNull": True, "Next": "C"}
    both = {"a.$": call, "b.$": "$.name"}
    states = {
        "A": {"Type": "Pass", "InputPath": "$.order", "Parameters": both, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [rule], "Default": "D"},
        "C": {"Type": "Pass", "Parameters": {"c.$": call}, "ResultPath": "$.order", "Next": "D"},
        "D": {"Type": "Wait", "Seconds": number, "Output": [number], "QueryLanguage": "JSONata", "End": True},
    }
    machine = asltool.loads(json.dumps({"StartAt": "A", "States": states}))
    machine.compile()
    assert counts == dict.fromkeys(("$.order", "$.name", call, "$states.input.seconds"), 1)
