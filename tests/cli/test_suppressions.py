"""``asltool: ignore[...]`` and ``--baseline``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

JSON = """\
{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Reslt": 1, "Comment": "old. asltool: ignore[unknown-field]", "Next": "B"},
    "B": {"Type": "Pass", "Reslt": 1, "Comment": "asltool: ignore[next-not-found, nope]", "End": true}
  }
}
"""
YAML = """\
StartAt: A
States:
  A:
    Type: Pass
    Reslt: 1  # asltool: ignore[unknown-field]
    # asltool: ignore[unknown-field]

    # and for no reason
    Edn: true
    Comment: "see https://example.com asltool: ignore[wrong-type]"
"""


def validate(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["validate", *arguments])


def said(result: Result) -> list[str]:
    return re.findall(r"^\S+:\d+:\d+: .*$", result.stdout, re.MULTILINE)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.asl.json").write_text(JSON, encoding="utf-8")
    Path("b.asl.yaml").write_text(YAML, encoding="utf-8")


def test_a_comment_ignores_what_is_found_in_its_object() -> None:
    found = said(validate("a.asl.json"))
    assert [each.rpartition(" ")[2] for each in found] == [
        "[unknown-field]",
        "[suppression-unused]",
        "[suppression-unused]",
    ]
    assert found[0].startswith("a.asl.json:5:27: ")
    assert found[1].startswith(
        'a.asl.json:5:50: warning: unused suppression: "next-not-found" finds nothing here'
    )
    assert found[2].startswith('a.asl.json:5:50: warning: unknown rule "nope". expected one of ')


def test_a_comment_of_the_machine_ignores_all_in_it() -> None:
    whole = JSON.replace('  "StartAt"', '  "Comment": "asltool: ignore[unknown-field]",\n  "StartAt"', 1)
    Path("a.asl.json").write_text(whole, encoding="utf-8")
    assert "[unknown-field]" not in validate("a.asl.json").stdout


def test_comments_of_yaml_ignore_on_their_line_or_on_the_next() -> None:
    found = said(validate("b.asl.yaml"))
    assert [re.sub(r": .*\[", " [", each) for each in found] == ["b.asl.yaml:10:14 [suppression-unused]"]


def test_unused_suppressions_of_rules_that_are_not_asked_for_are_no_finding() -> None:
    assert said(validate("a.asl.json", "--select=unknown-field")) == [
        'a.asl.json:5:27: unexpected field "Reslt" in Pass state "B". did you mean "Result"? [unknown-field]'
    ]
    assert said(validate("a.asl.json", "--ignore=unknown-field,suppression-unused")) == []


def test_what_is_ignored_is_not_fixed() -> None:
    validate("a.asl.json", "--fix", "--write")
    text = Path("a.asl.json").read_text("utf-8")
    assert text.count('"Reslt"') == 1
    assert text.count('"Result"') == 1


def test_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tree_sitter_hcl")
    Path("main.tf").write_text(
        'resource "aws_sfn_state_machine" "m" {\n'
        "  definition = data.http.x.body // asltool: ignore[definition-not-read]\n}\n",
        encoding="utf-8",
    )
    result = validate("main.tf", "a.asl.json", "--select=definition-not-read")
    assert result.stdout == "no problems: 1 machine in 2 files, 1 not read\n"


def test_a_baseline_is_recorded_and_only_new_findings_are_reported() -> None:
    result = validate("a.asl.json", "--baseline", "baseline.json")
    assert result.exit_code == 0
    assert result.stderr == "baseline.json: 3 findings recorded\n"
    assert result.stdout == "no problems: 1 machine in 1 file\n"
    recorded = json.loads(Path("baseline.json").read_text("utf-8"))
    assert [each["rule"] for each in recorded["findings"]] == [
        "suppression-unused",
        "suppression-unused",
        "unknown-field",
    ]
    moved = "\n\n" + JSON.replace('"End": true', '"Nxt": 1, "End": true').replace(
        '"Next": "B"', '"Next": "C"'
    )
    Path("a.asl.json").write_text(moved, encoding="utf-8")
    result = validate("a.asl.json", "--baseline", "baseline.json")
    assert result.exit_code == 1
    assert sorted(each.rpartition(" ")[2] for each in said(result)) == [
        "[next-not-found]",
        "[unknown-field]",
        "[unreachable-state]",
    ]


def test_a_file_that_is_no_baseline() -> None:
    for text in ("{}", "[]", "nonsense", '{"version": 2, "findings": []}'):
        Path("baseline.json").write_text(text, encoding="utf-8")
        result = validate("a.asl.json", "--baseline", "baseline.json")
        assert result.exit_code == 2
        assert "baseline.json is not a baseline. delete it to record a new one" in result.stderr
