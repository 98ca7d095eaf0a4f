"""Coverage on the drawing: the overlay, the pages, and the options that ask for them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import asltool
from asltool.cli import main
from asltool.diagrams.highlight import NamedTransition, Summary
from asltool.testing.coverage import Coverage
from asltool.testing.coverage.html import write_html
from asltool.testing.coverage.overlay import overlay
from tests.testing.test_coverage import CASES, covered

pytest_plugins = ["pytester"]

SAGA = Path(__file__).parent.parent.parent / "samples" / "saga"

INLINE = """
def test_in_memory(state_machine):
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    assert state_machine(definition).run({}).succeeded

def test_from_a_file(state_machine):
    assert state_machine("b.asl.json").run({}).succeeded
"""


def named(name: str, number: int) -> Coverage:
    """Return the coverage of a case, its machine's definition with it."""
    coverage = covered(CASES[number])
    machine = coverage.machines.pop("m")
    machine.name, machine.definition = name, CASES[number]["machine"]
    coverage.machines[name] = machine
    return coverage


def data(page: Path) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert found is not None
    shown: dict[str, Any] = json.loads(found[1])
    return shown


def test_every_state_and_way_has_a_status() -> None:
    coverage = named("m", 1).machines["m"]
    found = overlay(asltool.load(coverage.definition).model, coverage)
    assert found.statuses == {"Kind": "partial", "Work": "partial", "Other": "covered"}
    assert found.edges == {
        NamedTransition(None, "Kind"): "covered",
        NamedTransition("Kind", None): "covered",
        NamedTransition("Kind", "Work"): "partial",
        NamedTransition("Kind", "Other"): "uncovered",
        NamedTransition("Work", None): "covered",
        NamedTransition("Work", "Other"): "covered",
        NamedTransition("Work", "Other", caught=True): "partial",
        NamedTransition("Other", None): "covered",
    }
    assert found.transitions[NamedTransition("Kind", "Work")] == 2
    assert found.notes["Work"] == [
        "entered ×2",  # noqa: RUF001
        '✓ ×1 "Work" Retry[0] (Busy)',  # noqa: RUF001
        '✓ ×1 "Work" Retry[1] (States.ALL)',  # noqa: RUF001
    ]
    assert found.notes[NamedTransition("Kind", "Work")] == [
        '✕ not covered: "Kind" Choices[0] ($.kind == "a") to "Work"',
        '✓ ×1 "Kind" Choices[1] ($.kind == "b") to "Work"',  # noqa: RUF001
        '✓ ×1 "Kind" Default to "Work"',  # noqa: RUF001
    ]
    missing = [(text, text.split('"')[1]) for text in CASES[1]["missing"]]
    assert found.summary == Summary("9 of 12 covered, 75 %", "Not covered (3)", missing)


def test_a_state_that_was_never_entered_has_nothing_tried() -> None:
    coverage = named("m", 0).machines["m"]
    found = overlay(asltool.load(coverage.definition).model, coverage)
    assert found.statuses["Work"] == found.edges[NamedTransition("Work", "Other")] == "uncovered"
    assert found.notes["Work"][0] == "never entered"


def test_a_folder_of_pages(tmp_path: Path) -> None:
    coverage = Coverage()
    for name, number in (("a/M.json", 1), ("a_m.json", 3), ("<b>", 0)):
        coverage.merge(named(name, number))
    coverage.merge(covered(CASES[2]))
    index = write_html(coverage, tmp_path / "new" / "pages").read_text(encoding="utf-8")
    linked = re.findall(r'<a href="([^"]+)">(.*?)</a>', index)
    assert linked == [("b.html", "&lt;b&gt;"), ("a_m.json-2.html", "a_m.json"), ("a_M.json.html", "a/M.json")]
    assert re.findall(r"<td>([\d.]+ %)</td>", index) == ["25 %", "71.4 %", "75 %", "80 %"]
    assert "<td>m</td>" in index
    shown = data(tmp_path / "new" / "pages" / "a_M.json.html")
    assert shown["summary"]["line"] == "9 of 12 covered, 75 %"
    names = [name for name, _, _ in shown["statuses"]]
    titles = {
        node["title"]: names[status] for node, status in zip(shown["nodes"], shown["overlay"], strict=True)
    }
    assert titles["Work"] == "partly covered"
    (way,) = (edge for edge in shown["edges"] if edge["label"] == ['3. $.kind == "c"', "✕"])
    assert names[way["status"]] == "not covered"


def test_definitions_are_merged_and_kept(tmp_path: Path) -> None:
    together = covered(CASES[1])
    together.merge(Coverage.load(json.loads(json.dumps(named("m", 1).dump()))))
    together.write(tmp_path / "coverage.json")
    assert Coverage.read(tmp_path / "coverage.json").machines["m"].definition == CASES[1]["machine"]


def test_the_command_draws(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["test", str(SAGA), "--cov-html", str(tmp_path / "pages")])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "order.asl.json: " in result.stdout
    (page,) = (path for path in (tmp_path / "pages").iterdir() if path.name != "index.html")
    assert page.name.endswith("saga_order.asl.json.html")
    assert data(page)["summary"]["line"].endswith(" %")


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_pytest_draws(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    if options:
        pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    (pytester.path / "b.asl.json").write_text('{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}')
    pytester.makepyfile(INLINE)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--asl-cov-html", "pages", *options)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["total: 100 %", "written to pages*index.html"])
    assert sorted(path.name for path in (pytester.path / "pages").iterdir()) == [
        "b.asl.json.html",
        "index.html",
        "test_pytest_draws.py.html",
    ]
