"""``asltool validate`` as a user meets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.rules import RULES
from asltool.rules.catalogue import CATALOGUE
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
    Path("second.asl.yaml").write_text("StartAt: A\nStates: {A: {Type: Succeed}}\n", encoding="utf-8")
    result = validate("good.asl.json", "second.asl.yaml", "./good.asl.json")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "no problems: 2 machines in 2 files\n", "")


def test_strict(folder: Path) -> None:
    result = validate(DOUBTFUL, "--strict")
    assert result.exit_code == 1
    assert result.stdout.endswith("\n2 problems: 1 machine in 1 file\n")
    result = validate(CASES / "rules" / "deprecated_field.asl.json", "--strict")
    assert result.exit_code == 0
    assert ": info: " in result.stdout


def test_problems(folder: Path) -> None:
    result = validate("good.asl.json", "bad.asl.json")
    assert result.stdout == (
        'bad.asl.json:2:14: state "A" does not exist. expected "B" [start-at-not-found]\n'
        '  2 |   "StartAt": "A",\n'
        "    |              ^~~\n"
        "1 problem: 2 machines in 2 files\n"
    )
    assert (result.exit_code, result.stderr) == (1, "")


def test_warnings_are_no_failure(folder: Path) -> None:
    result = validate(DOUBTFUL)
    assert result.exit_code == 0
    assert result.stdout.count(": warning: ") == 2
    assert result.stdout.endswith("\n2 warnings: 1 machine in 1 file\n")


def test_problems_and_warnings(folder: Path) -> None:
    result = validate("bad.asl.json", DOUBTFUL)
    assert result.exit_code == 1
    assert result.stdout.endswith("\n1 problem and 2 warnings: 2 machines in 2 files\n")


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
    ("name", "message"),
    [
        ("--strange", "No such option"),
        ("--format=xml", "'xml' is not one of 'text', 'json', 'sarif', 'github', 'junit'"),
        ("--select=next-not-fund", 'unknown rule "next-not-fund". did you mean "next-not-found"?'),
        ("--ignore=unreachable-state,x", 'unknown rule "x". expected one of '),
        ("--write", "--write needs --fix, and files to write to"),
    ],
)
def test_wrong_usage(folder: Path, name: str, message: str) -> None:
    result = validate("bad.asl.json", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_file_that_cannot_be_read_does_not_hide_the_others(folder: Path) -> None:
    Path("latin.json").write_bytes(b'{"Comment": "\xe9"}')
    result = validate("gone.json", "bad.asl.json", "latin.json", "--ignore=file-unreadable")
    assert (result.exit_code, result.stderr) == (2, "")
    assert result.stdout.startswith(
        "gone.json:1:1: the file does not exist [file-unreadable]\nbad.asl.json:2:14: "
    )
    assert result.stdout.endswith(
        "latin.json:1:1: the file is not UTF-8: byte 13 cannot be read [file-unreadable]\n"
        "3 problems: 1 machine in 3 files\n"
    )
    result = validate("gone.json", "good.asl.json", "--fix")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "gone.json:1:1: the file does not exist [file-unreadable]\n"


def test_a_folder_without_state_machines(folder: Path) -> None:
    Path("empty").mkdir()
    result = validate("empty", "good.asl.json")
    assert result.exit_code == 2
    assert result.stdout.startswith("empty:1:1: no state machine found. looked for *.asl.json, ")


def test_no_files_at_all() -> None:
    result = validate()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Missing argument 'FILES...'" in result.stderr


def test_a_folder(folder: Path) -> None:
    assert validate(".").stdout.endswith("\n1 problem: 2 machines in 2 files\n")


def test_a_file_without_a_state_machine(folder: Path) -> None:
    Path("template.yaml").write_text("Resources: {}\n", encoding="utf-8")
    result = validate("template.yaml")
    assert (result.exit_code, result.stdout) == (0, "no problems: no machines in 1 file\n")
    assert result.stderr == "template.yaml has no state machine\n"


def test_a_definition_that_a_template_refers_to(folder: Path) -> None:
    resource = "Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: bad.asl.json}"
    Path("template.yaml").write_text(f"Resources: {{M: {{{resource}}}}}\n", encoding="utf-8")
    result = validate("template.yaml")
    assert result.stdout.startswith("bad.asl.json:2:14: ")
    assert result.stdout.endswith("\n1 problem: 1 machine in 2 files\n")


def test_select_and_ignore(folder: Path) -> None:
    Path("two.asl.json").write_text(BAD.replace('"Succeed"', '"Succeed", "x": 1'), encoding="utf-8")

    def codes(*options: str) -> list[str]:
        return re.findall(r"\[([a-z-]+)\]$", validate("two.asl.json", *options).stdout, re.MULTILINE)

    assert codes() == ["start-at-not-found", "unknown-field"]
    assert codes("--select=unknown-field") == ["unknown-field"]
    assert codes("--ignore", "unknown-field") == ["start-at-not-found"]
    assert codes("--ignore=unknown-field,start-at-not-found") == []
    assert codes("--select=unknown-field", "--select=start-at-not-found", "--ignore=unknown-field") == [
        "start-at-not-found"
    ]


def test_what_cannot_be_read_is_always_told(folder: Path) -> None:
    result = validate("-", "--ignore=json-syntax-error", stdin="{]")
    assert result.exit_code == 1
    assert "[json-syntax-error]" in result.stdout


FIXED = BAD.replace('"A"', '"Begin"').replace('"B"', '"Begim"')


def test_fix_shows_a_diff(folder: Path) -> None:
    Path("fix.asl.json").write_text(FIXED.rstrip("\n"), encoding="utf-8")
    result = validate("good.asl.json", "fix.asl.json", "--fix")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- fix.asl.json\n"
        "+++ fix.asl.json\n"
        "@@ -1,4 +1,4 @@\n"
        " {\n"
        '-  "StartAt": "Begin",\n'
        '+  "StartAt": "Begim",\n'
        '   "States": {"Begim": {"Type": "Succeed"}}\n'
        " }\n"
        "\\ No newline at end of file\n"
    )
    assert Path("fix.asl.json").read_text(encoding="utf-8") == FIXED.rstrip("\n")


def test_fix_and_write(folder: Path) -> None:
    Path("fix.asl.json").write_bytes(FIXED.replace("\n", "\r\n").encode())
    result = validate("bad.asl.json", "fix.asl.json", "--fix", "--write", "--format=github")
    assert result.exit_code == 1
    assert result.stdout.count("\n") == 1
    assert result.stderr == "fix.asl.json: 1 fix made\n"
    assert Path("fix.asl.json").read_bytes() == FIXED.replace("Begin", "Begim").replace("\n", "\r\n").encode()
    assert Path("bad.asl.json").read_text(encoding="utf-8") == BAD
    assert validate("fix.asl.json", "--fix").stdout == ""


def test_fix_and_write_keep_to_what_was_named(folder: Path) -> None:
    Path("fix.asl.json").write_text(FIXED, encoding="utf-8")
    Path("in").mkdir()
    resource = "Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: ../fix.asl.json}"
    Path("in/template.yaml").write_text(f"Resources: {{M: {{{resource}}}}}\n", encoding="utf-8")
    result = validate("in", "--fix", "--write")
    assert result.stderr == "fix.asl.json: 1 fix not made: not one of the named files\n"
    assert "[definition-file-outside]" in result.stdout
    assert validate("in", "--fix").stdout == ""
    assert Path("fix.asl.json").read_text(encoding="utf-8") == FIXED
    assert validate(".", "--fix", "--write").stderr == "fix.asl.json: 1 fix made\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fix", "--write", "-"], "--write needs --fix, and files to write to"),
        (["--fix", "--format=json", "."], "--fix prints a diff: to use --format, add --write"),
    ],
)
def test_options_that_do_not_go_together(folder: Path, options: list[str], message: str) -> None:
    result = validate(*options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_the_manual_names_every_rule_and_every_code() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|$", manual, re.MULTILINE)
    assert sorted(name for name, _ in listed) == sorted(CATALOGUE)
    assert set(CATALOGUE) == structure_codes() | set(RULES)
    for name, said in listed:
        assert said.startswith(CATALOGUE[name].summary)


def test_the_manuals_settings_can_be_used(folder: Path) -> None:
    [settings] = re.findall(r"```toml\n(.+?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    Path(".asltool.toml").write_text(settings, encoding="utf-8")
    assert validate("good.asl.json").exit_code == 0


def test_names_that_would_act_on_a_terminal_are_written_as_in_json(folder: Path) -> None:
    assert quoted("\x1b[31m\n") == '"\\u001b[31m\\n"'
    result = validate("-", stdin='{"StartAt": "\\u001b[31m", "States": {"A": {"Type": "Succeed"}}}')
    assert "\x1b" not in result.stdout
