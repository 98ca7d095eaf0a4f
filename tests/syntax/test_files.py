"""Which files folders and globs stand for, and what they hold together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from asltool.syntax.sources.files import File, open_all
from asltool.syntax.sources.named import find

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
        (["s?/o*", "*.tf"], ["sm/only.asl.json", "main.tf", "other.tf"]),
    ],
)
def test_find(arguments: list[str], files: list[str]) -> None:
    assert find(arguments).files == files


def test_find_from_elsewhere(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert find(["repository"]).files == [f"repository/{name}" for name in HERE]
    monkeypatch.chdir(tree / "repository" / "sm")
    assert find([".."]).files == [f"../{name}" for name in HERE]
    assert find(["../*.asl.y*ml"]).files == ["../b.asl.yaml", "../c.asl.yml"]


def test_links_are_not_followed(tree: Path) -> None:
    (tree / "repository" / "link").symlink_to(tree)
    (tree / "repository" / "link.asl.json").symlink_to(tree / "repository" / "d.json")
    assert find(["."]).files == sorted([*HERE, "link.asl.json"])


def said(*arguments: str) -> dict[str, list[str]]:
    """Return what is wrong with the files themselves, and with references to files."""
    return {file.path: [each.message for each in file.problems] for file in open_all(find(arguments))}


def test_nothing_to_find(tree: Path) -> None:
    (tree / "empty").mkdir()
    nothing = "the pattern matches no file that git does not ignore"
    found = said("gone.asl.json", "a.asl.json", "gone/*.json", "build/*", "../empty")
    assert found.pop("../empty")[0].startswith("no state machine found. looked for *.asl.json, ")
    assert found == {
        "gone.asl.json": ["the file does not exist"],
        "a.asl.json": [],
        "gone/*.json": ["the file does not exist"],
        "build/*": [nothing],
    }


def test_what_cannot_be_read_is_a_problem_of_its_own(tree: Path) -> None:
    Path("latin.asl.json").write_bytes(b'{"Comment": "\xe9"}')
    Path("binary.asl.json").write_bytes(DEFINITION.encode("utf-16-le"))
    Path("dangling.asl.json").symlink_to("gone.asl.json")
    Path("round.asl.json").symlink_to("round.asl.json")
    os.mkfifo("pipe.asl.json")
    link = "the file is a broken link"
    names = ("latin", "binary", "dangling", "round", "pipe", "a")
    assert said(*(f"{name}.asl.json" for name in names)) == {
        "latin.asl.json": ["the file is not UTF-8: byte 13 cannot be read"],
        "binary.asl.json": ["the file is binary"],
        "dangling.asl.json": [link],
        "round.asl.json": [link],
        "pipe.asl.json": ["the file is not a regular file"],
        "a.asl.json": [],
    }
    assert find(["."]).files == sorted([*HERE, "binary.asl.json", "latin.asl.json"])


def may_change(*arguments: str) -> dict[str, bool]:
    return {file.path: file.may_change for file in open_all(find(arguments))}


def test_what_may_be_changed(tree: Path) -> None:
    """What was named or lies below it, wherever links lead."""
    (tree / "x.asl.json").write_text(DEFINITION, encoding="utf-8")
    Path("sm/link.asl.json").symlink_to(tree / "x.asl.json")
    Path("sm/template.yaml").write_text(TEMPLATE.replace("sm/m", "../../x"), encoding="utf-8")
    below = {"sm/m.asl.json": True, "sm/only.asl.json": True, "sm/template.yaml": True}
    assert may_change("sm") == below | {"sm/link.asl.json": False, "../x.asl.json": False}
    assert may_change("sm/template.yaml") == {"sm/template.yaml": True, "../x.asl.json": False}
    assert may_change("sm/template.yaml", "..")["../x.asl.json"]
    assert may_change("sm/template.yaml", "../x.asl.json")["../x.asl.json"]
    assert may_change("sm/link.asl.json") == {"sm/link.asl.json": True}
    warning = '"../x.asl.json" is outside the folder. it is checked, but --fix does not change it'
    assert warning in said("sm/template.yaml")["sm/template.yaml"]


@pytest.mark.parametrize("text", ["password: hunter2\n", "hunter2", '{"password": "hunter2"}'])
def test_what_a_template_leads_to_and_is_no_definition_is_not_shown(tree: Path, text: str) -> None:
    for name in ("secret.txt", "secret.yaml"):
        (tree / name).write_text(text, encoding="utf-8")
        Path("sm/template.yaml").write_text(
            TEMPLATE.replace("sm/m.asl.json", f"../../{name}"), encoding="utf-8"
        )
        [_, secret] = open_all(find(["sm/template.yaml"]))
        assert (secret.text, secret.documents) == ("", ())
        assert [each.message for each in secret.problems] == [
            "the file has no state machine in JSON or YAML. pass it by name to see why"
        ]


def types(files: list[File]) -> list[tuple[str, list[str | None]]]:
    return [(file.path, [document.machine_type for document in file.documents]) for file in files]


def test_a_definition_has_the_type_that_a_template_gives_it() -> None:
    template: tuple[str, list[str | None]] = ("template.yaml", [])
    machine: tuple[str, list[str | None]] = ("sm/m.asl.json", ["EXPRESS"])
    assert types(open_all(find(["template.yaml", "sm/m.asl.json"]))) == [template, machine]
    assert types(open_all(find(["sm/m.asl.json", "template.yaml"]))) == [machine, template]
    assert types(open_all(find(["template.yaml", "./template.yaml"]))) == [template, machine]


def test_a_file_that_is_not_there() -> None:
    [template, _] = open_all(find(["template.yaml"]))
    assert template.elsewhere == ("sm/m.asl.json",)
    assert [str(problem) for problem in template.problems] == [
        'template.yaml:7:33: warning: there is no file "sm/gone.asl.json" [definition-file-missing]'
    ]
