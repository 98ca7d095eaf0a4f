"""The service's sentences about text that is not JSON."""

from __future__ import annotations

import pytest

from asltool.syntax.json_faults import json_fault

VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

FAULTS = [
    ("not some json", f"Unrecognized token 'not': was expecting {VALUE}"),
    ("{'not': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"),
    ('{"a": 1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"),
    ('{"a" 1}', "Unexpected character ('1' (code 49)): "
     "was expecting a colon to separate field name and value"),
    ('{"a": 1 "b"}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"),
    ("[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"),
    ("[1, ,]", f"Unexpected character (',' (code 44)): expected a valid value {VALUE}"),
    ("[€]", f"Unexpected character ('€' (code 8364 / 0x20ac)): expected a valid value {VALUE}"),
    ('{"a": [1', "Unexpected end-of-input: expected close marker for Array (start marker at "
     '[Source: (String)"{"a": [1"; line: 1, column: 7])'),
    ('["a', "Unexpected end-of-input: was expecting closing quote for a string value"),
    ('"\\x"', "Unrecognized character escape 'x' (code 120)"),
    ('"a\tb"', "Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped using backslash "
     "to be included in string value"),
    ("", "No content to map due to end-of-input"),
    ("{} x", "Unexpected character ('x' (code 120)): expected the end of the input"),
    ("NaN", "NaN is not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), FAULTS, ids=[text for text, _ in FAULTS])
def test_faults(text: str, fault: str) -> None:
    assert json_fault(text) == fault


@pytest.mark.parametrize("text", ["null", ' {"a": [1, "é"]} '])
def test_json_has_none(text: str) -> None:
    assert json_fault(text) is None
