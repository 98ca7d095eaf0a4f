"""Who may ask a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asltool.server.guard import Guard

CASES = json.loads((Path(__file__).parents[1] / "cases/server/guard.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['host']}-{case.get('origin', '')}")
def test_hosts_and_origins(case: dict[str, Any]) -> None:
    headers = {b"host": case["host"].encode()}
    if "origin" in case:
        headers[b"origin"] = case["origin"].encode()
    assert Guard(case.get("allowed", ())).refusal(headers) == case.get("refusal")
