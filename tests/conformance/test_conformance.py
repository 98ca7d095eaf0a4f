"""How far asltool agrees with the recordings beside the checkout, pinned so that it can only rise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conformance.__main__ import main
from tests.conformance.report import SHARED as CORPUS

AGREED = {"cases": 695, "status": 695, "result": 695, "events": 695, "ids": 695}
"""Cases that were run, and those that agree at each level at least."""


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recordings are not there")
@pytest.mark.parametrize("driver", [[], ["--aio"]], ids=["blocking", "asyncio"])
def test_agreement_with_the_service(driver: list[str], tmp_path: Path) -> None:
    observed = tmp_path / "observed.jsonl"
    kinds = ["--kind", "execution", "--kind", "choice"]
    arguments = [str(CORPUS), *kinds, "--observed", str(observed), "--progress", *driver]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert {"enter", "leave", "error", "retry", "wait", "map"} <= {
        line.split()[0] for line in result.stderr.replace("\x1b[K", "").splitlines() if line.strip()
    }
    row = next(line for line in result.stdout.splitlines() if line.startswith("all "))
    found = dict(zip(AGREED, map(int, row.split()[1:]), strict=True))
    assert {name: count for name, count in found.items() if count < AGREED[name]} == {}
    lines = observed.read_text(encoding="utf-8").splitlines()
    assert len(lines) == found["cases"]
    assert set(json.loads(lines[0])) >= {"id", "kind", "status", "history"}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recordings are not there")
@pytest.mark.parametrize(
    ("kind", "agreed"), [("test_state", 116), ("validate", 17), ("variable_references", 12)]
)
def test_answers(kind: str, agreed: int, tmp_path: Path) -> None:
    observed = tmp_path / "observed.jsonl"
    arguments = [str(CORPUS), "--kind", kind, "--observed", str(observed)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    row = next(line for line in result.output.splitlines() if line.startswith("all "))
    assert int(row.split()[3]) >= agreed
    lines = [json.loads(line) for line in observed.read_text(encoding="utf-8").splitlines()]
    assert all(line.keys() in ({"id", "kind", "response"}, {"id", "kind", "exception"}) for line in lines)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recordings are not there")
def test_a_sample_over_http() -> None:
    result = CliRunner().invoke(main, [str(CORPUS), "--server", "--every", "8"], catch_exceptions=False)
    row = next(line for line in result.output.splitlines() if line.startswith("all "))
    assert row.split()[1:] == ["105"] * 5
