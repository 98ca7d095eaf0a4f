"""Hostile expressions: each ends in our error, and the program goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from asltool.expr.jsonata import QueryEvaluationError, compile_jsonata, sandbox
from asltool.expr.jsonata.job import LIMITS, TOO_DEEP, TOO_LARGE, TOO_SLOW, EvaluationFailure
from asltool.expr.jsonata.program import JsonataProgram, compile_program
from asltool.expr.jsonata.syntax import parse
from asltool.expr.jsonata.tokens import LONGEST, JsonataSyntaxProblem
from tests.expr.world import World

SHORT, PATIENT = LIMITS._replace(time_ms=50), LIMITS._replace(time_ms=120_000)
"""So little processor time, or so much, that how fast the machine is decides nothing."""

HOSTILE = {
    "endless tail recursion": ("($f := function($x){$f($x + 1)}; $f(1))", TOO_SLOW),
    "endless recursion": ("($f := function($x){1 + $f($x)}; $f(1))", TOO_DEEP),
    "endless mutual recursion": ("($f := function(){$g()}; $g := function(){$f()}; $f())", TOO_SLOW),
    "recursion without a name": ("(function($f){$f($f)})(function($f){$f($f)})", TOO_SLOW),
    "deep recursion": ("($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(32))", TOO_DEEP),
    "many steps": ("$map([1..3000], function($a){$map([1..3000], function($b){$a * $b})})", TOO_SLOW),
    "doubling a string": ("$length($reduce([1..60], function($a, $b){$a & $a}, 'x'))", TOO_LARGE),
    "doubling an array": ("$count($reduce([1..60], function($a, $b){[$a, $a]}, [1]))", TOO_LARGE),
    "a wide pad": ("$pad('x', 1e9)", TOO_LARGE),
    "a pad to the left": ("$pad('x', -1e12)", TOO_LARGE),
    "a string of 2^23 characters": ("$length($pad('x', 8388608))", TOO_LARGE),
    "such a string in doubling": (
        "($p := function($s, $n) { $n = 0 ? $s : $p($s & $s, $n - 1) }; $length($p('x', 23)))",
        TOO_LARGE,
    ),
    "a large result": ("$pad('x', 8500000)", TOO_LARGE),
    "a long range": ("$count([1..873783])", TOO_LARGE),
    "replacing all by much": ("$replace($pad('', 1e5, 'x'), 'x', $pad('', 1e5, 'y'))", TOO_LARGE),
    "brackets": ("(" * 10_000 + "1" + ")" * 10_000, TOO_DEEP),
    "signs": ("1" + "+1" * 200_000, TOO_DEEP),
}


def test_an_expression_longer_than_a_definition_is_not_read() -> None:
    longest = "[" + "1," * (LONGEST // 2 - 1) + "1"
    with pytest.raises(JsonataSyntaxProblem, match="is missing at the end"):
        parse(longest)
    with pytest.raises(JsonataSyntaxProblem) as refused:
        parse(longest + ",")
    assert refused.value.message == (
        "the expression has more than 1,048,576 characters, and so has its definition"
    )


@pytest.mark.parametrize(("expression", "failure"), HOSTILE.values(), ids=HOSTILE)
def test_hostile(expression: str, failure: EvaluationFailure) -> None:
    program = compile_program(expression)
    limits = SHORT if failure is TOO_SLOW else PATIENT
    found = program if isinstance(program, EvaluationFailure) else program.evaluate({}, World(), None, limits)
    assert found == failure


def test_the_limits_let_through_what_the_service_evaluates() -> None:
    factorial = "($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(31))"
    for expression, value in [
        (factorial, 31),
        ("$count([1..873782])", 873_782),
        ("$length($pad('x', 4194304))", 2**22),
    ]:
        assert compile_jsonata(expression)(None, World()) == value


def test_a_limit_is_an_evaluation_error_with_the_services_sentence() -> None:
    with pytest.raises(QueryEvaluationError) as caught:
        compile_jsonata("$pad('x', 1e9)", "Output/text")(None, World())
    assert caught.value.cause == (
        "The JSONata expression '$pad('x', 1e9)' specified for the field 'Output/text' threw an error during "
        "evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage"
    )


def test_the_operating_system_ends_what_the_engine_does_not() -> None:
    """Within one built-in function an engine looks at no clock."""
    slow = compile_program("$count($distinct([1..800000]))")
    assert isinstance(slow, JsonataProgram)
    assert slow.evaluate({}, World(), None, SHORT) == TOO_SLOW


@pytest.mark.parametrize(
    "expression", ["$match($text, /a/)", "$match($states.input.text, /[a-z]/) ~> $count"]
)
def test_data_without_limits_cannot_take_the_program_along(expression: str) -> None:
    text = "a" * 20_000_000
    with pytest.raises(QueryEvaluationError, match="memory limit exceeded"):
        compile_jsonata(expression)({"input": {"text": text}}, World(variables={"text": text}))


def test_data_without_limits_may_be_large() -> None:
    """What is read of the data counts, not what lies beside it; results grow with the data."""
    rows = [{"id": index, "text": "x" * 1000} for index in range(3000)]
    states = {"input": {"rows": rows, "name": "n", "other": rows * 9}}
    assert compile_jsonata("$states.input.rows[id >= 0]")(states, World()) == rows
    assert compile_jsonata("$states.input.name & '!'")(states, World()) == "n!"
    assert len(compile_jsonata("$append($states.input.rows, $states.input.rows)")(states, World())) == 6000


def test_a_regex_that_backtracks_for_ever_elsewhere() -> None:
    contains = compile_jsonata("$contains($text, /^(a+)+$/)")
    assert contains(None, World(variables={"text": "a" * 5000 + "!"})) is False


def test_the_process_goes_on_after_it_died(monkeypatch: pytest.MonkeyPatch) -> None:
    after = compile_jsonata("$reduce([1, 2], function($a, $b){$a + $b})")
    assert after(None, World()) == 3
    with pytest.raises(QueryEvaluationError, match="memory limit"):
        compile_jsonata("$pad('x', 1e9)")(None, World())
    assert after(None, World()) == 3
    sandbox.close()
    assert after(None, World()) == 3
    sandbox.close()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(QueryEvaluationError, match="the process to evaluate it in cannot be used"):
        after(None, World())


def test_the_process_takes_no_module_from_our_search_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "random", "uuid", "asltool"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    sandbox.close()
    assert compile_jsonata("$reduce([1..5], function($a, $b){$a + $b})")(None, World()) == 15


def test_a_value_that_cannot_travel_is_our_error() -> None:
    deep: Any = []
    for _ in range(3000):
        deep = [deep]
    for expression in ("$distinct($x)", "[$x, 1 + 1]"):
        with pytest.raises(QueryEvaluationError):
            compile_jsonata(expression)(None, World(variables={"x": deep}))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_program_starts_its_own_process() -> None:
    program = """
import os
from asltool.expr.jsonata import compile_jsonata
from asltool.expr.jsonata.syntax import parse
from asltool.expr.jsonata.tokens import LONGEST, JsonataSyntaxProblem
from tests.expr.world import World
evaluate = compile_jsonata("$reduce([1, 2], function($a, $b){$a + $b})")
assert evaluate(None, World()) == 3
if child := os.fork():
    assert os.waitpid(child, 0)[1] == 0
assert evaluate(None, World()) == 3
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
