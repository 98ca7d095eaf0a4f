"""How ``asltool validate`` prints what it has found: one file a format, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from asltool.cli.checking import Checked

__all__ = ["FORMATS", "Formatter", "formatter"]

FORMATS = ("text", "json", "sarif", "github", "junit")


class Formatter(Protocol):
    def __call__(self, files: Sequence[Checked]) -> str:
        """Return what is printed, with its last newline."""


def formatter(name: str) -> Formatter:
    """Return a format of `FORMATS`."""
    return cast(Formatter, import_module(f"asltool.cli.formats.as_{name}").print_out)
