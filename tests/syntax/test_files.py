"""Which files folders and globs stand for, and what they hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from asltool.errors import DefinitionError
from asltool.syntax.sources.files import File, find, open_all

DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
TEMPLATE = """\
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties: {Type: EXPRESS, DefinitionUri: sm/m.asl.json}
  N:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: sm/gone.asl.json}
"""
TREE = {
    ".gitignore": "build/\n*.tmp.asl.json\n!kept.tmp.asl.json\n/only.asl.json\n",
    ".git/info/exclude": "secret.asl.json\n",
    ".git/x.asl.json": DEFINITION,
    "a.asl.json": DEFINITION,
    "b.asl.yaml": "StartAt: A\n",
    "c.asl.yml": "StartAt: A\n",
    "d.json": DEFINITION,
    "e.tmp.asl.json": DEFINITION,
    "kept.tmp.asl.json": DEFINITION,
    "only.asl.json": DEFINITION,
    "secret.asl.json": DEFINITION,
    "main.tf": 'resource "aws_sfn_state_machine" "m" {}',
    "other.tf": "",
    "other.yaml": "Resources: {}\n",
    "serverless.yml": "stepFunctions: {}\n",
    "template.yaml": TEMPLATE,
    "cdk.template.json": '{"Resources": {"A": {"Type": "AWS::StepFunctions::StateMachine"}}}',
    "sm/m.asl.json": DEFINITION,
    "sm/only.asl.json": DEFINITION,
    "sm/.gitignore": "no*\n",
    "sm/no.asl.json": DEFINITION,
    "build/x.asl.json": DEFINITION,
    "build/.gitignore": "y.asl.json\n",
    "build/y.asl.json": DEFINITION,
}
HERE = ["a.asl.json", "b.asl.yaml", "c.asl.yml", "cdk.template.json", "kept.tmp.asl.json", "main.tf"]
HERE += ["serverless.yml", "sm/m.asl.json", "sm/only.asl.json", "template.yaml"]


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in TREE.items():
        path = tmp_path / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "repository")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["."], HERE),
        (["sm"], ["sm/m.asl.json", "sm/only.asl.json"]),
        (["sm", "./a.asl.json"], ["sm/m.asl.json", "sm/only.asl.json", "./a.asl.json"]),
        (["build"], ["build/x.asl.json"]),
        (["e.tmp.asl.json", "-"], ["e.tmp.asl.json", "-"]),
        (["*.json"], ["a.asl.json", "cdk.template.json", "d.json", "kept.tmp.asl.json"]),
        (["**/m.*"], ["sm/m.asl.json"]),
        (["build/*"], []),
        (["s?/o*", "*.tf"], ["sm/only.asl.json", "main.tf", "other.tf"]),
    ],
)
def test_find(arguments: list[str], files: list[str]) -> None:
    assert find(arguments) == files


def test_find_from_elsewhere(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert find(["repository"]) == [f"repository/{name}" for name in HERE]
    monkeypatch.chdir(tree / "repository" / "sm")
    assert find([".."]) == [f"../{name}" for name in HERE]
    assert find(["../*.asl.y*ml"]) == ["../b.asl.yaml", "../c.asl.yml"]


def test_links_are_not_followed(tree: Path) -> None:
    (tree / "repository" / "link").symlink_to(tree)
    (tree / "repository" / "link.asl.json").symlink_to(tree / "repository" / "d.json")
    assert find(["."]) == sorted([*HERE, "link.asl.json"])


@pytest.mark.parametrize("argument", ["gone.asl.json", "gone/*.json"])
def test_nothing_to_find(argument: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        find(["a.asl.json", argument])
    assert str(caught.value) == f"{argument} does not exist"


def types(files: list[File]) -> list[tuple[str, list[str | None]]]:
    return [(file.path, [document.machine_type for document in file.documents]) for file in files]


def test_a_definition_has_the_type_that_a_template_gives_it() -> None:
    template: tuple[str, list[str | None]] = ("template.yaml", [])
    machine: tuple[str, list[str | None]] = ("sm/m.asl.json", ["EXPRESS"])
    assert types(open_all(["template.yaml", "sm/m.asl.json"])) == [template, machine]
    assert types(open_all(["sm/m.asl.json", "template.yaml"])) == [machine, template]
    assert types(open_all(["template.yaml", "./template.yaml"])) == [template, machine]


def test_a_file_that_is_not_there() -> None:
    [template, _] = open_all(["template.yaml"])
    assert template.elsewhere == ("sm/m.asl.json",)
    assert [str(problem) for problem in template.problems] == [
        'template.yaml:7:33: warning: there is no file "sm/gone.asl.json" [definition-file-missing]'
    ]


def test_a_file_that_cannot_be_read(tree: Path) -> None:
    (tree / "x.asl.json").write_bytes(b'{"Comment": "\xe9"}')
    with pytest.raises(DefinitionError) as caught:
        open_all([str(tree / "x.asl.json")])
    assert str(caught.value) == f"{tree / 'x.asl.json'} is not UTF-8: byte 13 cannot be read"
