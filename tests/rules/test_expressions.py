"""Expressions: any text gets a verdict, and what is wrong with it is marked inside of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.rules import validate
from asltool.rules.analysis.error_names import KNOWN_ERRORS, is_unknown_error
from asltool.rules.analysis.expression_problems import looks_like_path
from asltool.rules.analysis.fields import _MAY_BE_JSONATA, _PATHS, _TEMPLATES, fields, texts
from asltool.rules.analysis.integrations import unknown_integration
from asltool.rules.analysis.path_advice import advice
from asltool.syntax.build import build
from asltool.syntax.document import Document
from asltool.syntax.expressions import Expressions
from asltool.syntax.integrations import INTEGRATIONS
from asltool.syntax.reader import read
from asltool.syntax.resource import Resource
from asltool.syntax.schema import table

PIECES = st.sampled_from(
    [
        *("$", "$$", "$x", ".", "..", "[", "]", "[*]", "[?(", "@", "(", ")", "'", '"', "\\", "{%", "%}", ","),
        *(
            "States.Format",
            "States.UUID()",
            "states",
            "$states.result",
            ".a",
            "1",
            "{}",
            " ",
            "\n",
            "é",
            "😀",
        ),
    ]
)
PATH_PIECES = [
    *(".a", "..", ".*", "['a']", "['a', 'b']", "[0]", "[-1]", "[1:-1]", "[(@.length-1)]", ".sum()", "'", " "),
    *(
        "[?(@",
        "[?(",
        "(",
        ")",
        ")]",
        " == ",
        "&&",
        " || ",
        "!",
        "@",
        "$",
        "1",
        "'x'",
        '"x"',
        "[1]",
        "/a/",
        "=",
    ),
]
TEXTS = st.text(max_size=20) | st.lists(PIECES, max_size=9).map("".join)


def definition(text: str) -> dict[str, Any]:
    """A definition with one text wherever an expression may stand."""
    old = {
        "Type": "Map",
        "InputPath": text,
        "ItemsPath": text,
        "ResultPath": text,
        "ItemSelector": {"x": text, "x.y": [{"z.$": text}]},
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Fail", "CausePath": text}}},
        "Next": "New",
    }
    new = {
        "Type": "Choice",
        "QueryLanguage": "JSONata",
        "Choices": [{"Condition": f"{{%{text}%}}", "Output": [text], "Next": "Old"}],
        "Output": {"x": f"{{% {text} %}}"},
    }
    return {"StartAt": "Old", "States": {"Old": old, "New": new}}


@settings(derandomize=True, max_examples=300, deadline=None)
@given(TEXTS, st.booleans())
def test_any_text(text: str, escaped: bool) -> None:
    document = read(json.dumps(definition(text), indent=1, ensure_ascii=escaped), "x")
    lines = document.text.split("\n")
    for each in validate(document):
        marked = lines[each.span.line - 1][each.span.column - 1 :]
        assert len(marked) >= each.span.length
        assert each.message.strip(" \n.") == each.message


@settings(derandomize=True, max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(PATH_PIECES), max_size=12).map("".join))
def test_advice_is_about_a_part_of_the_path(steps: str) -> None:
    text = f"${steps}"
    for found in advice(text):
        assert 0 <= found.start < found.end <= len(text)


def test_a_value_without_text_has_one_place() -> None:
    found = validate(Document("x", definition("$.a[")))
    assert {str(each).partition(" ")[0] for each in found} == {"x:1:1:"}


@pytest.mark.parametrize(
    ("field", "text", "marked"),
    [
        ("InputPath", "$.a\tb.c[", "["),
        ("InputPath", "$.ä😀['x']['y", "['y"),
        ("ResultPath", "$.ä[?(@.x == '\"')]", "[?("),
        ("Parameters", "States.Format('\n\"😀', $.x).", "."),
    ],
)
@pytest.mark.parametrize("escaped", [True, False])
def test_the_mark_is_inside_of_the_string(field: str, text: str, marked: str, escaped: bool) -> None:
    value: Any = {"x.$": text} if field == "Parameters" else text
    state = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", field: value, "End": True}
    source = json.dumps({"StartAt": "A", "States": {"A": state}}, ensure_ascii=escaped)
    [found] = [each for each in validate(read(source, "x")) if each.code != "task-required-parameter-missing"]
    assert source[found.span.column - 1 :].startswith(marked)


def test_the_walker_knows_every_kind_of_expression() -> None:
    """Of a field of each kind that is an expression, its text is found; of no other kind."""
    machine = build(Document("x", definition("$.x")))
    assert machine
    old, new = machine.states.values()
    found = [
        (text.kind, "/".join(map(str, text.pointer[2:])))
        for state in (old, new)
        for field in fields(state, definition("$.x")["States"][state.name])
        for text in texts(field, Expressions())
    ]
    assert found == [
        ("path", "InputPath"),
        ("reference-path", "ItemsPath"),
        ("reference-path", "ResultPath"),
        ("plain", "ItemSelector/x"),
        ("path-or-intrinsic", "ItemSelector/x.y/0/z.$"),
        ("jsonata", "Choices/0/Condition"),
        ("plain", "Choices/0/Output/0"),
        ("jsonata", "Output/x"),
    ]


def test_kinds_are_those_of_the_schema() -> None:
    assert {*_PATHS, *_TEMPLATES, *_MAY_BE_JSONATA} <= set(table()["x-kinds"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$.x", True),
        ("$$['x']", True),
        ("States.UUID()", True),
        ("$", False),
        ("$5.00", False),
        ("$.5 off", False),
        (5, False),
        ("Great States.X (of America)", False),
    ],
)
def test_looks_like_path(text: Any, expected: bool) -> None:
    assert looks_like_path(text) is expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", ("sqs:sendMessage", "waitForTaskToken")),
        ("arn:aws-cn:states:::aws-sdk:s3:getObject", ("aws-sdk:s3:getObject", "")),
        ("arn:${AWS::Partition}:states:::states:startExecution.sync:2", ("states:startExecution", "sync:2")),
        ("arn:aws:states:::${Call}", ("", "")),
        ("arn:aws:states:us-east-1:123456789012:activity:ask", ("", "")),
        ("arn:aws:lambda:us-east-1:123456789012:function:f", ("", "")),
    ],
)
def test_integration(resource: str, expected: tuple[str, str]) -> None:
    parsed = Resource(resource)
    assert (parsed.call, parsed.pattern) == expected
    assert unknown_integration(parsed) is None
    assert parsed.is_activity == ("activity" in resource)


def test_every_integration_of_the_table_is_one() -> None:
    calls = [f"{name}:{action}" for name, each in INTEGRATIONS.items() for action in each.actions]
    assert [call for call in calls if unknown_integration(Resource(f"arn:aws:states:::{call}"))] == []


def test_error_names() -> None:
    assert not any(
        map(is_unknown_error, [*KNOWN_ERRORS, "Busy", "States.Http.StatusCode.404", "States.${X}"])
    )
    assert all(map(is_unknown_error, ["States.timeout", "States.", "States.Http"]))
