"""Output formats of ``asltool validate``: one file per format, loaded on demand."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from asltool.cli.checking import Checked

__all__ = ["FORMATS", "Formatter", "formatter"]

FORMATS = ("text", "json", "sarif", "github", "junit")


class Formatter(Protocol):
    def __call__(self, files: Sequence[Checked]) -> str:
        """Return the output, including the final newline."""


def formatter(name: str) -> Formatter:
    """Return a format of `FORMATS`."""
    return cast(Formatter, import_module(f"asltool.cli.formats.as_{name}").print_out)
