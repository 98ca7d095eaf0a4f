"""Every rule keeps what its page promises, and has a pair of cases."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

import asltool.rules
from asltool.rules import RULES, Rule, load_rule, validate
from asltool.rules.analysis.per_definition import machines_of
from asltool.rules.analysis.scope import outermost
from asltool.syntax.build import build
from asltool.syntax.document import Document
from asltool.syntax.reader import read
from tests.syntax.cases import pairs, said

PAGE = re.compile(
    r"(?P<name>[a-z-]+): (?P<summary>[^\n]+)\.\n\nWhy: .+?\n\n"
    r"Wrong::\n\n(?P<wrong>.+?)\n\nRight::\n\n(?P<right>.+?)\n\nThe service says: (?P<service>.+)\n",
    re.DOTALL,
)

PACKAGE = Path(asltool.rules.__file__).parent
BESIDE_RULES = ("__init__", "catalogue", "rule", "sources")

WARNED_OF_BY_THE_SERVICE = ("NO_DOLLAR", "NO_PATH", "PASS_RESULT_IS_STATIC")


def page(rule: Rule) -> re.Match[str]:
    match = PAGE.fullmatch(rule.page)
    assert match, f"the page of {rule.name} lacks a part"
    return match


def example(rule: Rule, part: str) -> Document:
    document = read(textwrap.dedent(page(rule)[part]), part)
    return replace(document, machine_type="EXPRESS" if rule.name.startswith("express-") else None)


@pytest.mark.parametrize("rule", list(map(load_rule, RULES)), ids=lambda rule: str(rule.name))
def test_wrong_is_reported_and_right_is_not(rule: Rule) -> None:
    assert [(each.code, each.severity) for each in validate(example(rule, "wrong"))] == [
        (rule.name, rule.severity)
    ]
    assert validate(example(rule, "right")) == []


@pytest.mark.parametrize("rule", list(map(load_rule, RULES)), ids=lambda rule: str(rule.name))
def test_the_page_and_the_rule_say_the_same(rule: Rule) -> None:
    assert page(rule)["name"] == rule.name
    service = page(rule)["service"]
    assert service.startswith(f"{rule.aws_code}, ") if rule.aws_code else service == "nothing."
    assert rule.severity != "error" or rule.aws_code is not None
    assert rule.severity == "error" or rule.aws_code in {None, *WARNED_OF_BY_THE_SERVICE}


def test_every_file_is_a_rule_with_its_name_and_a_case() -> None:
    assert [load_rule(name).name for name in RULES] == list(RULES)
    assert {name.replace("-", "_") for name in RULES} == {
        path.stem for path in PACKAGE.glob("*.py") if path.stem not in BESIDE_RULES
    }
    assert {path.name for path in pairs("rules")} == {f"{name.replace('-', '_')}.asl.json" for name in RULES}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_about_expressions_reports_what_was_found_when_they_were_read(name: str) -> None:
    document = example(load_rule(name), "wrong")
    machine = build(document)
    assert machine is not None
    found = any(scope.problems(name) for scope in machines_of(outermost(document, machine)))
    assert found == (RULES[name] == "expressions")


@pytest.mark.parametrize("path", pairs("rules"), ids=lambda path: str(path.name))
def test_case(path: Path) -> None:
    found, wanted = said(path)
    assert found == wanted
    assert any(f"[{path.name.removesuffix('.asl.json').replace('_', '-')}]" in line for line in found)
