"""What is said about a file with definitions in it: each of them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document, report
from asltool.syntax.model import ABSENT
from asltool.syntax.reader import NestedTemplate, read_all
from asltool.syntax.structure import check_structure
from tests.syntax.cases import CASES

__all__ = ["SOURCES", "case", "problems", "said"]

_ENDINGS = (".json", ".yaml", ".yml", *((".tf",) if find_spec("tree_sitter_hcl") else ()))

SOURCES = sorted(path for path in (CASES / "syntax" / "sources").iterdir() if path.suffix in _ENDINGS)


def said(text: str, name: str) -> Iterator[str]:
    """Yield a line for each definition, or for the file it is in, and the findings with their excerpts."""
    for found in read_all(text, name):
        if isinstance(found, NestedTemplate):
            yield f"== a nested stack, in {found.file}, said at {found.span.line}:{found.span.column}"
            continue
        kind = found.machine_type or "type unknown"
        if not isinstance(found, Document):
            yield f"== {found.name}: {kind}, in {found.file}, said at {found.span.line}:{found.span.column}"
            continue
        yield f"== {found.name}: {kind}"
        yield from report(found, problems(found)).splitlines()


def problems(document: Document) -> list[Diagnostic]:
    """Return what is wrong with a document's text and structure."""
    structure = check_structure(document) if document.value is not ABSENT else []
    return sorted([*document.problems, *structure], key=lambda each: each.span)


def case(path: Path) -> tuple[str, str]:
    """Return what is said about a case, and what its ``.out`` wants."""
    wanted = path.with_name(f"{path.name}.out")
    return "\n".join(said(path.read_text("utf-8"), path.name)) + "\n", wanted.read_text("utf-8")
