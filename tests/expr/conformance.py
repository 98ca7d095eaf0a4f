"""The recordings from the service, for the tests that compare with them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

__all__ = ["cases", "differences"]

FOLDER = Path(__file__).parents[3] / "shared" / "conformance"
needs_recordings = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"needs the recordings in {FOLDER.name}")


def cases(file: str) -> list[Any]:
    """Return the recorded cases of a file; none where the recordings are not."""
    path = FOLDER / file
    read: list[Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return read


def differences(expected: Any, actual: Any) -> list[str]:
    """Return what the recordings' own referee finds different."""
    spec = importlib.util.spec_from_file_location("compare", FOLDER / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    found: list[str] = compare.compare_value(expected, actual)
    return found
