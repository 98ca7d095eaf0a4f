"""jsonata's sentences about expressions that fail: what the engine says in, what jsonata 2.0.6 says out."""

from __future__ import annotations

import pytest

from asltool.expr.jsonata import parse
from asltool.expr.jsonata.failing_sentences import failing_sentence

CASES = [
    (
        '$abs("a")',
        "T0410",
        "Argument 1 must be Number",
        'Argument 1 of function "abs" does not match function signature',
    ),
    (
        "$contains(23, 3)",
        "T0410",
        "Argument 1 must be (String or Function)",
        'Argument 1 of function "contains" does not match function signature',
    ),
    (
        "$map(1)",
        "T0410",
        "Argument count mismatch: expected 2, got 1",
        'Argument 2 of function "map" does not match function signature',
    ),
    (
        "2 ~> $abs(3)",
        "T0410",
        "Argument count mismatch: expected 0, got 2",
        'Argument 2 of function "abs" does not match function signature',
    ),
    (
        '[$abs("a"), $floor(1)]',
        "T0410",
        "Argument 1 must be Number",
        None,
    ),
    (
        "[$x ~> $sum, $count($x)]",
        "T0412",
        "Argument 1 must be an array of Number",
        'Argument 1 of function "sum" must be an array of "numbers"',
    ),
    (
        "$substring(1, 2)",
        "T0411",
        "Context value does not match function signature (expected String)",
        'Context value is not a compatible type with argument 1 of function "substring"',
    ),
    (
        "1 < null",
        "T2010",
        "Cannot compare number and null",
        'The expressions either side of operator "<" must evaluate to numeric or string values',
    ),
    ("[1 < null, 1 > null]", "T2010", "Cannot compare number and null", None),
    (
        '"5" + 1',
        "T2001",
        "The left side of the + operator must evaluate to a number",
        'The left side of the "+" operator must evaluate to a number',
    ),
    ('$number("1 é")', "D3030", "Cannot convert '1 é' to number", 'Unable to cast value to a number: "1 é"'),
    ("$f()", "T1006", "Attempted to invoke a non-function: $f", "Attempted to invoke a non-function"),
    ("$error('x')", "D3137", "x", None),
]


@pytest.mark.parametrize(("text", "code", "said", "sentence"), CASES, ids=[f"{case[0]}" for case in CASES])
def test_sentence(text: str, code: str, said: str, sentence: str | None) -> None:
    assert failing_sentence(parse(text), code, said) == sentence
