"""The short form of `tests.fuzz`: some mutants of every kind, the same each time."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import KINDS
from tests.fuzz.trial import trial

COUNTS = {"definition": 60, "source": 40, "project": 40, "cases": 20, "coverage": 30}
"""Those that take longest to read; of all others there are more."""


@pytest.mark.parametrize("kind", KINDS)
def test_mutants_are_answered(kind: str) -> None:
    for number in range(COUNTS.get(kind, 80)):
        tried = trial(kind, 0, number, wide=False)
        assert tried.problem is None, (
            f"--seed 0 --only {kind} --number {number}\n{tried.problem}\n{tried.text}"
        )
