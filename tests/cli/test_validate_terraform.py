"""``asltool validate`` on modules of Terraform, as a user meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.errors import MissingExtra
from asltool.syntax.hcl import tree
from tests.syntax.cases import CASES

pytest.importorskip("tree_sitter_hcl")

MODULES = CASES / "syntax" / "terraform"
REMOTE = 'resource "aws_sfn_state_machine" "remote" {\n  definition = data.http.x.body\n}\n'
GOOD = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'


def validate(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["validate", *arguments])


def answer(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(validate(*arguments, "--format=json").stdout)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(MODULES, tmp_path / "infra", ignore=shutil.ignore_patterns("out.txt"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_is_read_from_its_root_modules() -> None:
    found = answer("infra/modules")
    assert [(each["name"], each["file"]) for each in found["machines"]] == [
        ("blue", "infra/modules/blue.json"),
        ('module.each["one"].aws_sfn_state_machine.this[0]', "infra/modules/main.tf"),
        ('module.each["two"].aws_sfn_state_machine.this[0]', "infra/modules/main.tf"),
        ("registry", "infra/modules/main.tf"),
        ("green", "infra/modules/green.json"),
    ]
    assert found["not_read"] == []


def test_findings_are_at_the_files_to_change() -> None:
    result = validate("infra/composed")
    assert result.exit_code == 1
    assert "infra/composed/tail.json:3:30: " in result.stdout
    assert "infra/composed/locals.tf:4:60: " in result.stdout
    assert '  3 |   "Failed": {"Type": "Fail", "Eror": "Order"}\n' in result.stdout
    assert result.stdout.endswith(": 1 machine in 3 files\n")


def test_a_module_outside_of_the_folder_is_read_with_a_warning_and_not_changed() -> None:
    Path("root").mkdir()
    Path("root/main.tf").write_text('module "m" {\n  source = "../infra/tofu"\n}\n', encoding="utf-8")
    Path("infra/tofu/main.tofu").write_text(
        'resource "aws_sfn_state_machine" "m" {\n  definition = jsonencode({ StartAt = "A", States = { '
        'A = { Type = "Pass", Edn = true } } })\n}\n',
        encoding="utf-8",
    )
    before = Path("infra/tofu/main.tofu").read_bytes()
    result = validate("root", "--fix", "--write")
    assert "is outside the folder" in result.stdout
    assert "unexpected field" in result.stdout
    assert Path("infra/tofu/main.tofu").read_bytes() == before
    assert validate("infra/tofu", "--fix", "--write").exit_code == 0
    assert "End = true" in Path("infra/tofu/main.tofu").read_text("utf-8")


def test_what_is_not_read_is_a_warning_that_counts() -> None:
    Path("one").mkdir()
    Path("one/main.tf").write_text(REMOTE, encoding="utf-8")
    result = validate("one")
    assert result.exit_code == 2
    assert result.stdout.startswith("one/main.tf:2:16: warning: the definition of ")
    assert result.stdout.endswith("1 warning: no machines in 1 file, 1 not read\n")
    Path("one/good.asl.json").write_text(GOOD, encoding="utf-8")
    result = validate("one", "--ignore=definition-not-read")
    assert result.exit_code == 0
    assert result.stdout.endswith("1 warning: 1 machine in 2 files, 1 not read\n")
    assert answer("one")["not_read"] == [
        {
            "file": "one/main.tf",
            "place": {"line": 2, "column": 16, "length": 16},
            "reason": 'the definition of "remote" is not read: it is "data.http.x.body", which is known only '
            "when Terraform runs",
        }
    ]


def test_without_a_parser_the_pip_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise MissingExtra("reading Terraform", "terraform")

    monkeypatch.setattr(tree, "_parser", missing)
    result = validate("infra/tofu/main.tf")
    assert result.exit_code == 2
    assert 'reading Terraform needs  pip install "asltool[terraform]" [definition-not-read]' in result.stdout


def test_text_of_other_files_is_not_shown() -> None:
    Path("secret.txt").write_text("hunter2", encoding="utf-8")
    Path("infra/main.tf").write_text(
        'resource "aws_sfn_state_machine" "m" {\n  definition = trimspace(file("../secret.txt"))\n}\n',
        encoding="utf-8",
    )
    result = validate("infra/main.tf")
    assert result.exit_code == 2
    assert "hunter2" not in result.output
