r"""Rows of delimited text, as the service parses them.

Cells with delimiters or newlines are enclosed in double quotes. A quote is escaped by doubling it, even in
unquoted cells. A backslash before a backslash, a double quote or the delimiter escapes it; before anything
else it is dropped.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

__all__ = ["csv_rows"]

_LARGEST_CELL = 8 * 1024 * 1024


def csv_rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of each row. Rows with simple quoting, or none, take a fast path.

    Raises:
        ValueError: a cell is never closed, or has more than 8 Mi characters; the message counts lines from 1.
    """
    mark = re.escape(delimiter)
    cell = rf'(?:[^"\\{mark}]*|"[^"\\\n]*(?:""[^"\\\n]*)*")'
    quoted = re.compile(rf"{cell}(?:{mark}{cell})*\n?")
    numbered = enumerate(lines, 1)
    for number, line in numbered:
        if '"' not in line and "\\" not in line:
            yield line.removesuffix("\n").split(delimiter)
        elif len(line) <= csv.field_size_limit() and quoted.fullmatch(line):
            yield next(csv.reader((line,), delimiter=delimiter))
        else:
            yield _odd_row(number, line, numbered, delimiter)


def _odd_row(number: int, line: str, lines: Iterator[tuple[int, str]], delimiter: str) -> list[str]:
    row = _OddRow(delimiter)
    unclosed = row.goes_on(line)
    while unclosed:
        if len(row.cell) > _LARGEST_CELL:
            raise ValueError(f"line {number}: a cell has more than 8 Mi characters")
        _, more = next(lines, (0, None))
        if more is None:
            raise ValueError(f"line {number}: a double quote is never closed")
        unclosed = row.goes_on(more)
    return [*row.cells, row.cell]


class _OddRow:
    """A row read character by character: it has unusual quoting or backslashes, or continues on the next
    line."""

    def __init__(self, delimiter: str) -> None:
        self._signs = re.compile(rf'["\\{re.escape(delimiter)}]')
        self._quoted = False
        self.cells: list[str] = []
        self.cell = ""

    def goes_on(self, line: str) -> bool:
        """Read a line; return whether a quoted cell continues on the next line."""
        at = 0
        while (found := self._signs.search(line, at)) is not None:
            self.cell += line[at : found.start()]
            following = line[found.end() : found.end() + 1]
            at = found.end() + len(self._take(found[0], following))
        self.cell += line[at:] if self._quoted else line[at:].removesuffix("\n")
        return self._quoted

    def _take(self, sign: str, following: str) -> str:
        """Read a special character; return the next character if it belongs to it, else an empty string."""
        if sign == '"':
            return self._take_quote(following)
        if sign == "\\":
            escaped = following if self._signs.match(following) else ""
            self.cell += escaped
            return escaped
        if self._quoted:
            self.cell += sign
        else:
            self.cells.append(self.cell)
            self.cell = ""
        return ""

    def _take_quote(self, following: str) -> str:
        inside = self._quoted or self.cell.strip()
        if not inside:
            # White space before an opening quote is not part of the cell.
            self._quoted, self.cell = True, ""
            return ""
        if following != '"' and self._quoted:
            self._quoted = False
            return ""
        self.cell += '"'
        return '"' if following == '"' else ""
