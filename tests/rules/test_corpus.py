"""Real definitions and labelled fixtures: no false alarm, and no fewer findings than today.

The corpus lies beside the repository and is not part of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from asltool.rules import RULES, validate
from asltool.syntax.reader import read
from asltool.syntax.schema import table
from tests.rules.codes import structure_codes

SHARED = Path(__file__).parents[2].parent / "shared"
CORPUS = SHARED / "validation"
RECORDED = SHARED / "conformance"
CHECKED = structure_codes() | {rule.name for rule in RULES}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository"),
]


def items() -> Iterator[dict[str, Any]]:
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def codes(item: dict[str, Any], severity: str | None = None) -> set[str]:
    text = item.get("text") if item["format"] == "json" else None
    found = validate(read(text or json.dumps(item["definition"]), "x"))
    return {each.code for each in found if severity in (None, each.severity)}


def test_no_false_alarm() -> None:
    good = [item for item in items() if item["label"] in ("valid", "real-world", "warning")]
    assert len(good) >= 731
    assert {item["id"]: codes(item, "error") for item in good if codes(item, "error")} == {}


def test_no_false_alarm_about_what_the_service_has_run() -> None:
    cases = [case for path in sorted(RECORDED.glob("*.json")) for case in json.loads(path.read_text("utf-8"))]
    run = [case for case in cases if case["kind"] == "execution" and isinstance(case.get("definition"), dict)]
    assert len(run) >= 411
    alarms = {
        case["id"]: [
            str(each)
            for each in validate(read(json.dumps(case["definition"]), "x"))
            if each.severity == "error"
        ]
        for case in run
    }
    assert {name: found for name, found in alarms.items() if found} == {}


def test_the_plain_schema_accepts_what_is_right() -> None:
    validator = Draft202012Validator(table())
    good = [item for item in items() if item["label"] in ("valid", "real-world", "warning")]
    assert [item["id"] for item in good if not validator.is_valid(item["definition"])] == []


def test_what_is_found() -> None:
    """How many items get a finding of the kind they are labelled with, another one, or none. May only rise.

    Nothing is found where only a placeholder, an object as Items, or YAML with a key twice is complained of.
    """
    bad = [item for item in items() if "invalid" in item["label"] and CHECKED & set(item["rules"])]
    found = Counter(
        "as labelled" if set(item["rules"]) & codes(item) else "another" if codes(item, "error") else "none"
        for item in bad
    )
    assert len(bad) >= 292
    assert found["as labelled"] >= 273
    assert found["none"] <= 3
