"""``asltool eval`` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main


def invoke(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["eval", *args], input=stdin)


@pytest.mark.parametrize(
    ("args", "value"),
    [
        (["--jsonpath", "$.a[1:]", "--input", '{"a": [1, 2, 3]}'], [2, 3]),
        (["--jsonpath", "$$.Execution.Input.a", "--input", '{"a": 1}'], 1),
        (["--jsonata", "$states.input.a + 1", "--input", '{"a": 1}'], 2),
        (["--jsonata", "{% $states.context.State.Name %}"], "Eval"),
        (["--intrinsic", "States.Format('{} of {}', $.a, 2)", "--input", '{"a": 1}'], "1 of 2"),
        (["--intrinsic", "States.ArrayRange(1, 9, 4)"], [1, 5, 9]),
    ],
)
def test_a_value(args: list[str], value: object) -> None:
    result = invoke(*args)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == value


def test_input_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text('{"a": "ö"}', encoding="utf-8")
    assert invoke("--jsonpath", "$.a", "--input", f"@{tmp_path / 'input.json'}").stdout == '"ö"\n'
    assert invoke("--jsonpath", "$.a", "--input", "-", stdin='{"a": 2}').stdout == "2\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["--jsonpath", "$.b.c"],
            "States.Runtime: Invalid path '$.b.c' : Missing property in path $['b']\n",
        ),
        (
            ["--jsonata", "$nothing"],
            "States.QueryEvaluationError: The JSONata expression '$nothing' returned nothing (undefined).\n",
        ),
        (
            ["--intrinsic", "States.Nope()"],
            'there is no intrinsic function "States.Nope"\n  States.Nope()\n  ^\n',
        ),
        (["--jsonata", "$x +"], "the expression ends too early\n  $x +\n      ^\n"),
    ],
)
def test_no_value(args: list[str], message: str) -> None:
    result = invoke(*args)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)


LENGTH = """\
note: "length()" is read as a name: paths have no functions. use "States.ArrayLength"
  $.a.length()
      ^~~~~~~~
States.Runtime: Invalid path '$.a.length()' : Property ['length()'] not found in path $['a']
"""
IN = """\
Space not allowed in path. there is no "in". write @.x == 'a' || @.x == 'b'
  $.a[?(@.n in [1])]
           ^
"""
STRING = """\
note: "@.n" is a string, "9": ">" compares strings character by character
  $.a[?(@.n > 10)].n
        ^~~~~~~~
"""
VARIANTS = """\
note: "@.n" is a string, "9": ">" compares strings character by character
  $$.Execution.Input.a[?(@.n > '10')].n
                         ^~~~~~~~~~
"""
INDEX = """\
note: "[-1]" gives null: indexes do not count from the end. use "[(@.length-1)]" or "States.ArrayGetItem"
  States.Array($.a[-1])
                  ^~~~
"""


@pytest.mark.parametrize(
    ("args", "stderr", "stdout"),
    [
        (["--jsonpath", "$.a.length()"], LENGTH, ""),
        (["--jsonpath", "$.a[?(@.n in [1])]"], IN, ""),
        (["--jsonpath", "$.a[?(@.n > 10)].n"], STRING, '[\n  "9",\n  12\n]\n'),
        (["--jsonpath", "$$.Execution.Input.a[?(@.n > '10')].n"], VARIANTS, '[\n  "9",\n  12\n]\n'),
        (["--jsonpath", "$.a[?(@.m > 10)].n"], "", "[]\n"),
        (["--intrinsic", "States.Array($.a[-1])"], INDEX, "[\n  null\n]\n"),
    ],
    ids=lambda value: value[1] if isinstance(value, list) else "",
)
def test_what_the_service_does_otherwise_is_explained(args: list[str], stderr: str, stdout: str) -> None:
    result = invoke(*args, "--input", '{"a": [{"n": "9"}, {"n": 12}]}')
    assert (result.stdout, result.stderr) == (stdout, stderr)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "give one of --jsonpath, --jsonata and --intrinsic"),
        (["--jsonpath", "$", "--jsonata", "1"], "give one of --jsonpath, --jsonata and --intrinsic"),
        (["--jsonpath", "$", "--input", "{"], "--input is not JSON"),
        (["--jsonpath", "$", "--input", "@nowhere.json"], '"nowhere.json" does not exist'),
    ],
)
def test_wrong_usage(args: list[str], message: str) -> None:
    result = invoke(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
