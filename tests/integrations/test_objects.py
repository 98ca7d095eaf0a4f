"""Every store of objects does the same: a folder, S3 (moto's server plays it), and the one of these tests."""

from __future__ import annotations

import hashlib
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from asltool.errors import MissingExtra, TaskFailed
from asltool.integrations.objects import Objects
from asltool.integrations.objects.boto import S3
from asltool.integrations.objects.filesystem import FileSystem
from asltool.integrations.objects.folder import Folder
from tests.integrations.memory_objects import Memory


@pytest.fixture(params=["memory", "folder", "fsspec", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """A store with the buckets "raw" and "spare", both empty."""
    if request.param == "memory":
        return Memory("raw", "spare")
    if request.param == "folder":
        return a_folder(tmp_path)
    if request.param == "fsspec":
        a_folder(tmp_path)
        return FileSystem(f"file://{tmp_path}")
    client = a_client(request.getfixturevalue("endpoint"))
    for name in ("raw", "spare"):
        client.create_bucket(Bucket=name)
    return S3(client)


def a_folder(path: Path) -> Folder:
    for name in ("raw", "spare"):
        (path / name).mkdir()
    return Folder(path)


def a_client(endpoint: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def put(store: Objects, key: str, *parts: bytes, bucket: str = "raw") -> None:
    upload = store.put(bucket, key)
    for part in parts:
        upload.write(part)
    upload.commit()


def content(store: Objects, key: str, bucket: str = "raw") -> bytes:
    with store.get(bucket, key) as stream:
        return stream.read()


def keys(store: Objects, prefix: str = "") -> list[str]:
    return [stored.key for stored in store.list("raw", prefix)]


@pytest.mark.parametrize("parts", [[], [b"whole"], [b"in ", b"", b"parts"], [b"x" * 9_000_000, b"y"]])
def test_what_was_put_can_be_got(store: Objects, parts: list[bytes]) -> None:
    put(store, "deep/er/key.txt", *parts)
    assert content(store, "deep/er/key.txt") == b"".join(parts)
    assert [stored.size for stored in store.list("raw", "")] == [len(b"".join(parts))]


def test_a_stream_can_seek(store: Objects) -> None:
    put(store, "k", b"0123456789")
    with store.get("raw", "k") as stream:
        assert stream.read(3) == b"012"
        stream.seek(-2, 2)
        assert stream.read() == b"89"


def test_nothing_is_there_before_it_is_whole(store: Objects) -> None:
    upload = store.put("raw", "k")
    upload.write(b"half")
    assert keys(store) == []
    with pytest.raises(TaskFailed, match="The specified key does not exist"):
        store.get("raw", "k")
    upload.commit()
    assert keys(store) == ["k"]


def test_an_object_takes_the_place_of_the_one_before(store: Objects) -> None:
    put(store, "k", b"first and longer")
    upload = store.put("raw", "k")
    upload.write(b"second")
    assert content(store, "k") == b"first and longer"
    upload.commit()
    assert content(store, "k") == b"second"


def test_keys_are_listed_in_the_order_of_their_bytes(store: Objects) -> None:
    names = ["a-b", "a.b", "a/b", "a/b-c", "a0", "B", "é", "\U0001f600", "\ufffd", "z/1", "z/10", "z/2"]
    for name in names:
        put(store, name, b"")
    assert keys(store) == sorted(names, key=str.encode)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ["logs/a/1", "logs/a/2", "logs/ab", "other"]),
        ("logs/", ["logs/a/1", "logs/a/2", "logs/ab"]),
        ("logs/a", ["logs/a/1", "logs/a/2", "logs/ab"]),
        ("logs/a/", ["logs/a/1", "logs/a/2"]),
        ("logs/a/2", ["logs/a/2"]),
        ("log", ["logs/a/1", "logs/a/2", "logs/ab"]),
        ("none/at/all", []),
        ("other/", []),
        ("../spare", []),
    ],
)
def test_a_prefix_is_a_beginning_of_the_key(store: Objects, prefix: str, expected: list[str]) -> None:
    for name in ("logs/a/1", "logs/a/2", "logs/ab", "other"):
        put(store, name, b"")
    put(store, "hidden", b"", bucket="spare")
    assert keys(store, prefix) == expected


