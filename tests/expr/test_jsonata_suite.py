"""Agreement with JSONata's own suite, with either engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asltool.expr.jsonata import engines, parse
from asltool.expr.jsonata.program import JsonataProgram
from tests.expressions import jsonata

SUITE = Path(__file__).parents[3] / "shared" / "jsonata" / "suite-2.0.6.json"
needs_suite = pytest.mark.skipif(not SUITE.is_file(), reason="needs JSONata's suite")


def agreement(step: int = 1) -> float:
    cases = list(jsonata.read(SUITE))[::step]
    right = [
        jsonata.agrees(case, jsonata.observe(case, document))
        for case, document in cases
        if jsonata.group_of(case) not in jsonata.LEFT_OUT
    ]
    return sum(right) / len(right)


@needs_suite
def test_native_engine() -> None:
    assert agreement() >= 0.995


@needs_suite
@pytest.mark.slow
def test_fallback_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "choose", lambda: "fallback")
    assert agreement(step=3) >= 0.96


@pytest.mark.parametrize(
    ("case", "observed"),
    [
        ({"expr": "a", "data": {"a": 1}, "result": 1}, {"result": 1}),
        ({"expr": "a & $b", "dataset": "d", "bindings": {"b": "!"}, "result": "x!"}, {"result": "x!"}),
        ({"expr": "b", "dataset": "d", "undefinedResult": True}, {"undefined": True}),
        ({"expr": "$", "dataset": None, "undefinedResult": True}, {"undefined": True}),
        ({"expr": "1 +", "dataset": None, "code": "S0207"}, {"code": "S0207"}),
        ({"expr": "1 + 'a'", "dataset": None, "error": {"code": "T2002"}}, {"code": "T2002"}),
    ],
)
def test_runner(case: Any, observed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cases.json").write_text(
        json.dumps({"datasets": {"d": {"a": "x"}}, "cases": [{"id": "group/1", **case}]}), encoding="utf-8"
    )
    jsonata.main(tmp_path / "cases.json", tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8")) == {"id": "group/1", **observed}
    assert capsys.readouterr().out.splitlines() == [
        f"{'group':32}    1 of    1",
        f"{'all':32}    1 of    1  100.00%",
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$states.input.orders[price > $limit].id", 2),
        ("$parse('[1, null]')", [1, None]),
        ("$partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ("$map(['1', '2'], $parse)", [1, 2]),
        ("$random(42)", 0.7275636800328681),
        ("$now()", "2017-07-14T02:40:00.000Z"),
        ("null", None),
        ("$sum", "function"),
        ("$states.input.none", "undefined"),
        ("$pad('x', 1e9)", "D2014"),
        ("$contains($long, /^(a+)+$/)", "U1001"),
        ("($f := function(){$f()}; $f())", "U1001"),
        ("$number('x')", "D3030"),
        ("$hash('a', 'md5')", "D3137"),
        ("$encodeUrl('a b/é')", "a%20b/%C3%A9"),
        ("$fromMillis(1.5)", "1970-01-01T00:00:00.001Z"),
        ("$parseInteger('abc', 'I')", "NaN"),
        ("$replace('x٣é', /[^\\w]/, '-')", "x--"),
        ("$contains('a\\n', /a$/)", False),
    ],
)
def test_the_fallback_has_the_services_functions_and_limits(
    monkeypatch: pytest.MonkeyPatch, expression: str, value: Any
) -> None:
    monkeypatch.setattr(engines, "choose", lambda: "fallback")
    states = {"input": {"orders": [{"id": 1, "price": 1}, {"id": 2, "price": 5}]}}
    values = {"states": states, "limit": 2, "long": "a" * 40 + "!"}
    found = JsonataProgram(expression, parse(expression)).evaluate(values, jsonata.Still())
    assert getattr(found, "code", found) == value
