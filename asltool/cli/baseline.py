"""``--baseline``: today's findings, recorded so that only new ones are reported.

A finding is identified by its file, rule and message, not by its line. If a finding was recorded twice, two
equal findings are left out.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asltool.cli.checking import Checked
from asltool.errors import OptionError
from asltool.expr.encodings import bytes_of
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.sources.files import UNREADABLE

__all__ = ["new_since", "record"]

_VERSION = 1
_Key = tuple[str, str, str]


def new_since(checked: Sequence[Checked], baseline: Path) -> list[Checked]:
    """Return the findings that are not in a baseline.

    Raises:
        OptionError: the file is not a baseline.
        OSError: it cannot be read.
    """
    known = _read(baseline)
    return [file._replace(diagnostics=tuple(_new(file, known, baseline))) for file in checked]


def _new(file: Checked, known: Counter[_Key], baseline: Path) -> list[Diagnostic]:
    kept = []
    for diagnostic in file.diagnostics:
        key = _key(diagnostic, baseline)
        if known[key] > 0 and diagnostic.code != UNREADABLE:
            known[key] -= 1
        else:
            kept.append(diagnostic)
    return kept


def record(checked: Sequence[Checked], baseline: Path) -> int:
    """Write the findings to a baseline, and return their number.

    Raises:
        OSError: the file cannot be written.
    """
    found = [each for file in checked for each in file.diagnostics if each.code != UNREADABLE]
    counts = Counter(_key(each, baseline) for each in found)
    findings = [
        {"path": path, "rule": rule, "message": message, "count": count}
        for (path, rule, message), count in sorted(counts.items())
    ]
    text = json.dumps({"version": _VERSION, "findings": findings}, indent=2, ensure_ascii=False)
    baseline.write_text(f"{text}\n", encoding="utf-8")
    return len(found)


def _key(diagnostic: Diagnostic, baseline: Path) -> _Key:
    """Paths are relative to the baseline's folder, so it works from any current folder."""
    path = os.path.relpath(diagnostic.path, baseline.parent)
    return Path(path).as_posix(), diagnostic.code, diagnostic.message


def _read(baseline: Path) -> Counter[_Key]:
    try:
        value: Any = json.loads(bytes_of(baseline))
        if value["version"] != _VERSION:
            raise ValueError("an unsupported version")
        findings = value["findings"]
        return Counter(
            {(str(one["path"]), str(one["rule"]), str(one["message"])): int(one["count"]) for one in findings}
        )
    except (KeyError, TypeError, ValueError, RecursionError):
        raise OptionError(f"{baseline} is not a baseline. delete it to record a new one") from None
