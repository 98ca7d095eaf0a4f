"""What others measured on the service, asked of it in process."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from asltool.errors import RequestError
from tests.conformance.report import SHARED
from tests.service.recorded import filled
from tests.service.world import World

FACTS = SHARED.parent / "measured" / "facts.jsonl"

CASES = [
    pytest.param(case, id=case["id"])
    for case in map(json.loads, FACTS.read_text(encoding="utf-8").splitlines() if FACTS.is_file() else ())
    if case["kind"] == "api"
]


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts are not there")
@pytest.mark.parametrize("case", CASES)
def test_measured_facts(case: dict[str, Any]) -> None:
    asyncio.run(_run(case))


async def _run(case: dict[str, Any]) -> None:
    seen: list[Any] = []
    async with World(account="111111111111") as world:
        for step in case["steps"]:
            request = filled(step["params"], seen)
            if step["op"] == "Wait":
                await world.wait(1000)
                seen.append({})
                continue
            try:
                answer, refused = await world.call(step["op"], request), {}
            except RequestError as problem:
                answer, refused = {}, {"code": problem.code, "message": str(problem)}
            seen.append(answer)
            check(step, answer, refused)


def check(step: dict[str, Any], answer: dict[str, Any], refused: dict[str, str]) -> None:
    wanted = step.get("expect", {}).get("exception", {})
    assert wanted.items() <= refused.items(), refused
    assert bool(wanted) == bool(refused)
    for field, value in step.get("expectIncludes", {}).items():
        assert answer[field] == value
    assert not answer.keys() & set(step.get("expectAbsent", ()))
    for field, names in step.get("expectKeys", {}).items():
        assert sorted(answer[field]) == sorted(names)
