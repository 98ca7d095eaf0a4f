"""``asltool test`` as a user sees it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

GOOD = "name: it passes\ndefinition: &m {StartAt: S, States: {S: {Type: Pass, Result: {a: 1}, End: true}}}\n"
BAD = GOOD.replace("it passes", "it fails") + "expect: {output: {a: 2}}\n"


def invoke(*args: object) -> Result:
    return CliRunner().invoke(main, ["test", *map(str, args)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.asltest.yaml").write_text(GOOD)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "bad.asltest.yaml").write_text(f"{BAD}---\n{BAD}")
    return tmp_path


def test_what_fails_is_told(folder: Path) -> None:
    result = invoke(folder)
    bad = folder / "inner" / "bad.asltest.yaml"
    assert (result.exit_code, result.stderr) == (1, "")
    told = [
        "  output: $.a is 1, expected 2",
        f"  {bad}: SUCCEEDED",
        "  input:  {}",
        "  path:   S",
        '  output: {"a":1}',
        "",
    ]
    assert result.stdout.splitlines() == [
        *(f"FAILED {bad}:1: it fails", *told),
        *(f"FAILED {bad}:5: it fails", *told),
        "2 failed, 1 passed",
    ]


def test_all_pass(folder: Path) -> None:
    result = invoke(folder / "good.asltest.yaml", "--progress")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "1 passed\n", ".\n")


@pytest.mark.parametrize("wanted", ["good", "passes", "it*pass", "*good*"])
def test_a_filter_looks_at_files_and_names(wanted: str, folder: Path) -> None:
    result = invoke(folder, "--filter", wanted)
    assert (result.exit_code, result.stdout) == (0, "1 passed\n")


def test_it_stops_at_the_first_failure(folder: Path) -> None:
    result = invoke(folder, "-x", "--progress")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "1 failed, 1 passed")
    assert result.stderr == ".F\n"


def test_a_report(folder: Path, tmp_path: Path) -> None:
    invoke(folder, "--junit", tmp_path / "report.xml")
    report = fromstring((tmp_path / "report.xml").read_text("utf-8"))
    assert (report.get("tests"), report.get("failures")) == ("3", "2")
    cases = report.findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == ["it passes", "it fails", "it fails"]
    assert all(re.fullmatch(r"\d+\.\d{3}", case.get("time", "")) for case in cases)
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.get("message") == "output: $.a is 1, expected 2"
    assert "path:   S" in (failure.text or "")


def test_a_file_that_cannot_be_used(folder: Path) -> None:
    (folder / "good.asltest.yaml").write_text("nmae: it passes\n" + GOOD)
    result = invoke(folder)
    hint = 'nmae: unexpected field "nmae". did you mean "name"?'
    assert result.exit_code == 2
    assert result.stderr == f"asltool test: {folder / 'good.asltest.yaml'}:1:1: {hint}\n"


def test_no_cases(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = invoke(tmp_path / "empty")
    assert result.exit_code == 2
    assert "no cases in " in result.stderr
    assert "looked for *.asltest.yaml, *.asltest.yml, *.asltest.json" in " ".join(result.stderr.split())
    result = invoke(folder, "--filter", "nothing")
    assert result.exit_code == 2
    assert 'none of 3 cases matches "nothing" in its file or name' in result.stderr


def test_what_no_case_has_tried(tmp_path: Path) -> None:
    machine = (
        "definition: {StartAt: C, States: {C: {Type: Choice, Default: S, "
        "Choices: [{Variable: $.a, IsPresent: true, Next: S}]}, S: {Type: Succeed}}}\n"
    )
    path = tmp_path / "m.asltest.yaml"
    path.write_text(machine)
    result = invoke(path, "--cov-fail-under", "75")
    told = [
        f"{path}: 3 of 4 covered, 75 %",
        '  not covered: "C" Choices[0] ($.a is present) to "S"',
        "total: 75 %",
    ]
    assert (result.exit_code, result.stdout.splitlines()) == (0, ["1 passed", *told])
    result = invoke(path, "--cov-fail-under", "75.1")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "FAILED: coverage is below 75.1 %")
    assert invoke(path, "--cov").stdout.splitlines() == ["1 passed", *told]
    file = tmp_path / "cov" / "asl.json"
    invoke(path, "--cov-file", file)
    path.write_text(machine + "input: {a: 1}\n")
    result = invoke(path, "--cov-file", file, "--cov-append")
    assert result.stdout.splitlines() == ["1 passed", f"{path}: 4 of 4 covered, 100 %", "total: 100 %"]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--cov-append"], "--cov-append needs --cov-file, the file to add to"),
        (["--update", "--cov"], "--update writes case files; run it without --junit and --cov"),
    ],
)
def test_options_that_do_not_go_together(options: list[str], problem: str, folder: Path) -> None:
    result = invoke(folder, *options)
    assert result.exit_code == 2
    assert problem in result.stderr


def test_every_case_file_that_cannot_be_used_is_told(folder: Path) -> None:
    (folder / "a.asltest.yaml").write_text("# nothing yet\n")
    (folder / "b.asltest.yaml").write_text("definitoin: m\n")
    result = invoke(folder)
    assert result.exit_code == 2
    assert result.stderr == (
        f"asltool test: {folder / 'a.asltest.yaml'}: no case in this file\n"
        f'{folder / "b.asltest.yaml"}:1:1: definitoin: unexpected field "definitoin". '
        'did you mean "definition"?\n'
    )
