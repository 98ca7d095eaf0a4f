"""Items as they are read; most cases are data, in tests/cases/integrations/item_readers.yaml."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from asltool.engine.map_io import ReadItems
from asltool.errors import MissingExtra, OptionError, TaskFailed
from asltool.expr.values import loads
from asltool.integrations.item_readers import csv_rows, json_cursor, read_items
from asltool.integrations.map_storage import MapStorage
from tests.integrations.memory_objects import Memory

CASES = Path(__file__).parent.parent / "cases" / "integrations" / "item_readers.yaml"
ARGUMENTS = ("Bucket", "Key", "Prefix", "VersionId")
PROPERTY = settings(derandomize=True, max_examples=300, deadline=None)


def cases() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(CASES.read_text(encoding="utf-8")))


def a_store(objects: dict[str, str | bytes]) -> Memory:
    store = Memory("raw")
    for key, text in objects.items():
        data = text.encode() if isinstance(text, str) else text
        store.buckets["raw"][key] = (
            gzip.compress(data) if key.endswith(".gz") and isinstance(text, str) else data
        )
    return store


def a_source(fields: dict[str, Any], resource: str = "arn:aws:states:::s3:getObject") -> ReadItems:
    return ReadItems(
        resource=resource,
        arguments={name: value for name, value in fields.items() if name in ARGUMENTS},
        config={name: value for name, value in fields.items() if name not in ARGUMENTS},
    )


def items(content: str | bytes, end: str = "", **config: Any) -> list[Any]:
    key = f"f{end}"
    return list(read_items(a_store({key: content}), a_source({"Bucket": "raw", "Key": key, **config})))


def items_or_none(content: str | bytes, end: str = "", **config: Any) -> list[Any] | None:
    """Return the items, None where they cannot be read; any other exception is a defect."""
    data = content.encode(errors="surrogatepass") if isinstance(content, str) else content
    try:
        return items(data, end, **config)
    except TaskFailed as failed:
        if failed.error != "States.ItemReaderFailed":
            raise
        return None


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    if "list" in case:
        source = a_source({"Bucket": "raw", **case["list"]}, "arn:aws:states:::s3:listObjectsV2")
    else:
        resource = case.get("resource", "arn:aws:states:::s3:getObject")
        source = a_source({"Bucket": "raw", "Key": "f", **case["read"]}, resource)
    reading = read_items(a_store(case["objects"]), source)
    if "items" in case:
        assert json.dumps(list(reading)) == json.dumps(case["items"])
        return
    with pytest.raises(TaskFailed) as caught:
        list(reading)
    assert (caught.value.error, caught.value.cause) == ("States.ItemReaderFailed", case["cause"])


def test_names_are_unique() -> None:
    names = [case["name"] for case in cases()]
    assert sorted(set(names)) == sorted(names)


def test_items_are_read_when_they_are_asked_for() -> None:
    reading = read_items(
        a_store({"f": "1\n2\noops"}), a_source({"Bucket": "raw", "Key": "f", "InputType": "JSONL"})
    )
    assert [next(reading), next(reading)] == [1, 2]
    with pytest.raises(TaskFailed, match="line 3: Expecting value"):
        next(reading)


def test_a_header_larger_than_the_service_takes() -> None:
    header = [f"{number:09}" for number in range(1024)]
    config = {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}
    assert len(items("1\n", CSVHeaders=[*header[:-1], "x" * 10], **config)) == 1
    with pytest.raises(TaskFailed, match="the header is larger than 10 KiB"):
        items("1\n", CSVHeaders=[*header[:-1], "x" * 11], **config)


def test_a_large_cell() -> None:
    for cell in ("x" * 1_000_000, ",\n" * 200_000):
        assert items(f'a\n"{cell}"\n', InputType="CSV", CSVHeaderLocation="FIRST_ROW") == [{"a": cell}]


def test_a_cell_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "_LARGEST_CELL", 1000)
    with pytest.raises(TaskFailed, match="CSV: line 2: a cell has more than 8 Mi characters"):
        items('a\n"' + "x\n" * 1000, InputType="CSV", CSVHeaderLocation="FIRST_ROW")


def test_a_pointer_too_long() -> None:
    with pytest.raises(TaskFailed, match='"ItemsPointer" must be shorter than 2000 characters'):
        items("[]", InputType="JSON", ItemsPointer="/" + "a" * 1999)


def test_a_value_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_cursor, "_LARGEST_VALUE", 100_000)
    with pytest.raises(TaskFailed, match="a value has more than 16 Mi characters at character 4"):
        items(f'[1, "{"x" * 1_000_000}"]', InputType="JSON")


def test_json_nested_too_deeply() -> None:
    with pytest.raises(TaskFailed, match="nested too deeply at character 1"):
        items("[" * 100_000 + "]" * 100_000, InputType="JSON")


def test_no_store() -> None:
    with pytest.raises(
        OptionError, match='an ItemReader has the Resource "arn:aws:states:::s3:getObject", and'
    ):
        MapStorage().read(a_source({}))


class TestParquet:
    def table(self, **columns: Any) -> bytes:
        file = io.BytesIO()
        parquet.write_table(pyarrow.table(columns), file, row_group_size=2)
        return file.getvalue()

    def test_rows_of_every_group(self) -> None:
        data = self.table(number=[1, 2, 3], text=["a", None, "é"], flag=[True, False, None])
        assert items(data, InputType="PARQUET") == [
            {"number": 1, "text": "a", "flag": True},
            {"number": 2, "text": None, "flag": False},
            {"number": 3, "text": "é", "flag": None},
        ]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (datetime(2022, 11, 16, 0, 27, 19, 5000), "2022-11-16T00:27:19.005000"),
            (date(2022, 11, 16), "2022-11-16"),
            (time(1, 2, 3), "01:02:03"),
            (Decimal("12.50"), 12.5),
            (Decimal("12.00"), 12),
            (b"\x00\xff", "AP8="),
            (float("nan"), "NaN"),
            (float("inf"), "Infinity"),
            (-float("inf"), "-Infinity"),
            ({"a": [{"b": b"x"}, None]}, {"a": [{"b": "eA=="}, None]}),
        ],
    )
    def test_values_that_json_has_no_type_for(self, value: Any, expected: Any) -> None:
        assert items(self.table(column=[value]), InputType="PARQUET") == [{"column": expected}]

    def test_a_value_that_json_has_no_place_for(self) -> None:
        with pytest.raises(TaskFailed, match="cannot be read as PARQUET: JSON cannot represent a timedelta"):
            items(self.table(column=[timedelta(seconds=1)]), InputType="PARQUET")

    @pytest.mark.parametrize(
        ("limit", "message"),
        [
            ("_LARGEST_FOOTER", "the footer is larger than 5 MiB"),
            ("_LARGEST_ROW_GROUP", "a row group is larger than 256 MiB"),
        ],
    )
    def test_the_limits_of_the_service(
        self, monkeypatch: pytest.MonkeyPatch, limit: str, message: str
    ) -> None:
        monkeypatch.setattr(f"asltool.integrations.item_readers.from_parquet.{limit}", 10)
        with pytest.raises(TaskFailed, match=message):
            items(self.table(column=[1, 2, 3]), InputType="PARQUET")

    def test_without_pyarrow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(MissingExtra, match=r'reading Parquet needs  pip install "asltool\[parquet\]"'):
            items("", InputType="PARQUET")


class TestZstandard:
    def test_a_file(self) -> None:
        data = bytes(pyarrow.compress(b"a,b\n1,2\n" * 50_000, "zstd", asbytes=True))
        store, config = Memory("raw"), {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
        for key in ("f.csv.zstd", "f.csv.zst"):
            store.buckets["raw"][key] = data
            rows = list(read_items(store, a_source({"Bucket": "raw", "Key": key, **config})))
            assert rows == [{"a": "1", "b": "2"}, *[{"a": "a", "b": "b"}, {"a": "1", "b": "2"}] * 49_999]

    def test_without_pyarrow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        store = a_store({"f.zstd": ""})
        with pytest.raises(
            MissingExtra, match=r'reading \.zstd files needs  pip install "asltool\[parquet\]"'
        ):
            list(read_items(store, a_source({"Bucket": "raw", "Key": "f.zstd", "InputType": "JSONL"})))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


CSV_TEXT = st.text() | st.text(st.sampled_from('",\\\n ab'))
CSV_CELL = st.text(st.characters(exclude_characters="\\\r", codec="utf-8")) | st.text(
    st.sampled_from('",\n a')
)
QUOTINGS = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL]


class TestAnyText:
    @PROPERTY
    @given(CSV_TEXT, st.sampled_from(["COMMA", "SPACE"]), st.lists(st.text(), unique=True))
    def test_csv(self, text: str, delimiter: str, header: list[str]) -> None:
        where: dict[str, Any] = {
            "CSVHeaders": header,
            "CSVHeaderLocation": "GIVEN" if header else "FIRST_ROW",
        }
        rows = items_or_none(text, InputType="CSV", CSVDelimiter=delimiter, **where) or []
        assert all(isinstance(cell, str) for row in rows for cell in row.values())
        assert all(list(row) == header for row in rows if header)

    @PROPERTY
    @given(st.lists(st.tuples(CSV_CELL, CSV_CELL)), st.sampled_from(QUOTINGS), st.booleans())
    def test_csv_that_was_written(self, rows: list[tuple[str, str]], quoting: Any, slowly: bool) -> None:
        file = io.StringIO()
        csv.writer(file, quoting=quoting).writerows(rows)
        config: Any = {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"]}
        with pytest.MonkeyPatch.context() as patch:
            if slowly:
                patch.setattr(csv, "field_size_limit", lambda: 0)
            # A byte order mark in front is no part of the text.
            read = items("\ufeff" + file.getvalue(), **config)
        assert read == [{"a": first, "b": second} for first, second in rows]

    @PROPERTY
    @given(st.text() | st.text(st.sampled_from('[]{},:"\\ 0123456789.eE+-truefalsn')), st.integers(1, 9))
    def test_json(self, text: str, piece: int) -> None:
        """Any text is read as the strict reader of the house reads it, in whatever pieces it comes."""
        try:
            expected = loads(text.removeprefix("\ufeff"))
            assert isinstance(expected, list | dict)
        except (ValueError, AssertionError):
            expected = None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_cursor, "_PIECE", piece)
            self.check_json(text, expected)

    @PROPERTY
    @given(st.lists(JSON) | st.dictionaries(st.text(), JSON), st.integers(1, 50), st.booleans())
    def test_json_that_was_written(self, value: Any, piece: int, ascii_only: bool) -> None:
        text = json.dumps(value, indent=piece % 3 or None, ensure_ascii=ascii_only)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_cursor, "_PIECE", piece)
            self.check_json(text, value)

    def check_json(self, text: str, expected: Any) -> None:
        read = items_or_none(text, InputType="JSON")
        if isinstance(expected, dict) and read is not None:
            assert {item["Key"]: item["Value"] for item in read} == expected
        else:
            assert read == expected

    @PROPERTY
    @given(st.text())
    def test_jsonl(self, text: str) -> None:
        json.dumps(items_or_none(text, InputType="JSONL"), allow_nan=False)

    @PROPERTY
    @given(
        st.binary(),
        st.sampled_from(["CSV", "JSON", "JSONL", "PARQUET"]),
        st.sampled_from(["", ".gz", ".zst"]),
    )
    def test_bytes(self, data: bytes, kind: str, end: str) -> None:
        items_or_none(data, end=end, InputType=kind, CSVHeaderLocation="FIRST_ROW")
