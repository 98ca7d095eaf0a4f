"""The pages of the documentation: their blocks of code, headings and links.

A comment above a block says what the suite does with it::

    <!-- file: order.asl.json -->       the block is this file, for the commands and the Python that follow
    <!-- not run: needs AWS -->         the block is not run, for this reason
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["PAGES", "ROOT", "Block", "Page"]

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(
    r"(?:^<!-- (?P<word>file|not run): (?P<value>.+?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.M | re.S,
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A block of code. ``line`` is that of its first line, ``file`` and ``not_run`` are its comment's."""

    line: int
    kind: str
    text: str
    file: str | None
    not_run: str | None


class Page(NamedTuple):
    """A page of the documentation, by its path from the root of the repository."""

    path: str

    def __str__(self) -> str:
        return self.path

    @property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @property
    def blocks(self) -> list[Block]:
        text = self.text
        return [
            Block(
                text.count("\n", 0, match.start("text")) + 1,
                match["kind"],
                match["text"],
                match["value"] if match["word"] == "file" else None,
                match["value"] if match["word"] == "not run" else None,
            )
            for match in _BLOCK.finditer(text)
        ]

    @property
    def prose(self) -> str:
        """The page without its blocks."""
        return _BLOCK.sub("", self.text)

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """The anchors of its headings, as GitHub makes them."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.M)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


PAGES = [Page("README.md"), *(Page(f"docs/{path.name}") for path in sorted((ROOT / "docs").glob("*.md")))]
