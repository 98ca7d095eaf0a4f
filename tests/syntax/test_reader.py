"""Text to document: values, places, and what is wrong with the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.syntax.diagnostics import Span
from asltool.syntax.json_places import json_places
from asltool.syntax.json_scan import scan
from asltool.syntax.json_tokens import DEEPEST
from asltool.syntax.model import ABSENT, Pointer
from asltool.syntax.reader import read
from asltool.syntax.text import Location
from tests.syntax.cases import CASES
from tests.syntax.world import json_values

BAD = json.loads((CASES / "syntax" / "bad_json.json").read_text(encoding="utf-8"))
TEXT = '{\n  "a": [1, {"b c": null}],\n  "é": "x",\n  "a/b": {}\n}'


@pytest.mark.parametrize("case", BAD, ids=lambda case: str(case["name"]))
def test_bad_json(case: dict[str, Any]) -> None:
    document = read(case["text"], "x")
    assert [str(problem) for problem in document.problems] == [
        f"x:{problem} [json-syntax-error]" for problem in case["problems"]
    ]
    assert document.value is ABSENT


@pytest.mark.parametrize(("text", "place"), [("", "1:1"), (" \n\n", "3:1")])
def test_nothing_at_all(text: str, place: str) -> None:
    document = read(text, "x")
    assert [str(problem) for problem in document.problems] == [
        f"x:{place}: there is no definition in this file [definition-empty]"
    ]
    assert document.value is ABSENT


def test_a_key_that_occurs_twice_leaves_the_document_usable() -> None:
    document = read('{"a": {"b": 1, "c": 2,\n "b": 3}, "a": 4}', "x")
    assert document.value == {"a": 4}
    assert [str(problem) for problem in document.problems] == [
        'x:2:2: the key "b" occurs twice in this object [duplicate-key]',
        'x:2:11: the key "a" occurs twice in this object [duplicate-key]',
    ]
    assert document.locate(("a",)) == Span(2, 16)


def test_any_number_of_keys_that_occur_twice() -> None:
    document = read("{\n" + '"a": 0, "a": 1,\n' * 30 + '"b": 2}', "x")
    assert len(document.problems) == 59
    assert document.locate(("b",)) == Span(32, 6)


def test_depth_has_a_limit() -> None:
    assert read("[" * DEEPEST + "]" * DEEPEST, "x").problems == ()
    for depth in (DEEPEST + 1, 100_000):
        [problem] = read("[" * depth + "]" * depth, "x").problems
        assert str(problem) == f"x:1:{DEEPEST + 1}: nested deeper than 200 levels [json-syntax-error]"


def test_many_brackets_are_not_depth() -> None:
    assert read(json.dumps([[]] * 1000), "x").problems == ()


def test_an_integer_of_thousands_of_digits() -> None:
    [problem] = read(f"[{'1' * 5000}]", "x").problems
    assert str(problem) == "x:1:2: the number is too large [json-syntax-error]"


def test_a_hopeless_text_is_left_after_twenty_problems() -> None:
    assert len(read("[\n" + "01,\n" * 100, "x").problems) == 20


@pytest.mark.parametrize(
    ("pointer", "key", "span"),
    [
        ((), False, Span(1, 1)),
        ((), True, Span(1, 1)),
        (("a",), False, Span(2, 8)),
        (("a",), True, Span(2, 3, 3)),
        (("a", 0), False, Span(2, 9)),
        (("a", 0), True, Span(2, 9)),
        (("a", 1, "b c"), False, Span(2, 20, 4)),
        (("a", 1, "b c"), True, Span(2, 13, 5)),
        (("é",), True, Span(3, 3, 3)),
        (("a/b",), False, Span(4, 10)),
        (("a", 7, "nowhere"), False, Span(2, 8)),
    ],
)
def test_locate(pointer: Pointer, key: bool, span: Span) -> None:
    assert read(TEXT, "x").locate(pointer, key) == span


@pytest.mark.parametrize(
    ("within", "span"),
    [
        ((0, 1), Span(1, 8)),
        ((1, 3), Span(1, 9, 8)),
        ((3, 4), Span(1, 17, 12)),
        ((4, 6), Span(1, 29, 3)),
        ((6, 6), Span(1, 32)),
        ((5, 7), Span(1, 7, 26)),
    ],
)
def test_a_part_of_a_string(within: tuple[int, int], span: Span) -> None:
    text = r'{"a": "$\\\u0041\ud83d\ude00x\n"}'
    assert read(text, "x").locate(("a",), within=within) == span


def test_a_part_of_what_is_no_string() -> None:
    assert read('{"a": [1]}', "x").locate(("a",), within=(0, 1)) == Span(1, 7)


def places(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, value
    if isinstance(value, dict | list):
        for step, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*pointer, step))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(json_values(), st.sampled_from([None, 0, 2]), st.booleans())
def test_every_value_is_found_where_it_stands(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = read(text, "x")
    assert document.value == value
    lines = text.split("\n")
    for pointer, part in places(value):
        span = document.locate(pointer)
        there = lines[span.line - 1][span.column - 1 :]
        if isinstance(part, dict | list):
            assert there[0] == ("{" if isinstance(part, dict) else "[")
        else:
            assert json.loads(there[: span.length]) == part
        if pointer and isinstance(pointer[-1], str):
            span = document.locate(pointer, key=True)
            assert json.loads(lines[span.line - 1][span.column - 1 :][: span.length]) == pointer[-1]


TOKENS = [
    *"{}[]\",:\\\n\t /*#'0123456789-+.eEu$",
    "true",
    "null",
    "x",
    "é",
    '"a"',
    '"b":',
    "\\ud83d",
    "1e9",
    "NaN",
]
JSONISH = st.lists(st.sampled_from(TOKENS)).map("".join)


def tree(node: Location) -> Any:
    return node.start, node.end, node.key, {name: tree(part) for name, part in node.parts.items()}


@settings(derandomize=True, max_examples=100, deadline=None)
@given(json_values(), st.sampled_from([None, 0, 3]), st.sampled_from([(", ", ": "), (",\r\n", "\t:")]))
def test_places_are_those_that_the_scanner_finds(
    value: Any, indent: int | None, between: tuple[str, str]
) -> None:
    text = json.dumps(value, indent=indent, separators=between)
    assert tree(json_places(text)) == tree(scan(text).root)


def test_of_a_key_that_occurs_twice_the_last_place_counts() -> None:
    text = '{"a": [1], "b": 2, "a": {"c": 3}}'
    assert tree(json_places(text)) == tree(scan(text).root)


def strictly(text: str) -> Any:
    """Return the value of JSON text as Python reads it, or ABSENT where JSON says no."""

    def refuse(token: str) -> None:
        raise ValueError(token)

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(members)
        if len(made) != len(members):
            refuse("a key twice")
        return made

    try:
        value = json.loads(text, parse_constant=refuse, object_pairs_hook=pairs)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return ABSENT
    return value


@settings(derandomize=True, max_examples=500, deadline=None)
@given(st.one_of(st.text(), JSONISH, json_values().map(json.dumps)))
def test_both_readings_agree_on_what_is_json(text: str) -> None:
    """The scanner finds fault with exactly the texts that a strict reading refuses."""
    assert (scan(text).problems == []) == (strictly(text) is not ABSENT)
    assert (read(text, "x").problems == ()) == (strictly(text) is not ABSENT)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("x.json", '{"a": [1, {"b": null}], "c": {"d": "x"} }'),
        ("x.json", '{"a": [1, {"b": null}], "c": {"d": "x"'),
        ("x.yaml", "a:\n- 1\n- b: null\nc:\n  d: x\n\n# end\n"),
        ("x.yaml", "{a: [1, {b: null}], c: {d: x}}"),
    ],
)
def test_an_offset_finds_its_pointer(file: str, text: str) -> None:
    document = read(text, file)
    found = {document.pointer_at(offset): text[offset] for offset in reversed(range(len(text)))}
    pointers: list[Pointer] = [("a",), ("a", 0), ("a", 1, "b"), ("c",), ("c", "d")]
    assert [pointer for pointer in pointers if pointer not in found] == []
    assert document.pointer_at(text.index("null")) == ("a", 1, "b")
    assert document.pointer_at(text.index("x")) == ("c", "d")
    assert document.pointer_at(len(text) + 10) == ()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('{"a": [1,\n {"b": null}], "c": 1}', '[1,\n {"b": null}]'),
        ("a:\n- 1\n- b: null\n\nc: 1", "- 1\n- b: null"),
    ],
)
def test_the_extent_of_a_value_is_all_of_its_text(text: str, written: str) -> None:
    document = read(text, "x.json" if text[0] == "{" else "x.yaml")
    start, end = document.extent(("a",))
    assert text[start:end] == written
    assert document.locate(("a",)).length == 1
