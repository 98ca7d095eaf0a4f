"""What may be written into a case: nothing that is another on the next run or the next machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from asltool.testing.lasting import lasting

REPORT = '{"errorMessage": "no", "requestId": "3c6a0a4e-86b4-5f0f-9a3b-7d0a4b1f2c3d", "stackTrace": []}'
REFUSAL = "Invalid Name (Status Code: 400; Request ID: 3c6a0a4e-86b4-5f0f-9a3b-7d0a4b1f2c3d; Proxy: null)"
PLACE = str(Path.cwd() / "tasks.py")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("no stock", "no stock"),
        ("3c6a0a4e-86b4-5f0f-9a3b-7d0a4b1f2c3d", "3c6a0a4e-86b4-5f0f-9a3b-7d0a4b1f2c3d"),
        (REPORT, None),
        (REFUSAL, None),
        (f"cannot open {PLACE}", None),
        ({"Error": "KeyError", "Cause": REPORT}, {"Error": "KeyError"}),
        ({"a": None, "b": [1, {"c": REPORT, "d": 2}]}, {"a": None, "b": [1, {"d": 2}]}),
        ({"a": [1, REPORT], "b": True}, {"b": True}),
        (
            {"SdkHttpMetadata": {"HttpStatusCode": 200}, "RequestId": "x"},
            {"SdkHttpMetadata": {"HttpStatusCode": 200}},
        ),
        (None, None),
        (1.5, 1.5),
    ],
)
def test_what_lasts(value: Any, kept: Any) -> None:
    assert lasting(value) == kept
