"""Settings: where they are found, what they choose, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from asltool.cli import main
from asltool.cli.settings import Selection, SettingsError, load_settings

SETTINGS = """\
ignore = ["unused"]
[paths."legacy/**"]
ignore = ["unknown-field"]
[paths."*.tf"]
select = ["unknown-field"]
""".replace("unused", "deprecated-field")


def ignoring(*names: str) -> Selection:
    return Selection(ignore=frozenset(names))


@pytest.mark.parametrize(
    ("path", "selection"),
    [
        ("a.asl.json", ignoring("deprecated-field")),
        ("legacy/b/a.asl.json", ignoring("deprecated-field", "unknown-field")),
        ("b/main.tf", Selection(frozenset({"unknown-field"}), frozenset({"deprecated-field"}))),
        ("<stdin>", ignoring("deprecated-field")),
        ("../elsewhere.json", ignoring("deprecated-field")),
    ],
)
@pytest.mark.parametrize("name", [".asltool.toml", "pyproject.toml"])
def test_settings_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, path: str, selection: Selection
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        SETTINGS
        if name == ".asltool.toml"
        else f"[tool.asltool]\n{SETTINGS.replace('[paths', '[tool.asltool.paths')}"
    )
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert load_settings(tmp_path).of(path) == selection


def test_the_nearest_settings_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    (tmp_path / "pyproject.toml").write_text('[tool.asltool]\nignore = ["unknown-field"]\n', encoding="utf-8")
    (inner / "pyproject.toml").write_text('[tool.other]\nname = "asltool"\n', encoding="utf-8")
    assert load_settings(inner).of("a.json") == ignoring("unknown-field")
    (tmp_path / ".asltool.toml").write_text('[paths."inner/"]\nignore = ["wrong-type"]\n', encoding="utf-8")
    assert load_settings(inner).of("a.json") == ignoring("wrong-type")
    (inner / ".asltool.toml").write_text("", encoding="utf-8")
    assert load_settings(inner).of("a.json") == Selection()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignore = [", ".asltool.toml is not TOML: Invalid value (at end of document)"),
        ('ignroe = ["x"]', 'unknown setting "ignroe" in .asltool.toml. did you mean "ignore"?'),
        ('ignore = "x"', '"ignore" in .asltool.toml must be an array of rule names'),
        ("select = [1]", '"select" in .asltool.toml must be an array of rule names'),
        (
            'select = ["unknown-fields"]',
            'unknown rule "unknown-fields" in .asltool.toml. did you mean "unknown-field"?',
        ),
        (
            "[paths.'legacy\\']",
            'the pattern "legacy\\\\" in .asltool.toml matches no file. expected a pattern such as "legacy/"',
        ),
        (
            "[paths.'!']",
            'the pattern "!" in .asltool.toml matches no file. expected a pattern such as "legacy/"',
        ),
        ('paths = "x"', '"paths" in .asltool.toml must be a table of patterns'),
        ('[paths]\n"a/" = 1', 'paths."a/" of .asltool.toml must be a table'),
        (
            '[paths."a/"]\npaths = 1',
            'unknown setting "paths" in paths."a/" of .asltool.toml. expected one of "ignore", "select"',
        ),
    ],
)
def test_wrong_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".asltool.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert str(caught.value) == message
    result = CliRunner().invoke(main, ["validate", "-"], input="{}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_settings_and_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".asltool.toml").write_text('ignore = ["states-missing"]\n', encoding="utf-8")

    def count(*options: str) -> int:
        return CliRunner().invoke(main, ["validate", "-", *options], input="{}").stdout.count("[")

    assert count() == 1
    assert count("--ignore=start-at-missing") == 0
    assert count("--select=states-missing,start-at-missing") == 2
