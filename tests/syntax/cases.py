"""Cases are pairs: ``name.asl.json``, and ``name.out`` with exactly what is said about it."""

from __future__ import annotations

from pathlib import Path

from asltool.rules import validate
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
    return read(path.read_text(encoding="utf-8"), path.name)


def said(path: Path) -> tuple[list[str], list[str]]:
    """Return what is said about a definition, without its path, and what its ``.out`` wants."""
    wanted = path.with_name(path.name.replace(".asl.json", ".out")).read_text(encoding="utf-8")
    return [str(each).removeprefix(f"{path.name}:") for each in validate(load(path))], wanted.splitlines()
