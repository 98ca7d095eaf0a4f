"""A file lands in the folder that stands for S3, and the machine of the template starts by itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from asltool.integrations.tasks_file import load_tasks
from asltool.testing.serving import server

HERE = Path(__file__).parent

pytest.importorskip("watchfiles")


def test_a_file_that_lands_is_crawled_cleaned_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "results").mkdir()
    monkeypatch.setenv("BUCKETS", str(tmp_path))
    tasks = load_tasks(str(HERE / "glue_tasks.py"))
    with server(HERE / "template.yaml", tasks=tasks, s3=tmp_path, watch_s3=True) as running:
        (tmp_path / "raw" / "notes.txt").write_text("not an order", encoding="utf-8")
        shutil.copy(HERE / "orders.csv", tmp_path / "raw" / "orders.csv")
        found = running.ended("landing")
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", {"rows": 2, "rejected": 1})
    assert json.loads(found["input"])["object"]["key"] == "orders.csv"
    assert json.loads((tmp_path / "results" / "orders.csv.json").read_text("utf-8"))["rows"] == 2
