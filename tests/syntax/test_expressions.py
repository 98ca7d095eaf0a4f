"""Expressions are values that are read once."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from asltool.rules.analysis.scope import outermost
from asltool.syntax.build import build
from asltool.syntax.document import Document
from asltool.syntax.expressions import CallText, Expressions, JsonataText, PathText, jsonata_tree, place
from asltool.syntax.model import Catcher, Choice, Fail, Map, Pass, Task, Wait


def kinds(value: Any) -> Any:
    """Return a JSON value with each string replaced by the name of its class."""
    if isinstance(value, dict):
        return {key: kinds(part) for key, part in value.items()}
    if isinstance(value, list):
        return [kinds(part) for part in value]
    return type(value).__name__


def test_a_payload_template_holds_paths_and_calls() -> None:
    value = {"a.$": "$.b", "c": [{"d.$": "States.UUID()", "e": "$.f"}], "g.$": 1}
    made = Expressions().template(value, "JSONPath")
    assert made == value
    assert kinds(made) == {"a.$": "PathText", "c": [{"d.$": "CallText", "e": "str"}], "g.$": "int"}


def test_json_with_jsonata_holds_expressions() -> None:
    value = {"a.$": "$.b", "c": ["{% $x %}", "x {% $x %}"]}
    made = Expressions().template(value, "JSONata")
    assert made == value
    assert kinds(made) == {"a.$": "str", "c": ["JsonataText", "str"]}


@pytest.mark.parametrize(
    ("text", "where"),
    [("$", "$"), ("$.a[0]['b c']", "$.a[0]['b c']"), ("$$.x", "$$.x"), ("$v.a", "$v.a"), ("$.a[*].b", "$.a")],
)
def test_a_path_knows_where_it_leads(text: str, where: str) -> None:
    path = PathText(text)
    assert str(path.place) == where
    assert path.place is path.place is place(path)
    assert path.parsed is path.parsed


def test_what_is_no_expression_has_nothing_to_say() -> None:
    assert PathText("$.").place is None
    assert place("$.${a}") is None
    assert CallText("States.UUID").paths is None
    assert jsonata_tree("{% 1 + %}") is None
    assert jsonata_tree("{% ${a} %}") is None


def test_the_paths_of_a_call_are_values_too() -> None:
    paths = CallText("States.Format('{}', $.a)").paths
    assert paths is not None
    assert [(type(path.text), path.text, path.offset) for path in paths] == [(PathText, "$.a", 20)]


def test_one_text_is_one_value_in_model_and_texts() -> None:
    states = {"A": {"Type": "Pass", "InputPath": "$.a", "Parameters": {"b.$": "$.a"}, "End": True}}
    document = Document("m", {"StartAt": "A", "States": states})
    machine = build(document)
    assert machine is not None
    (state,) = machine.states.values()
    assert isinstance(state, Pass)
    values = [text.value for text in outermost(document, machine).texts]
    assert [value is state.input_path for value in (*values, state.parameters["b.$"])] == [True] * 3


def test_other_processes_get_the_string_alone() -> None:
    tree = JsonataText("{% $x %}")
    assert tree.tree is not None
    copy = pickle.loads(pickle.dumps(tree))
    assert type(copy) is JsonataText
    assert copy == tree
    assert vars(copy) == {}


def test_the_model_holds_values_where_the_schema_says_expression() -> None:
    catch = {"ErrorEquals": ["States.ALL"], "Next": "P", "ResultPath": "$.e", "Assign": {"v.$": "$.w"}}
    states = {
        "T": {"Type": "Task", "Resource": "r", "InputPath": "$.i", "Catch": [catch], "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEqualsPath": "$.b", "Next": "P"}]},
        "P": {"Type": "Pass", "Parameters": {"a.$": "States.UUID()"}, "Result": {"a.$": "$.b"}, "Next": "M"},
        "M": {
            "Type": "Map",
            "ItemsPath": "$.l",
            "ItemProcessor": {"StartAt": "X", "States": {}},
            "End": True,
        },
    }
    machine = build(Document("m", {"StartAt": "T", "States": states}))
    assert machine is not None
    task, choice, passing, each = machine.states.values()
    assert isinstance(task, Task)
    assert isinstance(choice, Choice)
    assert isinstance(passing, Pass)
    assert isinstance(each, Map)
    (catcher,) = task.catch
    assert isinstance(catcher, Catcher)
    assert kinds([task.input_path, catcher.result_path, each.items_path]) == ["PathText"] * 3
    assert kinds(vars(choice.choices[0].condition)) == {
        "variable": "PathText",
        "operator": "str",
        "operand": "PathText",
    }
    assert kinds([catcher.assign, passing.parameters]) == [{"v.$": "PathText"}, {"a.$": "CallText"}]
    assert kinds(passing.result) == {"a.$": "str"}


def test_a_distributed_map_holds_values_with_their_places() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$.most"},
        "Parameters": {"Bucket.$": "$.bucket"},
    }
    batcher = {"MaxItemsPerBatch": 2.0, "MaxInputBytesPerBatchPath": "$.b", "BatchInput": {"x.$": "$.x"}}
    state = {
        "Type": "Map",
        "ItemReader": reader,
        "ItemBatcher": batcher,
        "ResultWriter": {"WriterConfig": {"OutputType": "JSON"}},
        "ItemProcessor": {"StartAt": "X", "States": {}},
        "End": True,
    }
    machine = build(Document("m", {"StartAt": "M", "States": {"M": state}}))
    assert machine is not None
    (each,) = machine.states.values()
    assert isinstance(each, Map)
    assert each.item_reader is not None
    assert each.item_batcher is not None
    assert each.result_writer is not None
    assert each.item_reader.resource is not None
    assert each.item_reader.resource.call == "s3:getObject"
    config = each.item_reader.reader_config
    assert config.options == {"InputType": "JSON"}
    assert kinds([config.max_items_path, each.item_reader.parameters]) == [
        "PathText",
        {"Bucket.$": "PathText"},
    ]
    assert kinds(vars(each.item_batcher)["max_items_per_batch"]) == "int"
    assert kinds(each.item_batcher.max_input_bytes_per_batch_path) == "PathText"
    assert kinds(each.item_batcher.batch_input) == {"x.$": "PathText"}
    assert (each.result_writer.resource, each.result_writer.writer_config) == (None, {"OutputType": "JSON"})
    place = ("States", "M")
    assert config.pointer == (*place, "ItemReader", "ReaderConfig")
    assert each.item_reader.pointer == (*place, "ItemReader")
    assert each.item_batcher.pointer == (*place, "ItemBatcher")
    assert each.result_writer.pointer == (*place, "ResultWriter")


def test_numbers_and_strings_that_jsonata_gives_are_values() -> None:
    states = {
        "W": {"Type": "Wait", "Seconds": "{% $n %}", "Next": "T"},
        "T": {"Type": "Task", "Resource": "r", "TimeoutSeconds": "${Timeout}", "Next": "F"},
        "F": {"Type": "Fail", "Error": "{% $e %}", "Cause": "e"},
    }
    machine = build(Document("m", {"QueryLanguage": "JSONata", "StartAt": "W", "States": states}))
    assert machine is not None
    wait, task, fail = machine.states.values()
    assert isinstance(wait, Wait)
    assert isinstance(task, Task)
    assert isinstance(fail, Fail)
    assert kinds([wait.seconds, fail.error, fail.cause]) == ["JsonataText", "JsonataText", "str"]
    assert kinds(task.timeout_seconds) == "str"
