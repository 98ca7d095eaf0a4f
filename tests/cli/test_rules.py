"""``asltool rules`` and ``asltool schema``, and the hook for pre-commit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.rules import RULES, load_rule
from asltool.rules.catalogue import CATALOGUE
from asltool.syntax.schema import table

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_the_list() -> None:
    result = run("rules")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    assert [line.split(maxsplit=1)[1] for line in lines] == [entry.summary for entry in CATALOGUE.values()]


def test_the_page_of_a_rule() -> None:
    for rule in map(load_rule, RULES):
        page = run("rules", rule.name).stdout
        assert page.startswith(f"{rule.page.strip()}\n\nTo ignore it in one place: ")
        assert f'"asltool: ignore[{rule.name}]"' in page


def test_the_page_of_a_code() -> None:
    page = run("rules", "states-missing").stdout
    assert page.startswith("states-missing: a machine without `States`.\n\nTo ignore it in one place: ")
    assert run("rules", "definition-empty").stdout == "definition-empty: the text is empty.\n"


def test_no_such_rule() -> None:
    result = run("rules", "state-missing")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'unknown rule "state-missing". did you mean "states-missing"?' in result.stderr


def test_the_schema() -> None:
    assert json.loads(run("schema").stdout) == table()


def test_the_hook() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["entry"] == "asltool validate"
    files = ["a.asl.json", "b/c.asl.yaml", "d.asl.yml", "e.json", "template.yaml"]
    assert [name for name in files if re.search(hook["files"], name)] == files[:3]
