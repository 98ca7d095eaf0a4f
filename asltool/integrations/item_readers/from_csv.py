"""CSV: one object per row, with strings as values.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from asltool.integrations.item_readers.csv_rows import csv_rows
from asltool.integrations.item_readers.decoding import as_text
from asltool.integrations.item_readers.failure import reader_failed
from asltool.integrations.map_fields import choice
from asltool.syntax.wording import described

__all__ = ["read_csv"]

_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
_LARGEST_HEADER = 10 * 1024


def read_csv(stream: BinaryIO, config: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the rows after the header.

    Missing cells are empty strings, extra cells are dropped, an empty line is a row of empty strings. A
    header can have up to 10 KiB.

    Raises:
        TaskFailed: the header has duplicate names.
        ValueError: the settings are wrong, or the text is not CSV.
    """
    delimiter = _DELIMITERS[choice(config, "CSVDelimiter", _DELIMITERS, "COMMA")]
    with as_text(stream) as lines:
        rows = csv_rows(lines, delimiter)
        header = _header(rows, config)
        width = len(header)
        for row in rows:
            cells = row if len(row) >= width else row + [""] * (width - len(row))
            yield dict(zip(header, cells, strict=False))


def _header(rows: Iterator[list[str]], config: Mapping[str, Any]) -> list[str]:
    if choice(config, "CSVHeaderLocation", ("FIRST_ROW", "GIVEN")) == "FIRST_ROW":
        header = next(rows, [])
    else:
        header = config.get("CSVHeaders", [])
        if not isinstance(header, list) or not all(isinstance(name, str) for name in header):
            raise ValueError(f'"CSVHeaders" must be an array of strings, not {described(header)}')
        if not header:
            raise ValueError('"CSVHeaders" must name the columns when "CSVHeaderLocation" is "GIVEN"')
    if len(set(header)) < len(header):
        raise reader_failed("CSV headers cannot contain duplicates.")
    if len(",".join(header).encode()) > _LARGEST_HEADER:
        raise ValueError("the header is larger than 10 KiB")
    return header
