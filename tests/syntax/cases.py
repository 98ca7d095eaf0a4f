"""Cases are pairs: ``name.asl.json``, and ``name.out`` with exactly what is said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from asltool.rules import validate
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document
from asltool.syntax.reader import read

__all__ = ["CASES", "load", "pairs", "said"]

CASES = Path(__file__).parent.parent / "cases"


def pairs(folder: str) -> list[Path]:
    """Return the definitions of a folder below ``tests/cases``."""
    found = sorted((CASES / folder).glob("*.asl.json"))
    assert found, f"no cases in {folder}"
    return found


def load(path: Path) -> Document:
    """Read a case; it is of an Express state machine if its name says so."""
    document = read(path.read_text(encoding="utf-8"), path.name)
    return replace(document, machine_type="EXPRESS" if path.name.startswith("express_") else None)


def said(
    path: Path, check: Callable[[Document], Iterable[Diagnostic]] = validate
) -> tuple[list[str], list[str]]:
    """Return what a check says about a definition, without its path, and what its ``.out`` wants."""
    wanted = path.with_name(path.name.replace(".asl.json", ".out")).read_text(encoding="utf-8")
    return [str(each).removeprefix(f"{path.name}:") for each in check(load(path))], wanted.splitlines()
