"""Whatever names a function, a template or a connection: it works, or it raises our own error."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asltool import Connections, TasksError
from asltool.integrations.lambda_names import function_name, parse_function
from asltool.integrations.lambda_project import named_function
from asltool.integrations.sam import template_functions

SETTINGS = settings(
    derandomize=True,
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FUNCTION = st.fixed_dictionaries(
    {"Type": st.sampled_from(["AWS::Serverless::Function", "AWS::Lambda::Function"]) | JSON},
    optional={
        "Properties": JSON
        | st.fixed_dictionaries(
            {},
            optional={
                "CodeUri": st.just("src") | JSON,
                "Code": st.just("src") | JSON,
                "Handler": st.just("app.handler") | JSON,
                "Runtime": st.just("python3.13") | JSON,
                "FunctionName": st.just({"Fn::Sub": "${AWS::StackName}-${X}"}) | JSON,
                "Environment": st.fixed_dictionaries({"Variables": st.dictionaries(st.text(), JSON) | JSON})
                | JSON,
            },
        )
    },
)
TEMPLATE = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.text(max_size=4), FUNCTION | JSON, max_size=3)},
    optional={"Globals": st.fixed_dictionaries({"Function": FUNCTION}) | JSON, "Parameters": JSON},
)
AUTHORIZATION = st.fixed_dictionaries(
    {},
    optional={
        "ApiKeyAuthParameters": JSON,
        "BasicAuthParameters": st.fixed_dictionaries({"Username": JSON, "Password": JSON}) | JSON,
        "OAuthParameters": st.fixed_dictionaries({"ClientParameters": JSON, "OAuthHttpParameters": JSON})
        | JSON,
        "InvocationHttpParameters": st.fixed_dictionaries({"HeaderParameters": JSON}) | JSON,
    },
)


@SETTINGS
@given(st.text())
def test_any_text_has_a_short_name(text: str) -> None:
    assert isinstance(function_name(text), str)
    assert parse_function(text) is None or parse_function(text)


@SETTINGS
@given(st.text() | st.builds("{}={}.py:{}".format, st.text(), st.text(), st.text()))
def test_any_text_after_lambda(text: str) -> None:
    with suppress(TasksError):
        named_function(text)


@SETTINGS
@given(
    JSON | st.dictionaries(st.text(), st.fixed_dictionaries({"AuthParameters": AUTHORIZATION | JSON}) | JSON)
)
def test_any_connections(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "connections.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    with suppress(TasksError):
        Connections.load(str(path))


@SETTINGS
@given(TEMPLATE | JSON)
def test_any_template(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "template.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    with suppress(TasksError):
        template_functions(str(path))


@pytest.mark.parametrize(
    ("text", "name", "qualifier"),
    [
        ("f", "f", None),
        ("f:PROD", "f", "PROD"),
        ("123456789012:function:f:7", "f", "7"),
        ("arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", "f", "$LATEST"),
        (
            "arn:${AWS::Partition}:lambda:${AWS::Region}:1:function:${AWS::StackName}-f",
            "${AWS::StackName}-f",
            None,
        ),
        ("${F.Arn}:live", "${F.Arn}", "live"),
    ],
)
def test_a_function_is_taken_apart(text: str, name: str, qualifier: str | None) -> None:
    assert parse_function(text) == (name, qualifier)