def test_a_listing_goes_on_after_a_page(store: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    for name in "abcdefgh":
        put(store, name, b"")
    assert keys(store) == list("abcdefgh")


def test_what_a_listing_tells(store: Objects) -> None:
    before = int(time.time())
    if isinstance(store, S3):  # an object put in parts has a tag of another kind
        store._client.put_object(Bucket="raw", Key="k", Body=b"data")
    else:
        put(store, "k", b"data")
    (stored,) = store.list("raw", "")
    assert (stored.key, stored.size, stored.storage_class) == ("k", 4, "STANDARD")
    assert stored.etag() == f'"{hashlib.md5(b"data").hexdigest()}"'
    assert isinstance(stored.last_modified, int)
    assert isinstance(store, Memory) or before <= stored.last_modified <= time.time()


def test_a_missing_bucket(store: Objects) -> None:
    asked: list[Callable[[], object]] = [
        lambda: store.get("nowhere", "k"),
        lambda: list(store.list("nowhere", "")),
        lambda: store.put("nowhere", "k"),
    ]
    for ask in asked:
        with pytest.raises(TaskFailed) as caught:
            ask()
        assert caught.value.error == "S3.NoSuchBucketException"
        assert caught.value.cause.startswith(
            "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: "
        )


@pytest.mark.parametrize("key", ["nothing", "folder", "folder/", "folder/k/below", "../spare/k", "x" * 300])
def test_a_missing_key(store: Objects, key: str) -> None:
    put(store, "folder/k", b"")
    put(store, "k", b"", bucket="spare")
    with pytest.raises(TaskFailed) as caught:
        store.get("raw", key)
    assert caught.value.error == "S3.NoSuchKeyException"
    assert caught.value.cause.startswith(
        "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: "
    )


def test_a_version_that_is_not_there(store: Objects) -> None:
    put(store, "k", b"")
    with pytest.raises(TaskFailed, match=r"version"):
        store.get("raw", "k", VersionId="BcK42coT2jE1234VHLUvBV1yLNod2OEt")


class TestFolder:
    @pytest.mark.parametrize(
        "key", ["../spare/k", "a/../../spare/k", "/etc/x", "a//b", "a/", ".", "a\0b", ""]
    )
    def test_a_key_that_no_file_can_have(self, tmp_path: Path, key: str) -> None:
        with pytest.raises(TaskFailed) as caught:
            a_folder(tmp_path).put("raw", key)
        assert caught.value.error == "S3.S3Exception"
        assert caught.value.cause.startswith(f'the key "{key}" cannot be a file name (Service: S3')
        assert sorted(tmp_path.rglob("*")) == [tmp_path / "raw", tmp_path / "spare"]

    @pytest.mark.parametrize("bucket", ["..", ".uploads", "a/b", "", "/"])
    def test_a_name_that_no_bucket_can_have(self, tmp_path: Path, bucket: str) -> None:
        with pytest.raises(TaskFailed, match=r"^S3\.S3Exception: The specified bucket is not valid"):
            a_folder(tmp_path).get(bucket, "raw")

    def test_what_was_left_half_written_is_begun_anew(self, tmp_path: Path) -> None:
        store = a_folder(tmp_path)
        store.put("raw", "k").write(b"lost")
        assert keys(Folder(tmp_path)) == []
        put(store, "k", b"new")
        assert content(store, "k") == b"new"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["raw", "spare"]

    def test_a_file_where_a_folder_should_be(self, tmp_path: Path) -> None:
        store = a_folder(tmp_path)
        put(store, "k", b"")
        with pytest.raises(TaskFailed, match=r"^S3\.S3Exception: (File exists|Not a directory)"):
            put(store, "k/below", b"")


def test_a_server_that_is_not_there() -> None:
    store = S3(a_client("http://127.0.0.1:9"))
    store._client.meta.config.retries = {"max_attempts": 0}
    with pytest.raises(TaskFailed, match=r"^S3\.SdkClientException: 127\.0\.0\.1:9: Connection refused"):
        store.get("raw", "k")


def test_without_boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "asltool.integrations.objects.boto")
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(MissingExtra, match=r'S3 through boto3 needs  pip install "asltool\[aws\]"'):
        importlib.import_module("asltool.integrations.objects.boto")
