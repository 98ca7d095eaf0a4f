"""Results as they are written; most cases are data, in tests/cases/integrations/result_writer.yaml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from asltool.engine import Identity
from asltool.engine.map_io import ChildEnd, WriteResults
from asltool.errors import OptionError, TaskFailed
from asltool.integrations import result_writer
from asltool.integrations.map_storage import MapStorage
from asltool.integrations.objects import refusal
from asltool.integrations.objects.folder import Folder
from tests.integrations.memory_objects import Memory, MemoryUpload

CASES = Path(__file__).parent.parent / "cases" / "integrations" / "result_writer.yaml"


def cases() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(CASES.read_text(encoding="utf-8")))


def a_target(fields: dict[str, Any], resource: str | None = "arn:aws:states:::s3:putObject") -> WriteResults:
    return WriteResults(
        resource=resource,
        arguments={name: value for name, value in fields.items() if name in ("Bucket", "Prefix")},
        config={name: value for name, value in fields.items() if name in ("Transformation", "OutputType")},
        map_run_arn="arn:aws:states:us-east-1:111111111111:mapRun:m/L:run",
        child_type="STANDARD",
        names=lambda index: Identity(name=chr(index), state_machine="m/L", account="111111111111"),
    )


def a_child(name: str = "a", **fields: Any) -> ChildEnd:
    if "output_json" in fields:
        fields["output"] = json.loads(fields.pop("output_json"))
    return ChildEnd(
        index=ord(name),
        items=1,
        started_at=1738633790.099,
        stopped_at=1738633790.163,
        **{"status": "SUCCEEDED", "input": None, **fields},
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    store = Memory("out")
    target = a_target(case["write"]) if "write" in case else a_target(case["collect"], None)
    if "cause" in case:
        with pytest.raises(TaskFailed) as caught:
            MapStorage(store).write(target)
        assert (caught.value.error, caught.value.cause) == ("States.ResultWriterFailed", case["cause"])
        return
    sink = MapStorage(store).write(target)
    for child in case["children"]:
        sink.add(a_child(**child))
    assert store.buckets["out"] == {}
    assert sink.close() == case.get("output", cases()[0]["output"])
    for key, text in case.get("files", {}).items():
        found = store.buckets["out"][key].decode()
        assert text is None or found == text


def test_names_are_unique() -> None:
    names = [case["name"] for case in cases()]
    assert sorted(set(names)) == sorted(names)


def test_an_output_that_is_the_input_is_written_like_any_other() -> None:
    value = {"a": ["\U0001f600"]}
    files = []
    for output in (value, {"a": ["\U0001f600"]}):
        store = Memory("out")
        sink = MapStorage(store).write(a_target({"Bucket": "out"}))
        sink.add(a_child(input=value, output=output))
        sink.close()
        files.append(store.buckets["out"]["run/SUCCEEDED_0.json"])
    assert files[0] == files[1]


def test_moments_are_rounded_to_milliseconds() -> None:
    sink = MapStorage().write(a_target({}, None))
    sink.add(ChildEnd(index=0, items=1, status="ABORTED", input=1, started_at=0.9996, stopped_at=0.9996))
    assert [(told["StartDate"], told["StopDate"]) for told in sink.close()] == [
        ("1970-01-01T00:00:01.000Z", "1970-01-01T00:00:01.000Z")
    ]


@pytest.mark.parametrize("form", ["JSON", "JSONL"])
def test_a_file_that_is_full_is_followed_by_another(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_writer, "_BLOCK", 10)
    monkeypatch.setattr(result_writer, "_LARGEST_FILE", 30)
    store = Memory("out")
    target = a_target({"Bucket": "out", "Transformation": "COMPACT", "OutputType": form})
    sink = MapStorage(store).write(target)
    for number in range(20):
        sink.add(a_child(output=f"{number:02}é"))
    sink.close()
    files = store.buckets["out"]
    manifest = json.loads(files["run/manifest.json"])
    told = manifest["ResultFiles"]["SUCCEEDED"]
    assert len(told) > 1
    assert [one["Key"] for one in told] == [f"run/SUCCEEDED_{number}.json" for number in range(len(told))]
    assert [one["Size"] for one in told] == [len(files[one["Key"]]) for one in told]
    assert max(one["Size"] for one in told) <= 30
    texts = [files[one["Key"]].decode() for one in told]
    read = [json.loads(f"[{','.join(text.splitlines())}]" if form == "JSONL" else text) for text in texts]
    assert [one for some in read for one in some] == [f"{number:02}é" for number in range(20)]


def test_results_are_written_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_writer, "_BLOCK", 1000)
    (tmp_path / "out").mkdir()
    sink = MapStorage(Folder(tmp_path)).write(a_target({"Bucket": "out", "Prefix": "p"}))
    for _ in range(1000):
        sink.add(a_child())
    unfinished = [path.stat().st_size for path in (tmp_path / ".uploads").iterdir()]
    assert max(unfinished) > 400_000
    assert list((tmp_path / "out").iterdir()) == []
    sink.close()
    assert sorted(path.name for path in (tmp_path / "out" / "p" / "run").iterdir()) == [
        "SUCCEEDED_0.json",
        "manifest.json",
    ]
    assert not (tmp_path / ".uploads").exists()


def write_one(store: Memory) -> None:
    sink = MapStorage(store).write(a_target({"Bucket": "out"}))
    sink.add(a_child())
    sink.close()


class Full(Memory):
    """A store that has no room for result files, or loses them at the end."""

    def __init__(self, at_commit: bool) -> None:
        super().__init__("out")
        self._at_commit = at_commit

    def put(self, bucket: str, key: str) -> MemoryUpload:
        return super().put(bucket, key) if key.endswith("manifest.json") else FullUpload(self._at_commit)


class FullUpload(MemoryUpload):
    def __init__(self, at_commit: bool) -> None:
        super().__init__({}, "")
        self._at_commit = at_commit

    def write(self, data: bytes) -> None:
        if not self._at_commit:
            raise refusal("InternalError", "No space left on device")

    def commit(self) -> None:
        raise refusal("AccessDenied")


@pytest.mark.parametrize(
    ("at_commit", "block", "cause"),
    [(False, 1, "No space left"), (False, 10**9, "No space left"), (True, 1, "Access Denied")],
)
def test_a_store_that_fails(at_commit: bool, block: int, cause: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_writer, "_BLOCK", block)
    store = Full(at_commit)
    with pytest.raises(
        TaskFailed, match=rf"^States\.ResultWriterFailed: {cause}.* \(Service: S3, Status Code"
    ):
        write_one(store)
    assert store.buckets["out"] == {}


def test_no_store() -> None:
    with pytest.raises(
        OptionError, match='a ResultWriter has the Resource "arn:aws:states:::s3:putObject", and'
    ):
        MapStorage().write(a_target({"Bucket": "out"}))
