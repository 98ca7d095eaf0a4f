"""YAML text to values and places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.syntax.diagnostics import Span
from asltool.syntax.json_tokens import DEEPEST
from asltool.syntax.model import ABSENT, Pointer
from asltool.syntax.reader import read
from asltool.syntax.text import Text
from asltool.syntax.yaml_reader import read_yaml
from asltool.syntax.yaml_strings import yaml_string
from tests.syntax.cases import CASES
from tests.syntax.world import json_values

BAD = json.loads((CASES / "syntax" / "bad_yaml.json").read_text(encoding="utf-8"))
CORPUS = Path(__file__).parents[2].parent / "shared" / "validation"


def problems(text: str) -> list[str]:
    return [str(problem).removeprefix("x.yaml:") for problem in read(text, "x.yaml").problems]


@pytest.mark.parametrize("case", BAD, ids=lambda case: str(case["name"]))
def test_bad_yaml(case: dict[str, Any]) -> None:
    assert problems(case["text"]) == case["problems"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("Null", None),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("Off", "Off"),
        ("y", "y"),
        ("0", 0),
        ("-17", -17),
        ("+1", 1),
        ("0x1F", 31),
        ("012", "012"),
        ("0o14", "0o14"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.0e+3", 1000.0),
        ("1.2.3", "1.2.3"),
        ("-", "-"),
        (".", "."),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("arn:aws:states:::x", "arn:aws:states:::x"),
        ("$.x", "$.x"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!int '1'", 1),
        ("&a 1", 1),
        ("&a !!str 1", "1"),
        ("!Ref A", {"Ref": "A"}),
        ("!GetAtt [A, B]", {"Fn::GetAtt": ["A", "B"]}),
        ("!Sub {a: 1}", {"Fn::Sub": {"a": 1}}),
    ],
)
def test_scalars(written: str, value: Any) -> None:
    found = read_yaml(f"[{written}]" if written else "[~]").value if written != "-" else ["-"]
    assert json.dumps(found) == json.dumps([value])


def test_keys_are_texts_as_they_are_written() -> None:
    text = "on: 1\n1: 1\n~: 1\n0x1: 1\n'<<': 1\n2024-01-01: 1\n&a key: *a\n*a : 1\n"
    assert list(read_yaml(text).value) == ["on", "1", "~", "0x1", "<<", "2024-01-01", "key"]


def test_merges() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd: {<<: *b, <<: *a}\n"
    tree = read_yaml(text)
    assert tree.problems == []
    assert tree.value["c"] == {"x": 3, "y": 1, "z": 2}
    assert tree.value["d"] == {"y": 2, "z": 2, "x": 1}
    assert read(text, "x.yaml").locate(("c", "z"), key=True) == Span(2, 14)


def test_aliases_cannot_make_an_endless_document() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert problems("\n".join(lines)) == ["6:25: aliases repeat more than 100,000 values [yaml-syntax-error]"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_has_a_limit(opening: str) -> None:
    column = DEEPEST * len(opening) + 1
    for depth in (DEEPEST + 1, 1_002, 20_000):  # libyaml has a limit of 1,000 levels in some versions.
        assert problems(opening * depth) == [
            f"1:{column}: nested deeper than {DEEPEST} levels [yaml-syntax-error]"
        ]
    assert "nested" not in problems(opening * DEEPEST + "]")[0]


def places(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, value
    if isinstance(value, dict | list):
        for step, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*pointer, step))


STYLES = st.sampled_from([None, "'", '"', "|", ">"])
SIMPLE = st.text(st.sampled_from("ab $\"'\\:#-{[\n\té"))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(json_values(SIMPLE), STYLES, st.sampled_from([None, True, False]), st.sampled_from([20, 1000]))
def test_every_value_is_found_where_it_stands(
    value: Any, style: str | None, flow: bool | None, width: int
) -> None:
    text = yaml.safe_dump(
        [value], default_style=style, default_flow_style=flow, width=width, allow_unicode=True
    )
    document = read(text, "x.yaml")
    if document.value != [value]:
        return  # PyYAML writes "1e5" and "0o7" without quotes
    lines = text.split("\n")
    for pointer, part in places([value]):
        span = document.locate(pointer)
        assert len(lines[span.line - 1]) >= span.column - 1
        if isinstance(part, str):
            string = document.string(pointer)
            assert string is not None
            assert string.characters == part
            assert all(
                text[start:end] == character or character in " \n" or text[start:end][0] in "\\'"
                for character, start, end in zip(part, string.starts, string.ends, strict=False)
            )


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab \"'\\:#-{\n\té"), max_size=30), STYLES, st.sampled_from([10, 80]))
def test_the_characters_of_a_string_are_found(value: str, style: str | None, width: int) -> None:
    text = yaml.safe_dump({"k": [value]}, default_style=style, width=width, allow_unicode=True)
    document = read(text, "x.yaml")
    assert document.value == {"k": [value]}
    string = document.string(("k", 0))
    assert string is not None
    assert list(string.starts) == sorted(string.starts)
    for character, start, end in zip(value, string.starts, string.ends, strict=False):
        written = text[start:end]
        assert written in (character, f"{character}{character}") or written[:1] == "\\" or not written.strip()


def test_the_characters_of_a_literal_block() -> None:
    text = "a: |2-\n    b\n\n   \n   c\r\n   d\n"
    [value] = read_yaml(text).value.values()
    node = read_yaml(text).root.parts["a"]
    string = yaml_string(Text.whole(text), node.start, node.end, value)
    assert string is not None
    assert [text[string.starts[value.index(character)]] for character in "bcd"] == list("bcd")


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text() | st.text(st.sampled_from("ab: -?[]{}&*!|>'\"%@`#,\n\t~<0")))
def test_any_text(text: str) -> None:
    tree = read_yaml(text)
    assert tree.value is not ABSENT or tree.problems
    assert len(read(text, "x.yaml").problems) == len(tree.problems)
    for problem in tree.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
    json.dumps(tree.value if tree.value is not ABSENT else None, allow_nan=False)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
def test_the_corpus_is_read_as_its_definitions() -> None:
    items = [
        json.loads(line)
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    read_from = [item for item in items if item["format"] == "yaml" and item.get("text")]
    assert len(read_from) == 40
    for item in read_from:
        assert json.dumps(read(item["text"], "x.yaml").value) == json.dumps(item["definition"]), item["id"]
