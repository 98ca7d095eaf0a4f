"""What `validate --fix` offers keeps the meaning.

A definition that runs goes on to run as before, event for event; a fix changes what a definition does only
where the definition could not run without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import asltool
from asltool.errors import DefinitionError, ExpressionError
from asltool.machine import Machine
from asltool.testing.explore import explore
from asltool.testing.explore.scripts import run_script
from tests.syntax.test_fixes import FIXES, fixed, misspelt

CORPUS = Path(__file__).parent.parent.parent.parent / "shared" / "validation" / "real-world.jsonl"
_RUNS = 60
"""How many inputs and outcomes are tried on one definition."""
OLDER = {"ItemProcessor": "Iterator", "ItemSelector": "Parameters"}


def runnable(text: str) -> Machine | None:
    """Return the machine of a text in JSON; None if it cannot run."""
    try:
        machine = asltool.load(json.loads(text))
        _ = machine.program
    except (DefinitionError, ExpressionError):
        return None
    return machine


def assert_means_the_same(before: str) -> int:
    """Run a text and the fixed text on inputs that explore the former. Return the number of runs."""
    after = fixed(before, "a.asl.json")
    old, new = runnable(before), runnable(after)
    if after == before or old is None:
        return 0
    assert new is not None
    runs = iter(range(_RUNS))
    found = explore(old, go_on=lambda: next(runs, None) is not None).found
    for each in found:
        one, other = each.trial.run, run_script(new, each.trial.script).run
        assert (one.status, one.error, one.cause) == (other.status, other.error, other.cause)
        assert one.history == other.history
    return len(found)


def aged(value: Any) -> Any:
    """Return a definition with the older names of the fields of each Map."""
    if isinstance(value, list):
        return [aged(item) for item in value]
    if not isinstance(value, dict):
        return value
    older = OLDER if value.get("Type") == "Map" and not value.keys() & OLDER.values() else {}
    return {older.get(name, name): aged(item) for name, item in value.items()}


def real() -> Iterator[str]:
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        definition = json.loads(line)["definition"]
        if definition is not None and '"Map"' in json.dumps(definition):
            yield json.dumps(aged(definition), indent=2)


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpus is not beside the repository")
def test_real_definitions_with_older_names_run_as_before() -> None:
    assert sum(map(assert_means_the_same, real())) >= 150


def test_cases_run_as_before() -> None:
    texts = ["\n".join(case["before"]) for case in FIXES if case["path"] == "a.asl.json"]
    assert sum(map(assert_means_the_same, texts)) >= 1


@given(misspelt())
@settings(max_examples=40)
def test_a_misspelt_definition_that_runs_runs_as_before(text: str) -> None:
    assert_means_the_same(text)
