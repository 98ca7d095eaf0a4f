"""Replay recorded API cases against a service in process, as ``replay_api.py`` does over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from asltool.errors import RequestError

__all__ = ["Call", "Step", "cases_of", "filled", "replay"]

Call = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]

Step = tuple[str, bool, list[str]]
"""The operation, whether its outcome is a response or the right code, and what differs."""

_REFERENCE = re.compile(r"\$\{(\d+)\.([^}]+)\}")


def cases_of(folder: Path) -> list[dict[str, Any]]:
    """Return the API cases of a folder that need no objects in S3."""
    files = sorted(folder.glob("*.json"))
    cases = [case for path in files for case in json.loads(path.read_text(encoding="utf-8"))]
    return [case for case in cases if case.get("kind") == "api" and not case.get("s3")]


async def replay(case: dict[str, Any], call: Call, referee: ModuleType, settle: Call) -> list[Step]:
    """Run the steps of a case; ``settle`` does a Wait step."""
    seen: list[Any] = []
    binds: dict[str, Any] = {}
    steps: list[Step] = []
    for step in case["steps"]:
        parameters = filled(step["params"], seen)
        if step["op"] == "Wait":
            seen.append(await settle("Wait", parameters))
            continue
        answer, error = {}, None
        try:
            answer = json.loads(json.dumps(await call(step["op"], parameters)))
        except RequestError as problem:
            error = {"code": problem.code, "message": str(problem)}
        for event in answer.get("events", []):
            event.pop("timestamp", None)
        expected = step.get("expect", {})
        found = _differences(expected, answer, error, binds, seen, referee)
        code = (error or {}).get("code"), expected.get("exception", {}).get("code", "" if error else None)
        steps.append((step["op"], code[0] == code[1], found))
        seen.append(answer)
    return steps


def filled(value: Any, seen: list[Any]) -> Any:
    """Put values of earlier responses where ``${N.path}`` stands."""
    if isinstance(value, dict):
        return {key: filled(each, seen) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, seen) for each in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _at(seen, whole[1], whole[2])
    return _REFERENCE.sub(lambda match: str(_at(seen, match[1], match[2])), value)


def _at(seen: list[Any], number: str, path: str) -> Any:
    value = seen[int(number)]
    for part in re.findall(r"[^.\[\]]+", path):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def _differences(
    expected: dict[str, Any],
    answer: dict[str, Any],
    error: dict[str, Any] | None,
    binds: dict[str, Any],
    seen: list[Any],
    referee: ModuleType,
) -> list[str]:
    found: list[str]
    if "exception" in expected:
        wanted = {
            key: expected["exception"][key] for key in ("code", "message") if key in expected["exception"]
        }
        if error is None:
            return ["an exception is expected"]
        found = referee.compare_value(wanted, {key: error[key] for key in wanted}, binds)
        return found
    if error is not None:
        return [f"unexpected {error['code']}: {error['message']}"]
    if "filtered" in expected:
        ours = set(_arns(seen))
        rows = next(value for value in answer.values() if isinstance(value, list))
        found = referee.compare_value(
            expected["filtered"], [row for row in rows if ours & {*_arns(row)}], binds
        )
        return found
    if "response" in expected:
        found = referee.compare_value(expected["response"], answer, binds)
        return found
    return []


def _arns(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [each for key, value in node.items() for each in _arns_of(key, value)]
    return [each for value in node for each in _arns(value)] if isinstance(node, list) else []


def _arns_of(key: str, value: Any) -> list[str]:
    return [value] if key.endswith("Arn") and isinstance(value, str) else _arns(value)
