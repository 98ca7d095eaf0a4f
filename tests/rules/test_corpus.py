"""Real definitions and labelled fixtures: no false alarm, and no fewer findings than today.

The corpus lies beside the repository and is not part of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from asltool.rules import validate
from asltool.syntax.reader import read
from asltool.syntax.schema import table

SHARED = Path(__file__).parents[2].parent / "shared"
CORPUS = SHARED / "validation"
RECORDED = SHARED / "conformance"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository"),
]


def items() -> Iterator[dict[str, Any]]:
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def codes(item: dict[str, Any], severity: str | None = None) -> set[str]:
    text = item.get("text") or json.dumps(item["definition"])
    document = read(text, "x.yaml" if item["format"] == "yaml" and "text" in item else "x")
    found = validate(replace(document, machine_type=item.get("machine_type")))
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


BROADER = {
    "choice-operand-type": "wrong-type",
    "choice-rule-nested-next": "next-or-end-forbidden",
    "choices-empty": "empty-not-allowed",
    "field-wrong-query-language": "unknown-field",
    "intrinsic-not-allowed-here": "json-path-invalid",
    "next-crosses-scope": "next-not-found",
    "payload-template-not-string": "json-path-or-intrinsic-invalid",
}
"""Narrow names of ours, and the name that the label of a like item has now and then."""


def test_what_is_found() -> None:
    """How many items get a finding of the kind they are labelled with, another one, or none. May only rise.

    Nothing is found where only a placeholder, an object as Items, or YAML with a key twice is complained of.
    """
    bad = [item for item in items() if "invalid" in item["label"]]
    assert len(bad) >= 371
    found: Counter[str] = Counter()
    for item in bad:
        reported, labels = codes(item, "error"), set(item["rules"])
        found["reported"] += bool(reported)
        found["as labelled"] += bool(labels & codes(item))
        found["of the kind"] += bool(labels & (reported | {BROADER.get(code, code) for code in reported}))
    assert found["reported"] >= 368
    assert found["as labelled"] >= 352
    assert found["of the kind"] >= 365


def test_what_is_warned_of() -> None:
    doubtful = [item for item in items() if item["label"] == "warning"]
    assert len(doubtful) >= 17
    assert [item["id"] for item in doubtful if not set(item["rules"]) & codes(item, "warning")] == []
