"""Definitions inside other files: what is found, and that places are those of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool.errors import DefinitionError
from asltool.syntax.document import Document
from asltool.syntax.reader import read, read_all
from tests.syntax.sources import SOURCES, case, problems, said

INLINE = "Resources: {A: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {States: {}}}}}\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.name))
def test_case(path: Path) -> None:
    found, wanted = case(path)
    assert found == wanted


def values(name: str) -> dict[str, Any]:
    path = next(path for path in SOURCES if path.name == name)
    found = read_all(path.read_text(encoding="utf-8"), name)
    return {each.name: each.value for each in found if isinstance(each, Document)}


def test_functions_become_what_they_say_or_placeholders() -> None:
    call = values("sam.yaml")["Object"]["States"]["Call"]
    assert call["Result"] == {
        "arn": "${Function.Arn}",
        "url": "https://${Api}/x",
        "two": "${A}-b",
        "list": "a-${B}-c",
        "joined": "${Fn::Join}",
        "chosen": 1,
        "other": "${Fn::FindInMap}",
    }
    assert call["Next"] == "Wiat"
    assert values("sam.yaml")["Object"]["States"]["Shared"]["Result"] == {"ok": "yes"}


def test_placeholders_stand_in_the_place_of_values() -> None:
    assert values("cloudformation.yaml")["Literal"]["States"]["Wait"]["Seconds"] == "${Seconds}"
    pytest.importorskip("tree_sitter_hcl")
    assert values("main.tf")["heredoc"]["States"]["B"]["Seconds"] == "${var.seconds}"
    pytest.importorskip("tree_sitter_hcl")
    assert values("main.tf")["heredoc"]["States"]["A"]["Comment"] == "${kept} }"
    assert values("main.tf")["encoded"]["States"]["A"]["Result"] == "${var.result} ("
    assert values("cdk.template.json")["Machine2E01"]["States"]["Pass"]["Result"] == (
        "arn:${AWS::Partition}:states:::x"
    )


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("t.yaml", "Resources: {}\n", "t.yaml has no state machine"),
        ("t.json", '{"Resources": {}}', "t.json has no state machine"),
        ("m.tf", "", "m.tf has no state machine"),
        (
            "t.yaml",
            INLINE.replace("{Definition: {States: {}}}", "{DefinitionUri: a.asl.json}"),
            "t.yaml has no state machine. its definition is in a.asl.json",
        ),
        (
            "s.yml",
            "stepFunctions: {stateMachines: {a: {definition: {}}, b: {definition: {}}}}",
            's.yml has 2 state machines: "a" and "b". expected one',
        ),
    ],
)
def test_one_definition_is_wanted(path: str, text: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read(text, path)
    assert str(caught.value) == message


def test_a_template_with_one_definition_is_read() -> None:
    document = read(INLINE, "t.yaml")
    assert (document.name, document.value, document.machine_type) == ("A", {"States": {}}, "STANDARD")


@pytest.mark.parametrize(
    ("written", "machine_type"), [("EXPRESS", "EXPRESS"), ("STANDARD", "STANDARD"), ("!Ref X", None)]
)
def test_the_type_of_a_machine(written: str, machine_type: str | None) -> None:
    assert read(INLINE.replace("{Def", f"{{Type: {written}, Def"), "t.yaml").machine_type == machine_type


def test_a_type_that_is_no_string() -> None:
    assert read_all("Resources: {A: {Type: [AWS::Serverless::StateMachine], Properties: {}}}", "t.yaml") == []


def test_a_definition_has_the_problems_that_are_inside_it() -> None:
    [sam] = [path for path in SOURCES if path.name == "sam.yaml"]
    text = sam.read_text(encoding="utf-8")
    document = next(each for each in read_all(text, "sam.yaml") if isinstance(each, Document))
    assert document.problems == ()
    doubled = text.replace("Reslt: 1", "Type: Pass")
    document = next(each for each in read_all(doubled, "sam.yaml") if isinstance(each, Document))
    assert [problem.code for problem in document.problems] == ["duplicate-key"]


def test_definitions_in_yaml_and_in_templates_run(tmp_path: Path) -> None:
    definition = "StartAt: A\nStates: {A: {Type: Pass, Result: 1, End: true}}\n"
    (tmp_path / "a.asl.yaml").write_text(definition, encoding="utf-8")
    (tmp_path / "t.yaml").write_text(
        INLINE.replace("{States: {}}", "{StartAt: A, States: {A: {Type: Succeed}}}"), encoding="utf-8"
    )
    assert asltool.load(tmp_path / "a.asl.yaml").run().output == 1
    assert asltool.load(tmp_path / "t.yaml").run().status == "SUCCEEDED"


FRAGMENTS = [
    *"{}[]\"'\\:,\n$%<-|>!&*# ",
    "${x}",
    "  ",
    "EOF",
    "Resources:",
    "Definition",
    "DefinitionString:",
    "!Sub",
    "Fn::Join",
    "Properties",
]


@settings(derandomize=True, max_examples=400, deadline=None)
@given(
    st.sampled_from(SOURCES),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(FRAGMENTS)), min_size=1, max_size=4
    ),
)
def test_files_that_were_tampered_with(path: Path, changes: list[tuple[float, int, str]]) -> None:
    """Every reader answers with definitions and diagnostics, whose places are inside the text."""
    text = path.read_text(encoding="utf-8")
    for where, removed, inserted in changes:
        start = int(where * len(text))
        text = text[:start] + inserted + text[start + removed :]
    lines = text.split("\n")
    assert list(said(text, path.name)) == list(said(text, path.name))
    for found in read_all(text, path.name):
        spans = [each.span for each in problems(found)] if isinstance(found, Document) else [found.span]
        assert all(1 <= span.column <= len(lines[span.line - 1]) + 1 for span in spans)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(["x.json", "x.yaml", "x.tf"]))
def test_any_text(text: str, path: str) -> None:
    for found in read_all(text, path):
        assert isinstance(found, Document)
