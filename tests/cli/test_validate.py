"""``asltool validate`` as a user meets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.rules import RULES
from asltool.syntax.wording import quoted
from tests.rules.codes import structure_codes
from tests.syntax.cases import CASES

MANUAL = Path(__file__).parents[2] / "docs" / "validate.md"
GOOD = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
BAD = '{\n  "StartAt": "A",\n  "States": {"B": {"Type": "Succeed"}}\n}\n'
DOUBTFUL = CASES / "rules" / "terminal_unreachable.asl.json"


def validate(*arguments: str | Path, stdin: str | bytes = "", color: bool = False) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)], input=stdin, color=color)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("good.asl.json").write_text(GOOD, encoding="utf-8")
    Path("bad.asl.json").write_text(BAD, encoding="utf-8")
    return tmp_path


def test_nothing_found(folder: Path) -> None:
    result = validate("good.asl.json", "good.asl.json")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "no problems in 2 files\n", "")


def test_problems(folder: Path) -> None:
    result = validate("good.asl.json", "bad.asl.json")
    assert result.stdout == (
        'bad.asl.json:2:14: state "A" does not exist. expected "B" [start-at-not-found]\n'
        '  2 |   "StartAt": "A",\n'
        "    |              ^~~\n"
        "1 problem in 2 files\n"
    )
    assert (result.exit_code, result.stderr) == (1, "")


def test_warnings_are_no_failure(folder: Path) -> None:
    result = validate(DOUBTFUL)
    assert result.exit_code == 0
    assert result.stdout.count(": warning: ") == 2
    assert result.stdout.endswith("\n2 warnings in 1 file\n")


def test_problems_and_warnings(folder: Path) -> None:
    result = validate("bad.asl.json", DOUBTFUL)
    assert result.exit_code == 1
    assert result.stdout.endswith("\n1 problem and 2 warnings in 2 files\n")


def test_standard_input(folder: Path) -> None:
    result = validate("-", stdin=BAD)
    assert result.exit_code == 1
    assert result.stdout.startswith('<stdin>:2:14: state "A" does not exist.')


def test_text_that_is_no_json_is_a_problem_and_no_misuse(folder: Path) -> None:
    result = validate("-", stdin="hello")
    assert result.exit_code == 1
    assert 'this is not JSON. expected "{", not "hello" [json-syntax-error]' in result.stdout


def test_colour_where_somebody_looks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = validate("bad.asl.json").stdout
    coloured = validate("bad.asl.json", color=True).stdout
    assert "\x1b[31m" in coloured
    assert "\x1b[33m" in validate(DOUBTFUL, color=True).stdout
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert validate("bad.asl.json", color=True).stdout == plain


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.json", None, "File 'missing.json' does not exist"),
        (".", None, "File '.' is a directory"),
        ("latin.json", b'{"Comment": "\xe9"}', "latin.json is not UTF-8: byte 13 cannot be read"),
        ("a.yaml", b"StartAt: A\n", "a.yaml: YAML is not read yet. expected a definition in JSON"),
        ("--strict", None, "No such option"),
    ],
)
def test_wrong_usage(folder: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    result = validate("bad.asl.json", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_no_files_at_all() -> None:
    result = validate()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Missing argument 'FILES...'" in result.stderr


def test_the_manual_names_every_rule_and_every_code() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \|", manual, re.MULTILINE)
    assert sorted(listed) == sorted({*structure_codes(), *(rule.name for rule in RULES)})
    for rule in RULES:
        summary = rule.page.partition("\n")[0].partition(": ")[2].rstrip(".").replace("``", "`")
        assert f"| `{rule.name}` | {summary}" in manual


def test_the_manuals_example_is_what_happens(folder: Path) -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    definition, output = re.findall(r"```(?:json|console)\n(.+?)```", manual, re.DOTALL)[:2]
    Path("order.asl.json").write_text(definition, encoding="utf-8")
    command, _, printed = output.partition("\n")
    assert command == "$ asltool validate order.asl.json"
    assert validate("order.asl.json").stdout == printed


def test_names_that_would_act_on_a_terminal_are_written_as_in_json(folder: Path) -> None:
    assert quoted("\x1b[31m\n") == '"\\u001b[31m\\n"'
    result = validate("-", stdin='{"StartAt": "\\u001b[31m", "States": {"A": {"Type": "Succeed"}}}')
    assert "\x1b" not in result.stdout
