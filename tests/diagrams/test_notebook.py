"""Machines and runs show themselves in notebooks."""

from __future__ import annotations

import re
from html import unescape

import pytest

import asltool
from asltool.diagrams import picture

DEFINITION = {
    "StartAt": "Say <b>",
    "States": {"Say <b>": {"Type": "Pass", "Next": "Never"}, "Never": {"Type": "Fail", "Error": "No"}},
}


def page(frame: str | None) -> str:
    found = re.fullmatch(r'<iframe srcdoc="([^"]*)" title="definition" style="[^"]*"></iframe>', frame or "")
    assert found is not None
    return unescape(found[1])


def test_a_machine_shows_itself() -> None:
    machine = asltool.load(DEFINITION)
    assert "Say &lt;b&gt;" in (machine._repr_svg_() or "")
    assert page(machine._repr_html_()).startswith("<!doctype html>")


def test_a_run_shows_how_it_went() -> None:
    run = asltool.load(DEFINITION).run({})
    assert "#d13212" in (run._repr_svg_() or "")
    assert '"run":' in page(run._repr_html_())


def test_without_graphviz_the_text_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    assert asltool.load(DEFINITION)._repr_svg_() is None
