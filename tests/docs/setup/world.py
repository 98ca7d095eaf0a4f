"""Files that several pages take for granted."""

from __future__ import annotations

from pathlib import Path

from tests.docs.pages import Page

__all__ = ["copy_files_of", "write"]


def copy_files_of(path: str) -> None:
    """Write the files that another page shows."""
    for block in Page(path).blocks:
        if block.file is not None:
            Path(block.file).write_text(block.text, encoding="utf-8")


def write(path: str, text: str) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
