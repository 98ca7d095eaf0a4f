"""What ``--format`` prints, for one file with a problem and a warning, and one without."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from asltool.cli import main
from asltool.cli.checking import Checked, CheckedMachine
from asltool.cli.formats import FORMATS, formatter
from asltool.syntax.diagnostics import Diagnostic, Edit, Span

PATH = "a folder/50%,é:\x01.asl.json"
ERROR = Diagnostic(PATH, Span(2, 3, 4), "unknown-field", 'it is "<50 %>"\r\n, no?', fix=(Edit(3, 7, "x"),))
WARNING = Diagnostic(PATH, Span(1, 1), "terminal-unreachable", "it may be wrong", "warning")
FILES = [
    Checked(
        PATH, "{\n  abcd\n}", (WARNING, ERROR), (CheckedMachine("Orders", "", PATH, 3),), (WARNING,), ("etl",)
    ),
    Checked("good.asl.json", "{}", (), (CheckedMachine("", "", "good.asl.json", 1),)),
]


def printed(form: str, files: list[Checked] | None = None) -> str:
    return formatter(form)(FILES if files is None else files)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_its_lines_and_is_the_same_on_every_run(form: str) -> None:
    assert printed(form) == printed(form)
    assert printed(form).endswith("\n")
    assert re.search(r"\n\n$", printed(form)) is None


def test_json() -> None:
    assert json.loads(printed("json")) == {
        "files": 2,
        "errors": 1,
        "warnings": 1,
        "infos": 0,
        "diagnostics": [
            {
                "path": PATH,
                "line": 1,
                "column": 1,
                "length": 1,
                "severity": "warning",
                "rule": "terminal-unreachable",
                "message": "it may be wrong",
                "fix": [],
            },
            {
                "path": PATH,
                "line": 2,
                "column": 3,
                "length": 4,
                "severity": "error",
                "rule": "unknown-field",
                "message": 'it is "<50 %>"\r\n, no?',
                "fix": [{"start": 3, "end": 7, "new": "x"}],
            },
        ],
        "machines": [
            {"name": "Orders", "address": "Orders", "file": PATH, "states": 3},
            {"name": None, "address": None, "file": "good.asl.json", "states": 1},
        ],
        "workflows": [{"name": "etl"}],
        "not_read": [
            {"file": PATH, "place": {"line": 1, "column": 1, "length": 1}, "reason": "it may be wrong"}
        ],
    }


def test_json_is_as_its_schema_says() -> None:
    schema = json.loads(CliRunner().invoke(main, ["schema", "--validate"]).stdout)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(printed("json")))
    assert set(schema["properties"]) == set(json.loads(printed("json"))) == set(schema["required"])


def test_github() -> None:
    path = "a folder/50%25%2Cé%3A\x01.asl.json"
    assert printed("github").split("\n") == [
        f"::warning file={path},line=1,col=1,endColumn=2,title=terminal-unreachable::it may be wrong",
        f'::error file={path},line=2,col=3,endColumn=7,title=unknown-field::it is "<50 %25>"%0D%0A, no?',
        "",
    ]
    assert printed("github", FILES[1:]) == ""


def test_junit() -> None:
    root = ElementTree.fromstring(printed("junit"))
    assert root.attrib == {"name": "asltool", "tests": "3", "failures": "1"}
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root] == [
        (PATH.replace("\x01", "\ufffd"), "2", "1"),
        ("good.asl.json", "1", "0"),
    ]
    warning, error, good = root.iter("testcase")
    assert (warning.get("name"), [part.tag for part in warning]) == (
        "terminal-unreachable at 1:1",
        ["system-out"],
    )
    [failure] = error
    assert (failure.get("type"), failure.get("message")) == ("unknown-field", ERROR.message)
    assert str(failure.text).endswith("  2 |   abcd\n    |   ^~~~")
    assert list(good) == []


def obliged(*names: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(names), "properties": properties}


TEXT = obliged("text", text={"type": "string"})
LEVEL = {"enum": ["none", "note", "warning", "error"]}
URI = {"type": "string", "pattern": r"^[!-~]+$"}
NUMBER = {"type": "integer", "minimum": 1}
REGION = obliged("startLine", startLine=NUMBER, startColumn=NUMBER, endLine=NUMBER, endColumn=NUMBER)
PLACE = obliged("artifactLocation", artifactLocation=obliged("uri", uri=URI), region=REGION)
RULE = obliged("id", shortDescription=TEXT, help=TEXT, defaultConfiguration=obliged("level", level=LEVEL))
DRIVER = obliged("name", name={"const": "asltool"}, rules={"type": "array", "items": RULE})
RESULT = obliged(
    "message",
    message=TEXT,
    level=LEVEL,
    locations={"items": obliged("physicalLocation", physicalLocation=PLACE)},
)
RUN = obliged(
    "tool",
    "results",
    tool=obliged("driver", driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
SARIF = obliged("version", "runs", version={"const": "2.1.0"}, runs={"type": "array", "items": RUN})
"""What SARIF 2.1.0 asks of the parts that are printed."""


@pytest.mark.parametrize("files", [FILES, FILES[1:], []])
def test_sarif_has_what_the_standard_asks_for(files: list[Checked]) -> None:
    Draft202012Validator(SARIF).validate(json.loads(printed("sarif", files)))


def test_sarif() -> None:
    [run] = json.loads(printed("sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["terminal-unreachable", "unknown-field"]
    assert "Why: " in rules[0]["help"]["text"]
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == [
        "a%20folder/50%25%2C%C3%A9%3A%01.asl.json",
        "good.asl.json",
    ]
    for result, diagnostic in zip(run["results"], (WARNING, ERROR), strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == diagnostic.code
        assert (result["level"], result["message"]["text"]) == (diagnostic.severity, diagnostic.message)
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 2,
        "endColumn": 7,
    }


def test_sarif_of_a_whole_path(tmp_path: Path) -> None:
    [run] = json.loads(printed("sarif", [Checked(str(tmp_path / "x y.json"), "", ())]))["runs"]
    assert run["artifacts"][0]["location"]["uri"] == f"{tmp_path.as_uri()}/x%20y.json"


def test_infos() -> None:
    info = Diagnostic("a", Span(1, 1), "deprecated-field", "it is old", "info")
    files = [Checked("a", "{}", (info,))]
    assert printed("text", files).endswith("\nno problems and 1 info: no machines in 1 file\n")
    assert printed("github", files).startswith("::notice file=a,")
    assert json.loads(printed("json", files))["infos"] == 1
    [result] = json.loads(printed("sarif", files))["runs"][0]["results"]
    assert result["level"] == "note"
    assert "<failure" not in printed("junit", files)
