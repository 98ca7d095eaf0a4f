"""Everything that people can use has its place in the documentation."""

from __future__ import annotations

import ast
import re

import click
import pytest

import asltool
from asltool import errors, testing
from asltool.cli import COMMANDS, main
from asltool.integrations.aws.models import model
from asltool.rules.catalogue import CATALOGUE
from asltool.service.operations import OPERATIONS
from tests.docs.pages import ROOT, Page
from tests.test_layers import PACKAGE, ROOMS

COMMAND_PAGES = {
    "completion": ["docs/setup.md"],
    "doctor": ["docs/setup.md"],
    "eval": ["docs/jsonpath.md", "docs/jsonata.md", "docs/intrinsics.md"],
    "executions": ["docs/executions.md"],
    "explore": ["docs/explore.md"],
    "import": ["docs/glue.md"],
    "render": ["docs/render.md"],
    "diff": ["docs/testing.md"],
    "init": ["docs/testing.md"],
    "pull": ["docs/testing.md"],
    "replay": ["docs/testing.md"],
    "rules": ["docs/validate.md"],
    "run": ["docs/run.md", "docs/tasks.md", "docs/mocks.md", "docs/aws.md", "docs/distributed-map.md"],
    "schedule": ["docs/schedules.md"],
    "schema": ["docs/validate.md", "docs/testing.md"],
    "serve": ["docs/serve.md", "docs/tasks.md", "docs/mocks.md", "docs/aws.md"],
    "test": ["docs/testing.md"],
    "test-state": ["docs/testing.md", "docs/tasks.md", "docs/mocks.md", "docs/aws.md"],
    "validate": ["docs/validate.md"],
}
"""Where a command and its options are explained."""


def code(paths: list[str]) -> str:
    """Return all that pages say in code: in blocks, in backticks and in indented lines."""
    text = "\n".join(Page(path).text for path in paths)
    return "\n".join(re.findall(r"^```.*?^```|^    .*|`[^`\n]+`", text, re.M | re.S))


def every_command() -> list[str]:
    """Return the commands, and those that a command has itself, such as "executions list"."""
    found = []
    for name in COMMANDS:
        inner = getattr(command(name), "commands", {})
        found += [name, *(f"{name} {each}" for each in inner)]
    return found


def options() -> list[tuple[str, list[str]]]:
    """Return each command with each of its options, which is known by its short and its long name."""
    return [
        (name, names)
        for name in every_command()
        for parameter in command(name).params
        if isinstance(parameter, click.Option)
        for names in (parameter.opts, parameter.secondary_opts)
        if names
    ]


def command(name: str) -> click.Command:
    found: click.Command | None = main
    for word in name.split():
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), word)
    assert found is not None
    return found


def test_every_command_has_pages() -> None:
    assert sorted(COMMAND_PAGES) == sorted(COMMANDS)


@pytest.mark.parametrize("name", every_command())
def test_a_command_is_in_its_page_and_in_the_index(name: str) -> None:
    first = name.split(maxsplit=1)[0]
    assert re.search(rf"asltool {name}\b", code(COMMAND_PAGES[first]))
    assert f"`asltool {first}`" in Page("docs/index.md").text


@pytest.mark.parametrize(("name", "names"), options())
def test_an_option_is_in_a_page_of_its_command(name: str, names: list[str]) -> None:
    said = code(COMMAND_PAGES[name.split(maxsplit=1)[0]])
    assert any(re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", said) for each in names), names


@pytest.mark.parametrize("name", every_command())
def test_every_command_and_option_has_help(name: str) -> None:
    found = command(name)
    assert "Examples:" in (found.help or "")
    assert "Exit status:" in (found.help or "")
    assert all(option.help for option in found.params if isinstance(option, click.Option))


def test_every_rule_is_in_the_manual() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \|", Page("docs/validate.md").text, re.M)
    assert sorted(listed) == sorted(CATALOGUE)


@pytest.mark.parametrize("setting", ["select", "ignore", "paths"])
def test_a_setting_is_in_the_manual(setting: str) -> None:
    assert re.search(rf"\b{setting}\b", code(["docs/validate.md"]))


def test_every_option_of_the_pytest_plugin_is_in_the_manual(pytestconfig: pytest.Config) -> None:
    said = code(["docs/testing.md"])
    group = pytestconfig._parser.getgroup("asltool")
    names = [name for option in group.options for name in option.names()]
    assert names
    assert [name for name in names if name not in said] == []


def entries(heading: str) -> list[str]:
    """Return the names in the first column of the tables under a heading of the page of the Python API."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^##+ |\Z)", Page("docs/api.md").text, re.M | re.S)
    assert section is not None, heading
    return re.findall(r"^\| `(\w+)[^`]*` \|", section[1], re.M)


def test_every_public_name_is_in_the_page_of_the_api() -> None:
    known = [*entries("Functions"), *entries("Classes"), *entries("Errors")]
    assert sorted(known) == sorted(set(vars(asltool)["__all__"]) - {"__version__"})


def test_every_error_is_among_the_errors() -> None:
    assert sorted(entries("Errors")) == sorted(errors.__all__)


def test_every_public_name_of_testing_is_in_the_page_of_the_api() -> None:
    assert sorted(entries("asltool.testing")) == sorted(testing.__all__)


@pytest.mark.parametrize("owner", [asltool.Machine, asltool.Run], ids=lambda owner: owner.__name__)
def test_every_method_is_in_the_page_of_the_api(owner: type) -> None:
    said = code(["docs/api.md"])
    public = [name for name in vars(owner) if not name.startswith("_")]
    assert [name for name in public if not re.search(rf"\.{name}\b", said)] == []


def test_every_operation_is_in_the_page_of_the_operations() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", Page("docs/operations.md").text, re.M)
    assert sorted(rows) == sorted(OPERATIONS) == sorted(model("stepfunctions")["operations"])


def standing(room: str) -> bool:
    return any((PACKAGE / name).exists() for name in (room, f"{room}.py"))


def test_the_page_of_the_architecture_lists_every_room_in_order() -> None:
    listed = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", Page("docs/architecture.md").text, re.M)
    assert listed == [room for room in ROOMS if room != "_version" and standing(room)]


def test_every_file_that_the_page_of_the_architecture_names_exists() -> None:
    named = re.findall(r"`([\w/]+(?:/|\.py|\.json|\.md))`", Page("docs/architecture.md").text)
    assert len(named) > 60
    assert [name for name in named if not any((ROOT / top / name).exists() for top in ("asltool", "."))] == []


@pytest.mark.parametrize("room", [room for room in ROOMS if (ROOT / "asltool" / room).is_dir()])
def test_every_room_has_a_short_docstring(room: str) -> None:
    source = (ROOT / "asltool" / room / "__init__.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring
    longest = 60 if room == "engine" else 15  # the engine's is its theory of operation
    assert len(docstring.splitlines()) <= longest
