"""The codes of findings that are no rule's: those of the syntax and those that stand in the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.syntax.schema import table
from asltool.syntax.violation import USUAL_CODES

__all__ = ["structure_codes"]


def structure_codes() -> set[str]:
    """Return every code that the syntax and the structure check can give."""
    return {
        "definition-empty",
        "definition-file-missing",
        "definition-file-outside",
        "definition-not-read",
        "definition-too-long",
        "substitution-unknown",
        "substitution-unused",
        "suppression-unused",
        "duplicate-key",
        "file-unreadable",
        "json-syntax-error",
        "wrong-type",
        "yaml-syntax-error",
        "yaml-unclear-scalar",
        *USUAL_CODES.values(),
        *_codes(table()),
    }


def _codes(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for part in schema:
            yield from _codes(part)
    if isinstance(schema, dict):
        for keyword, part in schema.items():
            if keyword in ("x-codes", "x-forbidden"):
                yield from part.values()
            elif keyword == "x-missing":
                yield part
            else:
                yield from _codes(part)
