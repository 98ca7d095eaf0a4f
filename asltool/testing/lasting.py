"""The part of a run's data that is the same in every run and on every computer, and so can be in a case."""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["lasting"]

_REQUEST = re.compile(r"request ?id\W{1,5}[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_REQUEST_FIELDS = ("requestid", "x-amzn-requestid", "x-amzn-trace-id")


def lasting(value: Any) -> Any:
    """Return a JSON value without request IDs and absolute paths; None if nothing remains.

    A string with one is dropped as a whole, and so is a list with one in its items, since the others' indexes
    would change.
    """
    if isinstance(value, str):
        return None if _REQUEST.search(value) or any(path in value for path in _paths()) else value
    if isinstance(value, dict):
        kept = {name: lasting(each) for name, each in value.items() if name.lower() not in _REQUEST_FIELDS}
        return {name: each for name, each in kept.items() if each is not None or value[name] is None}
    if isinstance(value, list):
        items = [lasting(each) for each in value]
        gone = any(item is None and each is not None for item, each in zip(items, value, strict=True))
        return None if gone else items
    return value


@cache
def _paths() -> list[str]:
    """Return the folders of this computer's files, as they appear in text and in JSON inside text."""
    folders = {
        Path.cwd(),
        Path.home(),
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(json.__file__).parent.parent,
    }
    texts = {str(folder) for folder in folders if len(folder.parts) > 1}
    return sorted(texts | {json.dumps(text)[1:-1] for text in texts})
