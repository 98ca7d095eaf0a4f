"""Several files that share one range of offsets, so that a definition can span them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from asltool.syntax.diagnostics import Span
from asltool.syntax.text import Text

__all__ = ["Atlas", "AtlasFile", "Lines"]


class Lines:
    """Turns offsets in a text into lines and columns. Only a line feed ends a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        start = text.find("\n") + 1
        while start:
            self._starts.append(start)
            start = text.find("\n", start) + 1

    def span(self, start: int, end: int) -> Span:
        """Return the span from ``start`` to ``end``, or to the end of the line it starts on."""
        line = bisect_right(self._starts, start)
        column = start - self._starts[line - 1]
        line_end = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return Span(line, column + 1, max(1, min(end, line_end) - start))


@dataclass(frozen=True)
class AtlasFile:
    """A file whose first character has the offset ``base``."""

    path: str
    text: str
    base: int

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    @property
    def characters(self) -> Text:
        """The whole text, with its offsets in the atlas."""
        end = self.base + len(self.text)
        return Text(self.text, range(self.base, end + 1), range(self.base + 1, end + 1))


class Atlas:
    """Files that were read together."""

    def __init__(self) -> None:
        self._sources: list[AtlasFile] = []
        self._bases: list[int] = []

    def add(self, path: str, text: str) -> AtlasFile:
        """Add a file after the existing ones."""
        last = self._sources[-1] if self._sources else None
        base = last.base + len(last.text) + 1 if last else 0
        self._sources.append(AtlasFile(path, text, base))
        self._bases.append(base)
        return self._sources[-1]

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the files by path."""
        return {source.path: source.text for source in self._sources}

    def source(self, start: int) -> AtlasFile:
        """Return the file that contains an offset."""
        return self._sources[bisect_right(self._bases, start) - 1]

    def place(self, start: int, end: int) -> tuple[AtlasFile, Span]:
        """Return the file that contains a place, and the place within that file."""
        source = self.source(start)
        return source, source.lines.span(start - source.base, end - source.base)
