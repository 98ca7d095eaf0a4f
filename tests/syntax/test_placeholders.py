"""Placeholders: what may become of a text once they are filled in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asltool.syntax.placeholders import fits


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (5, 5, True),
        ("${A}", 5, True),
        ("${A}", {"x": 1}, True),
        ("x${A}", 5, False),
        ("x${A}", "x", True),
        ("x${A}y", "xy", True),
        ("ab${A}ba", "aba", False),
        ("#{A}-${B}", "1-2-3", True),
        ("${A}-${B}-", "1-2", False),
    ],
)
def test_a_text_fits(text: Any, value: Any, expected: bool) -> None:
    assert fits(text, value) is expected


@given(st.text("ab$", max_size=4).map(lambda text: text.replace("$", "${A}")), st.text("ab", max_size=6))
def test_it_agrees_with_a_regular_expression(text: str, value: str) -> None:
    pattern = ".*".join(map(re.escape, text.split("${A}")))
    assert fits(text, value) is bool(re.fullmatch(pattern, value))
