"""Parquet: one object per row, read by row groups. Needs pyarrow.

Types that JSON lacks become strings: dates and times in ISO 8601, bytes in Base64, and ``"NaN"`` and
``"Infinity"``. A decimal becomes a number.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, BinaryIO

from asltool.errors import MissingExtra

__all__ = ["read_parquet"]

_ROWS = 1024
_LARGEST_FOOTER = 5 * 1024 * 1024
_LARGEST_ROW_GROUP = 256 * 1024 * 1024
_NO_NUMBERS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def read_parquet(stream: BinaryIO, config: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows.

    Raises:
        MissingExtra: pyarrow is not installed.
        ValueError: the file is not Parquet, exceeds the service's limits, or has values that JSON cannot
        represent.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as problem:
        raise MissingExtra("reading Parquet", "parquet") from problem
    try:
        file = ParquetFile(stream)
        _check_size(file.metadata)
        for batch in file.iter_batches(_ROWS):
            yield from map(_as_json, batch.to_pylist())
    except ArrowException as problem:
        raise ValueError(str(problem)) from problem


def _check_size(metadata: Any) -> None:
    if metadata.serialized_size > _LARGEST_FOOTER:
        raise ValueError("the footer is larger than 5 MiB")
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    if any(group.total_byte_size > _LARGEST_ROW_GROUP for group in groups):
        raise ValueError("a row group is larger than 256 MiB")


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(inner) for inner in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return _scalar_as_json(value)


def _scalar_as_json(value: Any) -> str | float:
    if isinstance(value, float):
        return value if math.isfinite(value) else _NO_NUMBERS[str(value)]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date | time):
        return value.isoformat()
    raise ValueError(f"JSON cannot represent a {type(value).__name__}")
