"""Requests and their answers, as data: ``tests/cases/service``.

A case is a list of steps: an operation with its request, and ``answer`` (the whole response), ``has`` (fields
of it), ``refused`` (code and message) or ``code``. ``wait`` lets seconds pass. ``<word>`` stands for any
value, ``${N.path}`` for one in the response of step N, counted from 0; ``#{text * N}`` for a text N times.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from asltool.errors import RequestError
from tests.service.recorded import filled
from tests.service.world import World

FOLDER = Path(__file__).parent.parent / "cases" / "service"
WORDS = {"answer", "code", "has", "refused", "wait"}
REPEATED = re.compile(r"#\{(.*?) \* (\d+)\}")
DEFINITIONS = {
    "PASS": '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
    "WAIT": '{"StartAt": "A", "States": {"A": {"Type": "Wait", "SecondsPath": "$.seconds", "End": true}}}',
}


def load() -> list[Any]:
    files = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
    }
    return [
        pytest.param(steps, id=f"{stem}: {name}")
        for stem, cases in files.items()
        for name, steps in cases.items()
    ]


def expanded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: expanded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [expanded(each) for each in value]
    if isinstance(value, str):
        for name, definition in DEFINITIONS.items():
            value = value.replace(f"#{{{name}}}", definition)
        return REPEATED.sub(lambda match: match[1] * int(match[2]), value)
    return value


def fits(expected: Any, found: Any) -> bool:
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(fits(expected[key], found[key]) for key in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(fits, expected, found))
    if isinstance(expected, str) and re.fullmatch(r"<[a-z ]+>", expected):
        return found is not None
    return bool(expected == found) and isinstance(expected, bool) == isinstance(found, bool)


async def run(steps: list[dict[str, Any]]) -> None:
    seen: list[Any] = []
    async with World() as world:
        for number, step in enumerate(steps):
            await world.wait(step.get("wait", 0))
            operation = next((key for key in step if key not in WORDS), None)
            if operation is None:
                seen.append({})
                continue
            request = filled(expanded(step[operation]), seen)
            try:
                answer, refused = await world.call(operation, request), None
            except RequestError as problem:
                answer, refused = {}, {problem.code: str(problem)}
            seen.append(answer)
            check(number, filled(expanded(step), seen), answer, refused)


def check(number: int, step: dict[str, Any], answer: dict[str, Any], refused: dict[str, str] | None) -> None:
    place = f"step {number}"
    if "code" in step or "refused" in step:
        assert refused is not None, f"{place} was answered: {answer}"
        assert step.get("code") in (None, *refused), place
        assert step.get("refused", refused) == refused, place
        return
    assert refused is None, place
    if "answer" in step:
        assert fits(step["answer"], answer), f"{place}: {answer}"
    chosen = {key: answer.get(key) for key in step.get("has", {})}
    assert fits(step.get("has", {}), chosen), f"{place}: {answer}"


@pytest.mark.parametrize("steps", load())
def test_case(steps: list[dict[str, Any]]) -> None:
    asyncio.run(run(steps))
