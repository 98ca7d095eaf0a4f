"""Document to model."""

from __future__ import annotations

from typing import Any

import pytest

from asltool.syntax.build import build
from asltool.syntax.condition import Expression, rule_of
from asltool.syntax.document import Document
from asltool.syntax.expressions import JsonataText, PathText
from asltool.syntax.model import (
    ABSENT,
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    Map,
    Parallel,
    Pass,
    Processor,
    Retrier,
    State,
    StateMachine,
    Succeed,
    Task,
    Wait,
)
from asltool.syntax.resource import Resource


def built(**states: Any) -> StateMachine:
    machine = build(Document("x", {"StartAt": "A", "States": states}))
    assert machine is not None
    return machine


def only(state: dict[str, Any]) -> State:
    return built(A=state).states["A"]


AT = ("States", "A")


def test_a_machine() -> None:
    value = {
        "Comment": "c",
        "Version": "1.0",
        "TimeoutSeconds": 60.0,
        "QueryLanguage": "JSONata",
        "StartAt": "A",
        "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed", "QueryLanguage": "JSONPath"}},
    }
    assert build(Document("x", value)) == StateMachine(
        start_at="A",
        states={
            "A": Succeed(name="A", pointer=AT, query_language="JSONata"),
            "B": Succeed(name="B", pointer=("States", "B"), query_language="JSONPath"),
        },
        query_language="JSONata",
        comment="c",
        version="1.0",
        timeout_seconds=60,
    )


@pytest.mark.parametrize("value", [ABSENT, None, [], {}, {"States": []}, {"StartAt": "A", "States": None}])
def test_no_states_no_machine(value: Any) -> None:
    assert build(Document("x", value)) is None


def test_a_task() -> None:
    state = {
        "Type": "Task",
        "Resource": "arn",
        "InputPath": None,
        "Parameters": None,
        "ResultPath": "$.r",
        "TimeoutSeconds": 3,
        "HeartbeatSecondsPath": "$.h",
        "Credentials": {"RoleArn": "r"},
        "Assign": {"v": 1},
        "Retry": [{"ErrorEquals": ["E"], "BackoffRate": 3, "IntervalSeconds": 2, "JitterStrategy": "FULL"}],
        "Catch": [{"ErrorEquals": ["E", "F"], "Next": "B", "ResultPath": None, "Output": None}],
        "Next": "B",
    }
    assert only(state) == Task(
        name="A",
        pointer=AT,
        resource=Resource("arn"),
        input_path=None,
        parameters=None,
        result_path=PathText("$.r"),
        timeout_seconds=3,
        heartbeat_seconds_path=PathText("$.h"),
        credentials={"RoleArn": "r"},
        assign={"v": 1},
        retry=(
            Retrier(
                error_equals=("E",),
                backoff_rate=3.0,
                interval_seconds=2,
                jitter_strategy="FULL",
                pointer=(*AT, "Retry", 0),
            ),
        ),
        catch=(
            Catcher(
                error_equals=("E", "F"), next="B", result_path=None, output=None, pointer=(*AT, "Catch", 0)
            ),
        ),
        next="B",
    )


def test_a_choice() -> None:
    rule = {"Variable": "$.x", "IsNull": True}
    nested = {"Not": {**rule, "Comment": "inside"}}
    choices = [{**rule, "Next": "B", "Comment": "c"}, {**nested, "Next": "C", "Assign": {"v": 1}}]
    assert only({"Type": "Choice", "Choices": choices, "Default": "D"}) == Choice(
        name="A",
        pointer=AT,
        choices=(
            ChoiceRule(condition=rule_of(rule), next="B", comment="c", pointer=(*AT, "Choices", 0)),
            ChoiceRule(condition=rule_of(nested), next="C", assign={"v": 1}, pointer=(*AT, "Choices", 1)),
        ),
        default="D",
    )


def test_a_choice_in_jsonata() -> None:
    rules = [{"Condition": "{% $x %}", "Next": "B", "Output": 1}, {"Condition": True, "Next": "C"}]
    state = only({"Type": "Choice", "QueryLanguage": "JSONata", "Choices": rules})
    assert isinstance(state, Choice)
    assert [(rule.condition, rule.output) for rule in state.choices] == [
        (Expression(value=JsonataText("{% $x %}")), 1),
        (Expression(value=True), ABSENT),
    ]


