"""Which variables a definition reads and assigns, where a case would hide what matters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asltool.rules import validate
from asltool.rules.analysis.variables import is_valid
from asltool.syntax.reader import read

CODES = ("assign-reserved-name", "assign-shadows-outer-scope")


def found(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """Return the codes about variables of a machine of two Pass states."""
    states = {"A": {"Type": "Pass", "Next": "B", **first}, "B": {"Type": "Pass", "End": True, **second}}
    diagnostics = validate(read(json.dumps({"StartAt": "A", "States": states}), "x"))
    return [each.code for each in diagnostics if each.code in CODES or each.code.startswith("variable-")]


def jsonata(expression: str, **more: Any) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "Output": f"{{% {expression} %}}", **more}


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("$v", []),
        ("$states.input.v", ["variable-unused"]),
        ("($v := 1; $v)", []),
        ("($w := $v; $w + 1)", []),
        ("$map($states.input, function($x) {$x + $v})", []),
        ("$v ~> $sum", []),
        ("$sum", ["variable-unused"]),
        ("$v + $w", ["variable-maybe-undefined"]),
        ("$exists($w) ? $w : $v", []),
        ("$v + ${Number}", []),
        ("$w + ${Number}", []),
        ("$w +", ["variable-unused"]),
    ],
)
def test_what_jsonata_reads(expression: str, wanted: list[str]) -> None:
    assert found({"Assign": {"v": 1}}, jsonata(expression)) == wanted


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("$v", []),
        ("$v[0].x", []),
        ("$v[*].x", []),
        ("$.v", ["variable-unused"]),
        ("$$.v", ["variable-unused"]),
        ("$w", ["variable-unused", "variable-undefined"]),
        ("$v.${Name}", []),
        ("${Path}", []),
        ("States.Array($v, States.Array($w))", ["variable-undefined"]),
        ("States.Format('$v')", []),
    ],
)
def test_what_jsonpath_reads(path: str, wanted: list[str]) -> None:
    assert found({"Assign": {"v.$": "$.v"}}, {"Parameters": {"x.$": path}}) == wanted


def test_a_placeholder_may_be_the_name_of_any_variable() -> None:
    assert found({"Assign": {"${Name}": 1}}, {"InputPath": "$w"}) == []


def test_a_state_does_not_see_what_it_assigns() -> None:
    first = {"Assign": {"v": 1}, "Parameters": {"x.$": "$v"}}
    assert found(first, {"InputPath": "$v"}) == ["variable-maybe-undefined"]


def test_names() -> None:
    assert all(map(is_valid, ["v", "_v1", "größe", "名", "v" * 80]))
    assert not any(map(is_valid, ["", "1", "a.b", "a-b", "$v", "a b", "v" * 81]))
