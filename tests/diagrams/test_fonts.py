"""Letters without a font are named where the picture is drawn here."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from asltool.cli import main
from asltool.diagrams import fonts

DEFINITION = '{"StartAt": "注文 é", "States": {"注文 é": {"Type": "Pass", "End": true}}}'


def test_letters_without_a_font_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_known", lambda: ((0x20, 0x17F), (0x6587, 0x6587)))
    assert fonts.without_font("注文 é注 → 1") == "注"
    assert fonts.without_font("plain") == ""


def test_nothing_is_said_where_fonts_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_known", tuple)
    assert fonts.without_font("注文") == ""


@pytest.mark.parametrize(("form", "said"), [("png", True), ("svg", False)])
def test_render_says_so(form: str, said: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_known", lambda: ((0x20, 0x17F),))
    source, target = tmp_path / "a.asl.json", tmp_path / f"a.{form}"
    source.write_text(DEFINITION, encoding="utf-8")
    result = CliRunner().invoke(main, ["render", str(source), "-o", str(target)])
    assert result.exit_code == 0
    expected = 'warning: no font on this system has "文注"; install one that does, or draw an SVG\n'
    assert result.stderr == (expected if said else "")