def test_a_parallel_and_a_map() -> None:
    inside = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    machine = built(
        A={"Type": "Parallel", "Branches": [inside], "End": True},
        B={"Type": "Map", "Iterator": inside, "MaxConcurrency": "{% 2 %}", "ToleratedFailurePercentage": 1.5},
        C={"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **inside}, "Label": "l", "Next": "A"},
    )

    def at(*pointer: str | int) -> StateMachine:
        state = Pass(name="I", pointer=(*pointer, "States", "I"), end=True)
        return StateMachine(start_at="I", states={"I": state}, pointer=pointer)

    assert machine.states == {
        "A": Parallel(name="A", pointer=AT, branches=(at(*AT, "Branches", 0),), end=True),
        "B": Map(
            name="B",
            pointer=("States", "B"),
            item_processor=at("States", "B", "Iterator"),
            processor=Processor(pointer=("States", "B", "Iterator", "ProcessorConfig")),
            max_concurrency="{% 2 %}",
            tolerated_failure_percentage=1.5,
        ),
        "C": Map(
            name="C",
            pointer=("States", "C"),
            item_processor=at("States", "C", "ItemProcessor"),
            processor=Processor(
                mode="DISTRIBUTED",
                execution_type="EXPRESS",
                pointer=("States", "C", "ItemProcessor", "ProcessorConfig"),
            ),
            label="l",
            next="A",
        ),
    }
    assert [inner.pointer for inner in machine.walk()] == [
        (),
        (*AT, "Branches", 0),
        ("States", "B", "Iterator"),
        ("States", "C", "ItemProcessor"),
    ]


def test_the_small_ones() -> None:
    assert only({"Type": "Wait", "Seconds": 0, "End": True}) == Wait(
        name="A", pointer=AT, seconds=0, end=True
    )
    assert only({"Type": "Fail", "ErrorPath": "$.e", "Cause": ""}) == Fail(
        name="A", pointer=AT, error_path=PathText("$.e"), cause=""
    )
    assert only({"Type": "Pass", "Result": None, "Name": "x"}) == Pass(name="A", pointer=AT, result=None)


def test_the_language_comes_from_the_definition_and_not_from_the_state_around() -> None:
    inside = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    state = only({"Type": "Map", "QueryLanguage": "JSONata", "ItemProcessor": inside})
    assert state.query_language == "JSONata"
    assert state.machines[0].query_language == state.machines[0].states["I"].query_language == "JSONPath"


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ({"Choices": []}, Choice),
        ({"Branches": [], "Type": "Paralel"}, Parallel),
        ({"Iterator": {}}, Map),
        ({"ItemProcessor": {}, "Type": 5}, Map),
        ({"Next": "B", "Type": "task"}, Task),
        ({}, Task),
        ("no object", State),
    ],
)
def test_a_state_without_a_type_is_taken_for_what_it_looks_like(state: Any, kind: type[State]) -> None:
    assert type(only(state)) is kind


def test_what_has_the_wrong_type_is_left_out() -> None:
    state = {
        "Type": "Task",
        "Resource": 5,
        "Comment": ["x"],
        "TimeoutSeconds": True,
        "HeartbeatSeconds": 1.5,
        "Retry": [7, {"ErrorEquals": "E", "MaxAttempts": None, "JitterStrategy": "SOME"}],
        "Catch": {"Next": "B"},
        "End": "true",
    }
    assert only(state) == Task(
        name="A",
        pointer=AT,
        resource=Resource(""),
        retry=tuple(Retrier(error_equals=(), pointer=(*AT, "Retry", index)) for index in range(2)),
    )


def test_fields_that_only_the_model_has_are_not_taken_from_the_document() -> None:
    state = {
        "Type": "Map",
        "ItemReader": {"ReaderConfig": {"Options": {"a": "b"}, "Pointer": 1}},
        "ItemProcessor": {"StartAt": "A", "States": {}},
        "Pointer": ["x"],
        "Processor": {},
        "QueryLanguage": "JSONata",
    }
    each = only(state)
    assert isinstance(each, Map)
    assert each.item_reader is not None
    config = each.item_reader.reader_config
    assert config.options == {"Options": {"a": "b"}, "Pointer": 1}
    assert config.pointer == (*AT, "ItemReader", "ReaderConfig")
    assert each.pointer == AT
    assert each.processor == Processor(pointer=(*AT, "ItemProcessor", "ProcessorConfig"))
